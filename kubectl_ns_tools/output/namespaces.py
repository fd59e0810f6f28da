"""The namespaces of clusters as text and as data."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from kubectl_ns_tools.cluster.quotas import Use, fullest
from kubectl_ns_tools.output.age import age
from kubectl_ns_tools.output.document import document_text
from kubectl_ns_tools.output.expiry import expires, is_expired
from kubectl_ns_tools.output.table import columns
from kubectl_ns_tools.templates.annotations import REQUESTER_ANNOTATION, TEMPLATE_ANNOTATION

if TYPE_CHECKING:
    from kubectl_ns_tools.output.choices import Choice

_NOT_CHECKED = "<forbidden>"
_OPENSHIFT_REQUESTER = "openshift.io/requester"  # github.com/openshift/api project/v1


class Listed(NamedTuple):
    """A namespace and what is known of it.

    namespace: as the API gives it; context: "" where there is only one; is_current: whether it is the
    context's; quotas: None when they may not be listed; drift: a Drift's value, "" without a template, or
    when it was not compared.
    """

    namespace: Mapping[str, Any]
    context: str = ""
    is_current: bool = False
    quotas: Sequence[Mapping[str, Any]] | None = ()
    drift: str = ""

    @property
    def name(self) -> str:
        return _name(self.namespace)

    @property
    def status(self) -> str:
        return str((self.namespace.get("status") or {}).get("phase", ""))

    @property
    def created(self) -> str:
        return str(self.namespace["metadata"].get("creationTimestamp") or "")

    @property
    def template(self) -> str:
        return self._annotation(TEMPLATE_ANNOTATION)

    @property
    def owner(self) -> str:
        """Who asked for it."""
        return self._annotation(REQUESTER_ANNOTATION) or self._annotation(_OPENSHIFT_REQUESTER)

    @property
    def expires(self) -> str:
        return expires(self.namespace)

    @property
    def use(self) -> Use | None:
        return fullest(self.quotas or ())

    @property
    def quota(self) -> str:
        return _NOT_CHECKED if self.quotas is None else _use(self.use)

    @property
    def why(self) -> str:
        """Why it does not go."""
        if not (self.namespace.get("status") or {}).get("conditions"):
            return ""
        from kubectl_ns_tools.deletion.stuck.conditions import bad_conditions

        return "; ".join(condition.sentence for condition in bad_conditions(self.namespace))

    def _annotation(self, key: str) -> str:
        return str((self.namespace["metadata"].get("annotations") or {}).get(key, ""))


class _Column(NamedTuple):
    """always: shown even when no namespace has something to say there; wide: with -o wide alone, which shows
    every column."""

    header: str
    cell: Callable[[Listed], str]
    always: bool = False
    wide: bool = False


_CONTEXT = _Column("CONTEXT", lambda row: row.context, always=True)
_STATE = (
    _Column("TEMPLATE", lambda row: row.template, always=True),
    _Column("DRIFT", lambda row: row.drift, wide=True),
    _Column("QUOTA", lambda row: row.quota, always=True),
    _Column("OWNER", lambda row: row.owner, wide=True),
    _Column("EXPIRES", lambda row: row.expires),
    _Column("WHY", lambda row: row.why),
)


def render_namespaces(listed: Sequence[Listed], output: str, at: datetime) -> str:
    """output: "table", "wide", "name", "json" or "yaml" (a List, as kubectl gives it, each item with a
    `summary` of what is known besides); at: the present, for ages."""
    if output == "name":
        return "\n".join(f"namespace/{row.name}" for row in listed)
    if output in ("json", "yaml"):
        items = [{**row.namespace, "summary": _summary(row, at)} for row in listed]
        return document_text({"apiVersion": "v1", "kind": "List", "items": items}, output)
    shown = [column for column in _columns(at) if _is_shown(column, listed, output == "wide")]
    rows = [[column.cell(row) for column in shown] for row in listed]
    return columns(rows, [column.header for column in shown])


def state_of(row: Listed) -> tuple[str, ...]:
    """What is shown of it, the age aside: another one is worth telling."""
    return (row.status, "*" if row.is_current else "", *(column.cell(row) for column in _STATE))


def namespace_choices(namespaces: Sequence[Mapping[str, Any]], current: str, at: datetime) -> "list[Choice]":
    """The rows of a picker, as the API orders them; at: the present, for ages."""
    return [_choice(Listed(item, is_current=_name(item) == current), at) for item in namespaces]


def _choice(row: Listed, at: datetime) -> "Choice":
    from kubectl_ns_tools.output.choices import Choice

    def details() -> list[tuple[str, str]]:
        return [("status", row.status), ("age", age(row.created, at)), ("template", row.template)]

    notes = ("being deleted",) if row.namespace["metadata"].get("deletionTimestamp") else ()
    return Choice(row.name, details, row.is_current, notes)


def _columns(at: datetime) -> list[_Column]:
    return [
        _Column("CURRENT", lambda row: "*" if row.is_current else " ", always=True),
        _CONTEXT,
        _Column("NAME", lambda row: row.name, always=True),
        _Column("STATUS", lambda row: row.status, always=True),
        _Column("AGE", lambda row: age(row.created, at), always=True),
        *_STATE,
    ]


def _is_shown(column: _Column, listed: Sequence[Listed], wide: bool) -> bool:
    if column is _CONTEXT:
        return any(row.context for row in listed)
    return wide or column.always or (not column.wide and any(column.cell(row) for row in listed))


def _summary(row: Listed, at: datetime) -> dict[str, Any]:
    told: dict[str, Any] = {
        "context": row.context,
        "template": row.template,
        "drift": row.drift,
        "owner": row.owner,
        "quota": row.quota,
        "expires": row.expires,
    }
    return {**{key: value for key, value in told.items() if value}, "expired": is_expired(row.namespace, at)}


def _use(use: Use | None) -> str:
    return f"{use.share:.0%} {use.resource}" if use else ""


def _name(namespace: Mapping[str, Any]) -> str:
    return str(namespace["metadata"]["name"])
