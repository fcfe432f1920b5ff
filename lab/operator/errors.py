"""What stops a sync (pkg/operator/controller.go, `permanentError`)."""


class SyncError(Exception):
    """Something is wrong; it is tried again, and shows as Progressing."""


class PermanentError(SyncError):
    """Only a change of the configuration helps; shows as Degraded with `reason`."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
