"""Names that AWS takes."""

import ipaddress
import re

RESERVED_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
RESERVED_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def bucket_name_problem(name: str) -> str | None:
    """What is wrong with it (S3 User Guide, "General purpose bucket naming rules")."""
    if not 3 <= len(name) <= 63:
        return f"has {len(name)} characters, not 3 to 63"
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*[a-z0-9]", name):
        return "may hold a-z, 0-9, hyphen and dot, a letter or digit first and last"
    if ".." in name:
        return "has two dots in a row"
    try:
        ipaddress.IPv4Address(name)
        return "is an IP address"
    except ValueError:
        pass
    for each in RESERVED_PREFIXES:
        if name.startswith(each):
            return f"begins with {each}, which is reserved"
    for each in RESERVED_SUFFIXES:
        if name.endswith(each):
            return f"ends with {each}, which is reserved"
    return None
