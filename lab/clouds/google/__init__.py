"""The lab's Google Cloud: a storage emulator held to Google's rules, with IAM, KMS and projects as
far as a registry needs them, and a stand-in for Pulumi's Google Cloud plugin."""

PROJECT, NUMBER = "platform-shared", "314159265359"
"""The one project that the lab's administrator has."""
OTHER, OTHER_NUMBER = "somebody-elses", "271828182846"
"""Somebody else's: names of buckets are one in the whole world."""
ADMINISTRATOR = "lab-admin"
"""The service account that owns a project."""


def email(account: str, project: str = PROJECT) -> str:
    return f"{account}@{project}.iam.gserviceaccount.com"
