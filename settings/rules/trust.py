"""Whom the registry trusts (settings/trust_checks.py, settings/trust_guards.py)."""

from settings.rules.rule import OPERATOR, Rule

RULES = {
    "pem": Rule(
        "Text without PEM certificates, or with a block that is none: half a block, lost line "
        "breaks, base64 of it, a private key. Comments around the blocks are let pass.",
        "Whoever reads it skips what it does not understand, and trusts or shows nothing.",
    ),
    "trust:host": Rule(
        "A key of the map that is not `host` or `host..port`: a URL, a path, `host:port`, capital "
        "letters, the name of a file, the cluster's own registry, more than 253 characters.",
        "The nodes and the registry look for the host they talk to, and for nothing else (guide "
        "2.7); the map's keys are written over the operator's own "
        f"({OPERATOR} pkg/resource/caconfig.go).",
    ),
    "trust:nobody": Rule("A map without certificates.", "It would say nothing."),
    "trust:owner": Rule(
        "`create` or `adopt` of a map that the cluster brings along.", "It has an owner already."
    ),
    "trust:expiry": Rule(
        "A CA that has expired, or expires within 30 days.",
        "Then the registry is not trusted any more.",
        warning=True,
    ),
    "trust:not-ca": Rule(
        "A certificate that is neither a CA's nor signed by itself.",
        "It is trusted until the registry gets its next one.",
        warning=True,
    ),
    "trust:serial": Rule(
        "A certificate with a negative serial number.",
        "What is built with Go 1.23 or later can't read it (crypto/x509 parser.go).",
        warning=True,
    ),
    "guard:immutable": Rule(
        "`create` or `adopt` of a live map or secret that is immutable; of a map that already has "
        "what the stack file says, it is let pass.",
        "The API server takes no change of it.",
    ),
    "guard:trust-foreign": Rule(
        "A live image.config that refers to another map, which this stack has not set.",
        "The CAs in it would not be trusted any more, unnoticed.",
    ),
    "guard:trust-injected": Rule(
        "`create` or `adopt` of a map that the cluster network operator fills.",
        "It writes over everything else in it.",
    ),
    "guard:trust-lost": Rule(
        "`adopt` of a map with keys that the stack file does not name.",
        "The CAs in them would not be trusted any more.",
    ),
    "guard:trust-used": Rule(
        "`use` of a map with keys that are no registries, or texts that are no certificates.",
        "Nobody would be trusted by them.",
    ),
    "guard:trust-doubt": Rule(
        "`use` of a map with certificates that expire or are no CA's.",
        "As for maps that are written here.",
        warning=True,
    ),
}
