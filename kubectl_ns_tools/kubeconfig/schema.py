"""What kubectl's decoder accepts in a kubeconfig, and its words for what it does not.

Source: client-go tools/clientcmd/api/v1 (types.go, conversion.go), decoded by type after goyaml.v2.
"""

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from kubectl_ns_tools.goyaml import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    construct,
    resolved,
    scalar_value,
    value_of,
)

Found = tuple[int, str]

STRING, BOOL, DATA, STRINGS, ANYTHING = "string", "bool", "[]byte", "[]string", "anything"
_CONTEXT = {"cluster": STRING, "user": STRING, "namespace": STRING}
_CLUSTER = {
    "server": STRING,
    "tls-server-name": STRING,
    "insecure-skip-tls-verify": BOOL,
    "certificate-authority": STRING,
    "certificate-authority-data": DATA,
    "proxy-url": STRING,
    "disable-compression": BOOL,
}
_USER = {
    "client-certificate": STRING,
    "client-certificate-data": DATA,
    "client-key": STRING,
    "client-key-data": DATA,
    "token": STRING,
    "tokenFile": STRING,
    "as": STRING,
    "as-uid": STRING,
    "as-groups": STRINGS,
    "username": STRING,
    "password": STRING,
}

# list key -> (key of the body in an item, Go's name of the item type, fields of the body)
SECTIONS = {
    "clusters": ("cluster", "NamedCluster", _CLUSTER),
    "users": ("user", "NamedAuthInfo", _USER),
    "contexts": ("context", "NamedContext", _CONTEXT),
}


def problems_of(root: Node, source: str) -> Iterator[Found]:
    """(line, text) for everything that makes kubectl refuse a file with this root."""
    return _Checker(source).problems(root)


class _Checker:
    def __init__(self, source: str) -> None:
        self._source = source

    def problems(self, root: Node) -> Iterator[Found]:
        top = resolved(root)
        if not isinstance(top, Mapping):
            yield _line(top), f"a kubeconfig is an object, not a {self._go_type(top)}"
            return
        yield from self._header(top)
        yield from self._typed(top, "current-context", STRING, "Config")
        for section in SECTIONS:
            yield from self._section(top, section)

    def _header(self, top: Mapping) -> Iterator[Found]:
        kind, version = (self._value(value_of(top, key)) for key in ("kind", "apiVersion"))
        if kind not in (None, "", "Config") or version not in (None, "", "v1"):
            where = value_of(top, "kind") or value_of(top, "apiVersion") or top
            yield _line(where), f'no kind "{kind}" is registered for version "{version}"'

    def _section(self, top: Mapping, section: str) -> Iterator[Found]:
        node = value_of(top, section)
        if node is None or self._is_null(node):
            return
        items = resolved(node)
        if not isinstance(items, Sequence):
            yield self._unmarshal(node, f"Config.{section}", f"[]{SECTIONS[section][1]}")
            return
        for item in items.items:
            yield from self._item(item, section)
        yield from self._duplicates(items, section)

    def _duplicates(self, items: Sequence, section: str) -> Iterator[Found]:
        first_lines: dict[str, int] = {}
        go_type = SECTIONS[section][1]
        for item in items.items:
            name = self._value(value_of(item, "name"))
            if not isinstance(name, str):
                continue
            if name in first_lines:
                words = f'error converting *[]{go_type} into a map: duplicate name "{name}" in list'
                yield _line(item), f"{words} (first in line {first_lines[name]})"
            first_lines.setdefault(name, _line(item))

    def _item(self, item: Node, section: str) -> Iterator[Found]:
        body_key, go_type, fields = SECTIONS[section]
        if not isinstance(resolved(item), Mapping):
            if not self._is_null(item):
                yield self._unmarshal(item, f"Config.{section}", go_type)
            return
        yield from self._typed(item, "name", STRING, f"{go_type}.{section}")
        body = value_of(item, body_key)
        if body is None or self._is_null(body):
            return
        if not isinstance(resolved(body), Mapping):
            yield self._unmarshal(body, f"{go_type}.{section}.{body_key}", go_type.removeprefix("Named"))
            return
        for field, kind in fields.items():
            yield from self._typed(body, field, kind, f"{go_type}.{section}.{body_key}")

    def _typed(self, node: Node, key: str, kind: str, where: str) -> Iterator[Found]:
        field = value_of(node, key)
        made = self._value(field)
        if field is None or made is None or _fits(made, kind):
            return
        if kind == DATA and isinstance(made, str):
            yield _line(field), f"illegal base64 data in {where}.{key}"
        else:
            yield self._unmarshal(field, f"{where}.{key}", kind)

    def _unmarshal(self, node: Node, where: str, kind: str) -> Found:
        got = self._go_type(resolved(node))
        return _line(node), f"json: cannot unmarshal {got} into Go struct field {where} of type {kind}"

    def _value(self, node: Node | None) -> Any:
        return construct(node, self._source)

    def _is_null(self, node: Node) -> bool:
        target = resolved(node)
        return isinstance(target, Scalar) and scalar_value(target, self._source) is None

    def _go_type(self, node: Node) -> str:
        """Go's word for the JSON type of a value."""
        if isinstance(node, Mapping):
            return "object"
        if isinstance(node, Sequence):
            return "array"
        names = {bool: "bool", int: "number", float: "number", str: "string"}
        return names.get(type(self._value(node)), "null")


def _line(node: Node) -> int:
    return node.span.start.line


def _fits(value: Any, kind: str) -> bool:
    if kind == BOOL:
        return isinstance(value, bool)
    if kind == STRINGS:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, str) and (kind == STRING or _is_base64(value))


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
