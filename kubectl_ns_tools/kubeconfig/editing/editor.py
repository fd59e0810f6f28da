"""Edits of one kubeconfig, made in its text and in its model side by side, and compared at the end.

The text is changed by splices; the model (plain values) says what was meant. An edit whose text does not
read back as the model is refused, so that no odd file is ever half understood and written.
"""

import codecs
import copy
from typing import Any

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.goyaml import (
    Alias,
    Mapping,
    Node,
    Scalar,
    Sequence,
    YamlError,
    construct,
    find,
    pair_of,
    parse_first,
    resolved,
    walk,
)
from kubectl_ns_tools.kubeconfig.editing import removal, splice
from kubectl_ns_tools.kubeconfig.editing.splice import Splice
from kubectl_ns_tools.kubeconfig.reading.document import KubeconfigFile

_HEADER = ("apiVersion: v1", "kind: Config")


class Editor:
    """A kubeconfig being edited. Raises Refused at once for a file that kubectl would not read."""

    def __init__(self, file: KubeconfigFile) -> None:
        if file.problems:
            raise Refused(
                str(file.problems[0]), "kubectl refuses this file; mend the line, nothing was written"
            )
        if file.bom in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            raise Refused(
                f"{file.path}: UTF-16 is read but not written", "convert it: iconv -f UTF-16 -t UTF-8"
            )
        self._path = file.path
        self._bom = file.bom
        self.text = file.text
        self._model: dict[str, Any] = copy.deepcopy(file.model)
        self._root = file.root
        self._content_end = file.content_end

    @property
    def current_context(self) -> str:
        """The file's own current-context, as it is meant to be; "" for none."""
        return str(self._model.get("current-context") or "")

    def put(self, value: str, *path: str | int) -> None:
        """Set the text at a path of keys and indexes; the last key, and mappings on the way, may be new."""
        if self._has(value, *path):
            return
        self._open()
        self._unshare(*path)
        parent, key = find(self._node(), *path[:-1]), str(path[-1])
        if parent is None or not isinstance(mapping := resolved(parent), Mapping):
            self._replace_null(path, value)
        elif pair := pair_of(mapping, key):
            self._splice(splice.replace_value(self.text, pair[0], pair[1], value))
        elif mapping.pairs or mapping.flow:
            self._splice(splice.insert_pair(self.text, mapping, key, value))
        self._model_at(*path[:-1])[key] = value

    def append(self, section: str, *items: dict[str, Any]) -> None:
        """Add items at the end of a top-level list, which may be missing, null or empty."""
        self._open()
        self._unshare_way(section)
        root = resolved(self._node())
        assert isinstance(root, Mapping)
        pair = pair_of(root, section)
        if pair is None:
            self._splice(splice.insert_pair(self.text, root, section, list(items)))
        elif isinstance(sequence := resolved(pair[1]), Sequence) and sequence.items:
            self._splice(splice.append_items(self.text, sequence, items))
        else:
            self._splice(splice.first_items(self.text, root, pair[0], pair[1], items))
        self._model[section] = [*(self._model.get(section) or []), *copy.deepcopy(items)]

    def drop(self, *path: str | int) -> None:
        """Take out a key of a mapping, or an item of a top-level list; what is not there needs no taking."""
        if self._root is None:
            return
        self._unshare(*path)
        parent, last = find(self._node(), *path[:-1]), path[-1]
        owner = resolved(parent) if parent is not None else None
        if isinstance(last, int) and isinstance(owner, Sequence):
            key = pair_of(self._node(), str(path[-2]))
            assert key is not None
            self._splice(removal.remove_item(self.text, key[0], owner, last))
            del self._model[str(path[-2])][last]
        elif isinstance(owner, Mapping):
            while pair := pair_of(resolved(find(self._node(), *path[:-1]) or owner), str(last)):
                mapping = resolved(find(self._node(), *path[:-1]) or owner)
                assert isinstance(mapping, Mapping)
                self._splice(removal.remove_pair(self.text, mapping, pair))
            self._model_at(*path[:-1]).pop(str(last), None)

    def index_of(self, section: str, name: str) -> int | None:
        """The index of the item with this name in a top-level list, None if there is none."""
        items = self._model.get(section) or []
        named = (
            index for index, item in enumerate(items) if isinstance(item, dict) and item.get("name") == name
        )
        return next(named, None)

    def item(self, section: str, index: int) -> dict[str, Any]:
        """An item of a top-level list, as it is meant to be."""
        item: dict[str, Any] = self._model[section][index]
        return item

    def finished(self) -> bytes:
        """The new bytes, read again and found to mean what was intended. Raises Refused if they do not, or if
        kubectl would not take that, such as a name that is there twice."""
        data = self._bom + self.text.encode()
        again = KubeconfigFile(self._path, data)
        if again.problems:
            raise self._not_understood(again.problems[0].text)
        if again.model != self._model:
            raise self._not_understood("the edited text would not mean what was asked for")
        return data

    def _not_understood(self, problem: str) -> Refused:
        hint = "nothing was written; this file's style is beyond a safe edit: please report it"
        return Refused(f"{self._path}: cannot edit safely: {problem}", hint)

    def _node(self) -> Node:
        assert self._root is not None
        return self._root

    def _splice(self, splices: list[Splice]) -> None:
        self.text = splice.spliced(self.text, splices)
        try:
            document = parse_first(self.text, self._path)
        except YamlError as error:
            raise self._not_understood(error.problem) from error
        self._root = document.root if document else None

    def _open(self) -> None:
        """Give a file without content the head that kubectl gives it."""
        if self._model or not (self._root is None or isinstance(self._root, Scalar)):
            return
        newline = splice.newline_of(self.text)
        lines = newline.join(_HEADER)
        at, cut = self._content_end, []
        if self._root is not None:  # a written `null`
            span = self._root.span
            cut = [Splice(span.start.index, span.end.index, "")]
        gap = newline if at and self.text[at - 1] not in splice.BREAKS else ""
        self._splice([*cut, Splice(at, at, gap + lines + newline)])
        self._model = {"apiVersion": "v1", "kind": "Config"}

    def _unshare(self, *path: str | int) -> None:
        """Write out aliases on the path, and those elsewhere to what stands on it or below its end, so
        that the edit does not change the other places that share it."""
        self._unshare_way(*path)
        end = find(self._node(), *path)
        if end is not None and (named := [node for node in walk(end) if getattr(node, "anchor", None)]):
            inside = {id(node) for node in walk(end)}
            others = (node for node in walk(self._node()) if id(node) not in inside)
            self._write_out([node for node in others if _stands_for(node, named)])

    def _unshare_way(self, *path: str | int) -> None:
        for length in range(1, len(path) + 1):
            node = find(self._node(), *path[:length])
            if isinstance(node, Alias):
                self._write_out([node])
            elif node is not None and node.anchor:
                self._write_out([other for other in walk(self._node()) if _stands_for(other, [node])])

    def _write_out(self, aliases: list[Node]) -> None:
        written = [(node.span, splice.flow(construct(node, self._path), False)) for node in aliases]
        self._splice([Splice(span.start.index, span.end.index, text) for span, text in written])

    def _replace_null(self, path: tuple[str | int, ...], value: str) -> None:
        """The mapping that should hold the value is missing or null: write it with the value in it."""
        owner, key, last = path[:-2], str(path[-2]), str(path[-1])
        mapping = resolved(find(self._node(), *owner) or self._node())
        assert isinstance(mapping, Mapping)
        pair = pair_of(mapping, key)
        if pair is None:
            self._splice(splice.insert_pair(self.text, mapping, key, {last: value}))
        elif isinstance(pair[1], (Scalar, Alias)):
            self._splice(splice.replace_value(self.text, pair[0], pair[1], {last: value}))

    def _has(self, value: str, *path: str | int) -> bool:
        current: Any = self._model
        for part in path:
            if isinstance(part, str) and isinstance(current, dict):
                current = current.get(part)
            elif isinstance(part, int) and isinstance(current, list):
                current = current[part]
            else:
                return False
        return bool(current == value)

    def _model_at(self, *path: str | int) -> dict[str, Any]:
        current: Any = self._model
        for part in path:
            if isinstance(current, dict) and current.get(str(part)) is None:
                current[str(part)] = {}
            current = current[part]
        assert isinstance(current, dict)
        return current


def _stands_for(node: Node, targets: list[Node]) -> bool:
    return isinstance(node, Alias) and any(node.target is target for target in targets)
