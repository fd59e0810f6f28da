"""What is done to the files of every family: the same thing said four times.

By our editor, by kubectl, on plain values, and as the place in the text outside of which no byte may change.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kubectl_ns_tools.kubeconfig.editing.writer import AnyEditor
from tests.kubeconfig.families.places import Place, Places

Model = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """edit: by our editor; kubectl: its arguments; mean: on plain values; place: where the text may change.
    repeats: doing it again changes nothing."""

    id: str
    edit: Callable[[AnyEditor], None]
    kubectl: tuple[str, ...]
    mean: Callable[[Model], None]
    place: Callable[[Places], Place]
    repeats: bool = True


def alone(names: tuple[str, ...], renamed: str = "renamed", added: str = "new") -> list[Operation]:
    """Every operation on a file with contexts of these names, in the order of the file."""
    if not names:
        return [unset_current(), add(added)]
    first, last, middle = names[0], names[-1], names[len(names) // 2]
    deletions = {"first": first, "middle": middle, "last": last} if len(names) > 2 else {"only": first}
    return [
        switch(last),
        unset_current(),
        *(set_namespace(name, f"namespace of {which}") for which, name in (("first", first), ("last", last))),
        *(unset_namespace(name) for name in dict.fromkeys(names)),
        rename(middle, renamed),
        *(delete(name, which) for which, name in deletions.items()),
        add(added),
    ]


def together(names: tuple[str, ...], renamed: str, added: str) -> list[Operation]:
    """Operations to be done one after the other on one file, whose effects can all be seen at the end."""
    if not names:
        return [add(added), switch(added)]
    first, last, middle = names[0], names[-1], names[len(names) // 2]
    deleted = [delete(first, "first")] if len(names) > 1 else []
    return [
        switch(last),
        set_namespace(last, "1e3"),
        unset_namespace(middle),
        rename(middle, renamed, is_current=middle == last),
        add(added),
        *deleted,
    ]


def switch(name: str) -> Operation:
    return Operation(
        "switch",
        lambda editor: editor.put(name, "current-context"),
        ("use-context", "--", name),
        lambda model: model.update({"current-context": name}),
        lambda places: places.value("current-context"),
    )


def unset_current() -> Operation:
    return Operation(
        "unset",
        lambda editor: editor.drop("current-context"),
        ("unset", "current-context"),
        lambda model: model.pop("current-context", None),
        lambda places: places.pair("current-context"),
    )


def set_namespace(name: str, namespace: str) -> Operation:
    def edit(editor: AnyEditor) -> None:
        editor.put(namespace, "contexts", _index(editor, name), "context", "namespace")

    def mean(model: Model) -> None:
        item = _item(model, name)
        item["context"] = {**(item.get("context") or {}), "namespace": namespace}

    return Operation(
        f"set namespace of {name!r}",
        edit,
        ("set-context", f"--namespace={namespace}", "--", name),
        mean,
        lambda places: places.value("contexts", places.index_of(name), "context", "namespace"),
    )


def unset_namespace(name: str) -> Operation:
    def edit(editor: AnyEditor) -> None:
        editor.drop("contexts", _index(editor, name), "context", "namespace")

    return Operation(
        f"unset namespace of {name!r}",
        edit,
        ("set-context", "--namespace=", "--", name),
        lambda model: (_item(model, name).get("context") or {}).pop("namespace", None),
        lambda places: places.pair("contexts", places.index_of(name), "context", "namespace"),
    )


def rename(name: str, new: str, is_current: bool = False) -> Operation:
    def edit(editor: AnyEditor) -> None:
        editor.put(new, "contexts", _index(editor, name), "name")
        if is_current:
            editor.put(new, "current-context")

    def mean(model: Model) -> None:
        _item(model, name)["name"] = new
        if is_current:
            model["current-context"] = new

    def place(places: Places) -> Place:
        found = places.value("contexts", places.index_of(name), "name")
        return found.and_also(places.value("current-context")) if is_current else found

    return Operation(
        f"rename {name!r}", edit, ("rename-context", "--", name, new), mean, place, repeats=False
    )


def delete(name: str, which: str) -> Operation:
    return Operation(
        f"delete {which}",
        lambda editor: editor.drop("contexts", _index(editor, name)),
        ("delete-context", "--", name),
        lambda model: model["contexts"].remove(_item(model, name)),
        lambda places: places.item("contexts", places.index_of(name)),
        repeats=False,
    )


def add(name: str) -> Operation:
    item = {"context": {"cluster": "c", "namespace": "n-1", "user": "u"}, "name": name}

    def mean(model: Model) -> None:
        model["contexts"] = [*(model.get("contexts") or []), item]

    return Operation(
        "add",
        lambda editor: editor.append("contexts", item),
        ("set-context", "--cluster=c", "--user=u", "--namespace=n-1", "--", name),
        mean,
        lambda places: places.end_of("contexts"),
        repeats=False,
    )


def _index(editor: AnyEditor, name: str) -> int:
    index = editor.index_of("contexts", name)
    assert index is not None
    return index


def _item(model: Model, name: str) -> Model:
    return next(item for item in model["contexts"] if item and (item.get("name") or "") == name)
