"""The keys of storage that is left alone, offline and against the live cluster."""

from settings.rules.rule import OPERATOR, Rule

RULES = {
    "credentials:set": Rule(
        "Keys that are no complete set for one kind of storage.",
        f"The operator says that keys are missing, and runs no registry ({OPERATOR} pkg/storage).",
    ),
    "credentials:value": Rule(
        "A key with a line end in it.", "The line end would be part of the key."
    ),
    "credentials:keyfile": Rule(
        "A Google key file that is no JSON, is in base64, or is neither a service account's key "
        "nor a workload identity.",
        f"Google's library can't read it ({OPERATOR} pkg/storage/gcs/gcs.go).",
    ),
    "credentials:unused": Rule(
        "Keys beside storage that takes none, or that has its keys from elsewhere.",
        "Nobody would read them, or two would write them.",
    ),
    "guard:credentials-backend": Rule(
        "Keys for another kind of storage than the registry has.",
        f"The operator says that keys are missing ({OPERATOR} pkg/storage).",
    ),
}
