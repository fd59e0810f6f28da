"""Which environment variables the code looks up, read from its syntax."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

from tests.docs.markdown import ROOT

PACKAGE = ROOT / "kubectl_ns_tools"
_ENVIRONMENTS = ("environ", "environment", "_environ")


def variables() -> dict[str, set[str]]:
    """By the place of the look-up, `cluster/pod.py`, the names; "?" for one that is put together there."""
    found: dict[str, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text())
        names = {_name(path, tree, node) for node in _looked_up(tree)}
        if names:
            found[str(path.relative_to(PACKAGE))] = names
    return found


def _looked_up(tree: ast.AST) -> Iterator[ast.expr]:
    """What stands for the name in `environ.get(name)`, `environ[name]`, `name in environ`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("get", "pop") and _is_environment(node.func.value):
                yield node.args[0]
            if node.func.attr == "getenv":
                yield node.args[0]
        elif (
            isinstance(node, ast.Subscript) and _is_environment(node.value) and isinstance(node.ctx, ast.Load)
        ):
            yield node.slice
        elif isinstance(node, ast.Compare) and _is_environment(node.comparators[0]):
            yield node.left


def _is_environment(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name in _ENVIRONMENTS


def _name(path: Path, tree: ast.AST, node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if not isinstance(node, ast.Name):
        return "?"
    own = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    imported = (
        each.module
        for each in ast.walk(tree)
        if isinstance(each, ast.ImportFrom) and node.id in {alias.name for alias in each.names}
    )
    return str(getattr(importlib.import_module(next(imported, None) or own), node.id, "?"))
