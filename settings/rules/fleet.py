"""What spans stack files (fleet/shared.py)."""

from settings.rules.rule import Rule

RULES = {
    "fleet:same-cluster": Rule(
        "Two stack files with one `infrastructureName`.",
        "Both would write the same custom resource, and undo each other.",
    ),
    "fleet:same-name": Rule(
        "Two stack files with one `cluster.name`.",
        "A cluster has one stack; and two clusters of one name are taken for each other.",
    ),
    "fleet:same-bucket": Rule(
        "Two stack files with one bucket: one name in one part of AWS, or at one endpoint that is "
        "not inside a cluster. A bucket for access logs may be shared.",
        "Pruning one registry deletes layers that the other one still needs, and each clears away "
        "the other's uploads.",
    ),
}
