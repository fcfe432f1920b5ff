"""Where a property's value comes from: which resource of the stack is meant by another."""

from collections.abc import Collection, Sequence

from declare import Resource

from ._objects import text

# The properties by which one resource says whose it is, and by which another is passed on: a part
# may take its bucket from another part, a policy its user from the access key.
PASSED_ON = (
    *("bucket", "user", "role", "targetKeyId", "keyId"),
    *("serviceAccountId", "accountName", "containerName", "vaultName"),
)


def origins(resource: Resource, key: str, types: Collection[str]) -> list[Resource]:
    """The resources of these types that a property comes from.

    Known at the preview of a new stack, when the property's value is not.
    """
    found: list[Resource] = []
    seen: set[str] = set()
    todo = list(resource.property_dependencies.get(key, ()))
    while todo:
        each = todo.pop()
        if each.urn in seen:
            continue
        seen.add(each.urn)
        if each.resource_type in types:
            found.append(each)
        else:
            for name in PASSED_ON:
                todo += each.property_dependencies.get(name, ())
    return found


def is_of(part: Resource, key: str, whole: Resource, name: str, types: Collection[str]) -> bool:
    """Whether a part belongs to this one of the types, by its origin or else by its name."""
    if found := origins(part, key, types):
        return is_among(whole, found)
    said = text(part.props, key)
    return said is not None and said == text(whole.props, name)


def is_among(resource: Resource, others: Sequence[Resource]) -> bool:
    return any(each.urn == resource.urn for each in others)
