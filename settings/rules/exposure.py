"""How the registry is reached (settings/exposure_checks.py, settings/exposure_guards.py)."""

from settings.rules.rule import OPERATOR, Rule

ROUTER = "openshift/router pkg/router/routeapihelpers/validation.go"

RULES = {
    "host": Rule(
        "A host that is no lower-case DNS name, or has a scheme, a path or a port where none "
        "belongs.",
        "The route would be refused; the CRD takes any text.",
    ),
    "exposure:default-route": Rule(
        "A route called default-route.",
        f"The operator keeps the name to itself and goes Degraded ({OPERATOR} "
        "pkg/operator/complete.go).",
    ),
    "exposure:twice": Rule(
        "Two routes with one name or host, also one that the router gives; a secret that is "
        "written twice; an external host name twice.",
        f"The operator goes Degraded ({OPERATOR} pkg/operator/complete.go), the router gives a "
        "host to one route only.",
    ),
    "exposure:long-name": Rule(
        "A route without a host whose name makes a DNS label of more than 63 characters.",
        "The router could not give it one.",
    ),
    "exposure:owner": Rule(
        "`create` or `adopt` of a secret that the cluster brings along.",
        "It has an owner already.",
    ),
    "exposure:chain": Rule(
        "A first certificate that the one after it has not issued, or none in `tls.cacrt`.",
        f"Clients, or the router, refuse them ({ROUTER}).",
    ),
    "exposure:covers": Rule(
        "A certificate that is not for the route's host.", "Every client refuses it."
    ),
    "exposure:key": Rule(
        "A key of another certificate, an encrypted one, or one that is neither RSA nor ECDSA; "
        "RSA-PSS is another kind than RSA.",
        f"The router refuses it ({ROUTER}).",
    ),
    "exposure:usage": Rule(
        "A certificate that may not be a server's, or that comes from a CA that may not issue it "
        "(extendedKeyUsage, nameConstraints, critical extensions).",
        f"Clients refuse it, with a `tls.cacrt` the router too ({ROUTER}).",
    ),
    "exposure:outdated": Rule(
        "A certificate that its CA has signed with SHA-1, MD5 or MD2; one with a negative serial "
        "number or a key on a curve other than NIST's.",
        f"The router rejects it ({ROUTER}, validateCertSignatureAlgorithms).",
    ),
    "exposure:dates": Rule(
        "A route's own certificate that has expired or is not valid yet, or such an issuer of it "
        "without another one.",
        "Every client refuses it.",
    ),
    "exposure:beyond": Rule(
        "Certificates further up that have expired, are not valid yet, or lead nowhere.",
        "Clients that know no other way up refuse the first one.",
        warning=True,
    ),
    "exposure:expiry": Rule(
        "A certificate that expires within 30 days.", "Then clients refuse it.", warning=True
    ),
    "exposure:unreached": Rule(
        "An external host name that is none of the routes'.",
        "Image streams would show a name under which nothing answers.",
        warning=True,
    ),
    "exposure:in-vain": Rule(
        "Routes beside `managementState: Removed` or `Unmanaged`.",
        "The operator makes none (guide 2.5).",
        warning=True,
    ),
    "guard:secret-keys": Rule(
        "`use` of a secret without tls.crt or tls.key.",
        f"The operator reads no other keys ({OPERATOR} pkg/resource/route.go).",
    ),
    "guard:secret-ca": Rule(
        "`use` of a secret with ca.crt and no tls.cacrt.",
        f"The operator does not read it ({OPERATOR} pkg/resource/route.go).",
        warning=True,
    ),
    "guard:secret-lost": Rule(
        "`adopt` of a secret with a tls.cacrt that the stack file does not name.",
        "It would be taken out, and with it a part of the chain.",
    ),
    "guard:certificate": Rule(
        "`use` of a secret whose certificate the router or every client would refuse.",
        "As for certificates that are written here.",
    ),
    "guard:certificate-expiry": Rule(
        "`use` of a secret whose certificate expires within 30 days.",
        "Then clients refuse it.",
        warning=True,
    ),
    "guard:certificate-beyond": Rule(
        "`use` of a secret with certificates that have expired or lead nowhere beside good ones.",
        "As for certificates that are written here.",
        warning=True,
    ),
    "guard:route-foreign": Rule(
        "A route of that name that the operator has not made.", "It would be written over."
    ),
    "guard:host-taken": Rule(
        "A host that another route has already.", "The router gives it to the older one."
    ),
}
