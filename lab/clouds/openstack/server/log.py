"""Swift's log where a lab's processes have theirs; by itself it knows syslog."""

import logging


def to_stderr(
    conf: object,
    name: str,
    console: bool,
    route: str,
    fmt: str,
    logger: logging.Logger,
    own: object,
) -> None:
    """What `log_custom_handlers` names (swift, etc/proxy-server.conf-sample)."""
    logger.addHandler(logging.StreamHandler())
