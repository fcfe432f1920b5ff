"""What goes wrong in a lab."""


class LabError(Exception):
    """Something the user can act on."""
