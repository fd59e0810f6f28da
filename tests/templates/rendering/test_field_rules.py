"""The table of merge rules against the OpenAPI of a real API server."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.templates.planning.kinds import is_builtin_group
from kubectl_ns_tools.templates.rendering.field_rules import is_atomic_map, is_set, list_keys

pytestmark = pytest.mark.integration

Names = tuple[str, ...]
Rule = tuple[str, ...]
_NOT_CREATED = {"CustomResourceDefinition", "ComponentStatus", "Binding", "WatchEvent", "DeleteOptions"}


class Schemas:
    """The schemas of all built-in kinds, and the rules that a server-side apply can come to."""

    def __init__(self, connection: Connection) -> None:
        self._found: dict[str, Any] = {}
        for path, entry in connection.get("/openapi/v3")["paths"].items():
            if _is_builtin(path):  # the groups of other tests may be gone before they are read
                url, _, query = entry["serverRelativeURL"].partition("?")
                document = connection.get(url, query=dict([query.split("=", 1)]))
                self._found.update(document["components"].get("schemas", {}))

    def kinds(self) -> Iterator[tuple[str, str, Any]]:
        for schema in self._found.values():
            for each in schema.get("x-kubernetes-group-version-kind", ()):
                listed = each["kind"].endswith(("List", "Review")) or each["kind"] in _NOT_CREATED
                # what v1 takes for one value, spec.scaleTargetRef, v2 does not
                old = (each["group"], each["version"]) == ("autoscaling", "v1")
                if is_builtin_group(each["group"]) and not (listed or old):
                    yield each["group"], each["kind"], schema

    def rules(self, schema: Any, names: Names = ()) -> Iterator[tuple[Names, Rule]]:
        """Each list and mapping that is not inside one that is taken as a whole."""
        whole = self._whole(schema)
        rule = _rule(whole)
        if names and rule:
            yield names, rule
        if rule == ("atomic list",) or (names and rule == ("atomic map",)):
            return
        inside = self._whole(whole["items"]) if whole.get("type") == "array" else whole
        for name, each in inside.get("properties", {}).items():
            if name != "status" and name not in names[1:]:
                yield from self.rules(each, (*names, name))

    def _whole(self, schema: Any) -> dict[str, Any]:
        """With what it refers to; what stands beside a reference goes before it."""
        found = {key: value for key, value in schema.items() if key not in ("allOf", "$ref")}
        references = [*schema.get("allOf", ()), *([schema] if "$ref" in schema else ())]
        for reference in references:
            target = self._found[reference["$ref"].rpartition("/")[2]] if "$ref" in reference else reference
            found = {**self._whole(target), **found}
        return found


def _is_builtin(path: str) -> bool:
    """Whether a path like api/v1 or apis/apps/v1 is of Kubernetes' own."""
    return path.startswith("api/") or (path.startswith("apis/") and is_builtin_group(path.split("/")[1]))


def _rule(schema: Any) -> Rule:
    if schema.get("type") == "array":
        kind = schema.get("x-kubernetes-list-type", "atomic")
        return {"map": tuple(schema.get("x-kubernetes-list-map-keys", ())), "set": ("a set",)}.get(
            kind, ("atomic list",)
        )
    if schema.get("x-kubernetes-map-type") == "atomic":
        return ("atomic map",)
    return ("map",) if "properties" in schema or "additionalProperties" in schema else ()


def ours(group: str, kind: str, names: Names, rule: Rule) -> Rule:
    if rule in (("atomic map",), ("map",)):
        return ("atomic map",) if is_atomic_map(names) else ("map",)
    return ("a set",) if is_set(group, names) else list_keys(group, kind, names) or ("atomic list",)


def test_the_table_says_what_the_server_says(connection: Connection) -> None:
    schemas = Schemas(connection)
    seen, different = 0, set()
    for group, kind, schema in schemas.kinds():
        for names, rule in schemas.rules(schema):
            seen += 1
            said = ours(group, kind, names, rule)
            if said != rule:
                different.add(f"{kind} {'.'.join(names)}: {said}, but the server says {rule}")
    assert not different, json.dumps(sorted(different), indent=1)
    assert seen > 1000


def test_kinds_of_other_groups_have_lists_of_one_value() -> None:
    assert list_keys("example.com", "Widget", ("spec", "containers")) == ()
    assert not is_set("example.com", ("metadata", "finalizers"))
