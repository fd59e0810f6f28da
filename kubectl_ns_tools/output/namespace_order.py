"""In which order namespaces are listed: by one of their columns."""

from collections.abc import Callable, Iterable
from typing import Any

from kubectl_ns_tools.deletion.clock import moment
from kubectl_ns_tools.output.expiry import expiry_moment
from kubectl_ns_tools.output.namespaces import Listed

# kubectl's --sort-by takes a JSONPath: for what is worth sorting by, it means the same here.
_PATHS = {"metadata.name": "name", "metadata.creationTimestamp": "created", "status.phase": "status"}


def order_named(text: str) -> str:
    """The order that a person means by `text`: a word, or kubectl's path with or without its brackets and
    dot (get.RelaxedJSONPathExpression); "" for none."""
    path = text.removeprefix("{").removesuffix("}").removeprefix(".")
    word = _PATHS.get(path, text.lower())
    return word if word in _KEYS else ""


def order_names() -> list[str]:
    """What may be named."""
    return [*_KEYS, *(f".{path}" for path in _PATHS)]


def in_order(listed: Iterable[Listed], order: str) -> list[Listed]:
    """order: of `order_named`. Those without a value come last; what is equal stays as it is."""
    key = _KEYS[order]

    def value(row: Listed) -> tuple[bool, Any]:
        found = key(row)
        return (True, 0) if found in (None, "") else (False, found)

    return sorted(listed, key=value)


def _created(row: Listed) -> float | None:
    then = moment(row.created)
    return then.timestamp() if then else None


def _age(row: Listed) -> float | None:
    then = _created(row)
    return None if then is None else -then


def _fullest(row: Listed) -> float | None:
    return -row.use.share if row.use else None


_KEYS: dict[str, Callable[[Listed], Any]] = {
    "name": lambda row: row.name,
    "context": lambda row: row.context,
    "age": _age,
    "created": _created,
    "status": lambda row: row.status,
    "template": lambda row: row.template,
    "drift": lambda row: row.drift,
    "owner": lambda row: row.owner,
    "quota": _fullest,
    "expires": lambda row: expiry_moment(row.namespace),
}
