"""How Google refuses a call."""

from typing import Any

STATUS = {
    400: ("INVALID_ARGUMENT", "invalid"),
    401: ("UNAUTHENTICATED", "required"),
    403: ("PERMISSION_DENIED", "forbidden"),
    404: ("NOT_FOUND", "notFound"),
    409: ("ALREADY_EXISTS", "conflict"),
    412: ("FAILED_PRECONDITION", "conditionNotMet"),
    501: ("UNIMPLEMENTED", "notImplemented"),
}


class Refused(Exception):
    """Carries what its client is told."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def body(self) -> dict[str, Any]:
        status, reason = STATUS[self.code]
        error = {"domain": "global", "reason": reason, "message": self.message}
        return {
            "error": {
                "code": self.code,
                "message": self.message,
                "status": status,
                "errors": [error],
            }
        }


def not_played(what: str) -> Refused:
    return Refused(501, f"the lab's Google Cloud does not play {what}")
