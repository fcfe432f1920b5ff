"""Storage in a container of Swift (settings/swift_checks.py and its neighbours)."""

from settings.rules.rule import OPERATOR, Rule

DRIVER = f"{OPERATOR} pkg/storage/swift/swift.go"

RULES = {
    "swift:auth-url": Rule(
        "A URL of Keystone without scheme or host, or with a path that does not begin with /v1, "
        "/v2 or /v3.",
        f'The operator says "Incorrect Auth URL" ({DRIVER}, ensureAuthURLHasAPIVersion).',
    ),
    "swift:auth-url-missing": Rule(
        "No `authURL` with keys that are given or made, or with a container that is.",
        f"The operator knows Keystone from its own keys alone ({DRIVER}, GetConfig).",
    ),
    "swift:auth-version": Rule(
        "An `authVersion` other than 1, 2 or 3.",
        f"The operator reads a whole number ({DRIVER}, ConfigEnv).",
    ),
    "swift:versions": Rule(
        "A version in `authURL` that is not `authVersion`; an older one than 3 with what is made "
        "here or with an application credential.",
        "Keystone would not understand the registry.",
    ),
    "swift:plain-http": Rule(
        "A URL of Keystone with plain HTTP.", "Keys could be read on the way.", warning=True
    ),
    "swift:twice": Rule(
        "`domain` and `domainID`, or `tenant` and `tenantID`, together.",
        "Of the domain either is an error, of the project the name is ignored (gophercloud "
        "auth_options.go).",
    ),
    "swift:access-rules": Rule(
        "An application credential without access rules.",
        "It opens all containers of the project.",
        warning=True,
    ),
    "swift:container-name": Rule(
        "A container's name with a slash; of one that is made here, or has a credential made for "
        "it, other than letters, digits and ._-.",
        "Swift refuses the one; the other would have to be escaped in access rules.",
    ),
    "swift:credential-name": Rule(
        "A name for an application credential of other than letters, digits and ._-.",
        "It is a part of a resource's name.",
    ),
    "swift:role": Rule("A role that is no name.", "Keystone would not find it."),
}
