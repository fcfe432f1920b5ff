"""What storage in Google Cloud, Azure and Swift has in common."""

from settings.rules.rule import OPERATOR, Rule

RULES = {
    "guard:cloud-no-identity": Rule(
        "A workload identity on a cluster without an issuer of its own for service accounts.",
        "The cloud can't check its tokens.",
    ),
    "guard:cloud-secret-keys": Rule(
        "`credentials: {use: {}}` with a secret that lacks the keys of that storage.",
        f"The operator looks nowhere else ({OPERATOR} pkg/storage).",
    ),
    "guard:cloud-no-keys": Rule(
        "`credentials: {use: {}}` where neither the secret nor the operator has keys.",
        "Nobody could log in.",
    ),
}
