"""What components use of a cloud's SDK."""

import ast
from collections.abc import Iterable
from pathlib import Path


def declared(sdk: str, components: Iterable[Path]) -> set[str]:
    """Each resource and function of the SDK in these files, as module and name."""
    found = set()
    for path in components:
        tree = ast.parse(path.read_text())
        modules = set()
        for node in ast.walk(tree):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            names = {each.name for each in node.names}
            if node.module == sdk:
                modules |= names - {"Provider"}
            elif node.module.startswith(f"{sdk}."):
                found |= {f"{node.module.removeprefix(f'{sdk}.')}.{each}" for each in names}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in modules
            ):
                found.add(f"{node.func.value.id}.{node.func.attr}")
    return found
