"""What Google lets things be called, for the plugin, which refuses first, and for the service."""

import re

REGIONS = frozenset(
    {
        *("AFRICA-SOUTH1", "ASIA-EAST1", "ASIA-EAST2", "ASIA-NORTHEAST1", "ASIA-NORTHEAST2"),
        *("ASIA-NORTHEAST3", "ASIA-SOUTH1", "ASIA-SOUTH2", "ASIA-SOUTHEAST1", "ASIA-SOUTHEAST2"),
        *("AUSTRALIA-SOUTHEAST1", "AUSTRALIA-SOUTHEAST2", "EUROPE-CENTRAL2", "EUROPE-NORTH1"),
        *("EUROPE-NORTH2", "EUROPE-SOUTHWEST1", "EUROPE-WEST1", "EUROPE-WEST2", "EUROPE-WEST3"),
        *("EUROPE-WEST4", "EUROPE-WEST6", "EUROPE-WEST8", "EUROPE-WEST9", "EUROPE-WEST10"),
        *("EUROPE-WEST12", "ME-CENTRAL1", "ME-CENTRAL2", "ME-WEST1", "NORTHAMERICA-NORTHEAST1"),
        *("NORTHAMERICA-NORTHEAST2", "NORTHAMERICA-SOUTH1", "SOUTHAMERICA-EAST1"),
        *("SOUTHAMERICA-WEST1", "US-CENTRAL1", "US-EAST1", "US-EAST4", "US-EAST5", "US-SOUTH1"),
        *("US-WEST1", "US-WEST2", "US-WEST3", "US-WEST4"),
    }
)
WIDER = {"US": "multi-region", "EU": "multi-region", "ASIA": "multi-region"}
WIDER |= dict.fromkeys(("NAM4", "EUR4", "EUR5", "EUR7", "EUR8", "ASIA1"), "dual-region")
"""Cloud Storage, "Bucket locations"."""


def location_type(location: str) -> str | None:
    """None if there is no such location."""
    return "region" if location.upper() in REGIONS else WIDER.get(location.upper())


def bucket_name_problem(name: str) -> str | None:
    """Cloud Storage, "Bucket naming guidelines". One with dots has to be a domain that was proved
    to be its owner's, and the lab knows of none."""
    if not 3 <= len(name) <= 63:
        return f"has {len(name)} characters, and has to have 3 to 63"
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*[a-z0-9]", name):
        return "may have lower-case letters, digits, '-', '_' and '.', no other at its ends"
    if "." in name:
        return "has a dot, so it would have to be a domain whose owner you have proved to be"
    if name.startswith("goog") or re.search(r"google|g00gle", name):
        return "begins with goog or contains google, which Google keeps for itself"
    return None


def label_problem(labels: dict[str, str]) -> str | None:
    """Cloud Storage, "Bucket labels": the same as of all of Google's."""
    if len(labels) > 64:
        return f"are {len(labels)}, and Google takes 64"
    for key, value in labels.items():
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", key):
            return f"have the key {key!r}, which is none: a-z, 0-9, '_', '-', a letter first"
        if not re.fullmatch(r"[a-z0-9_-]{0,63}", str(value)):
            return f"have a value of {key!r} that is none: a-z, 0-9, '_' and '-', at most 63"
    return None
