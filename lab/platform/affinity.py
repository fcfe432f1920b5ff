"""Node selector terms, as a pod's node affinity and a volume's have them."""

from lab.kinds import Object


def matches(node: Object, selector: Object | None) -> bool:
    """Does one of the terms fit? (k8s.io/component-helpers scheduling/corev1/nodeaffinity)

    No selector fits every node; a term with nothing in it fits none.
    """
    if selector is None:
        return True
    labels = node["metadata"].get("labels", {})
    fields = {"metadata.name": node["metadata"]["name"]}
    for term in selector.get("nodeSelectorTerms") or []:
        expressions = term.get("matchExpressions") or []
        named = term.get("matchFields") or []
        if not expressions and not named:
            continue
        if all(_holds(each, labels) for each in expressions) and all(
            _holds(each, fields) for each in named
        ):
            return True
    return False


def _holds(requirement: Object, found: dict[str, str]) -> bool:
    key, values = requirement["key"], requirement.get("values") or []
    match requirement["operator"]:
        case "In":
            return found.get(key) in values
        case "NotIn":
            return found.get(key) not in values
        case "Exists":
            return key in found
        case "DoesNotExist":
            return key not in found
        case "Gt":
            return _whole(found.get(key)) and int(found[key]) > int(values[0])
        case "Lt":
            return _whole(found.get(key)) and int(found[key]) < int(values[0])
    return False


def _whole(text: str | None) -> bool:
    return (text or "").removeprefix("-").isdecimal()
