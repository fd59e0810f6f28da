"""A plan of one or more deletions as a file: JSON, mode 0600, to be read again by this program.

It has names and uids, no content: nothing of a Secret but its name.
"""

import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kubectl_ns_tools.deletion.hazards.hazard import Severity
from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.deletion.plan import DeletionPlan
from kubectl_ns_tools.deletion.plan_files.drift import Trace, digest, traces
from kubectl_ns_tools.deletion.plan_files.saved_plan import Cluster, PlanFile, SavedPlan
from kubectl_ns_tools.errors import Locked, NotFound, Refused

_GROUP, _VERSION = "kubectl-ns-tools", "v1"
API_VERSION, KIND = f"{_GROUP}/{_VERSION}", "DeletionPlan"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be saved of one namespace. items: what goes, all of it or a part."""

    plan: DeletionPlan
    items: Sequence[Item]
    cluster: Cluster


def plan_document(entries: Sequence[Entry], *, made: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """made: the moment, as a timestamp."""
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "creationTimestamp": made,
        "options": dict(options),
        "namespaces": [_saved(entry) for entry in entries],
    }


def _saved(entry: Entry) -> dict[str, Any]:
    plan = entry.plan
    counted = {trace.label: trace.state for trace in traces(entry.items)}
    return {
        "name": plan.namespace,
        "uid": plan.uid,
        "context": plan.context,
        "cluster": asdict(entry.cluster),
        "digest": digest(traces(entry.items)),
        "objects": [_object(item, counted) for item in entry.items],
        "unseen": [{"what": gap.what, "reason": gap.reason.value} for gap in plan.unseen],
        "hazards": [_plain(asdict(hazard)) for hazard in plan.hazards.hazards],
        "unchecked": [asdict(gap) for gap in plan.hazards.unchecked],
    }


def _plain(hazard: dict[str, Any]) -> dict[str, Any]:
    return {**hazard, "severity": hazard["severity"].value, "effect": hazard["effect"].value}


def _object(item: Item, counted: Mapping[str, str]) -> dict[str, Any]:
    """state: what a later look is compared with; objects that do not count have none."""
    resource = item.resource
    found = {
        "group": resource.group,
        "version": resource.version,
        "kind": resource.kind,
        "resource": resource.group_resource,
        "name": item.name,
        "label": item.label,
        "uid": item.uid,
        "resourceVersion": item.version,
    }
    return {**found, "state": counted[item.label]} if item.label in counted else found


def write_plan(path: str, document: Mapping[str, Any]) -> None:
    """In the place of what is there. Raises Locked where the system does not let us."""
    beside = f"{path}.{os.urandom(6).hex()}.tmp"
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(document, file, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as error:
        raise Locked(f"cannot write the plan {path}: {(error.strerror or str(error)).lower()}") from error
    finally:
        with contextlib.suppress(OSError):
            os.unlink(beside)


def read_plan(path: str) -> PlanFile:
    """Raises NotFound for no such file, Refused for one that is no plan, or was changed since it was made."""
    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
    except FileNotFoundError as error:
        raise NotFound(f"there is no plan {path}", "make one with --plan FILE") from error
    except OSError as error:
        raise Refused(f"cannot read the plan {path}: {(error.strerror or str(error)).lower()}") from error
    except (ValueError, RecursionError) as error:
        raise _wrong(path, "it is no JSON") from error
    _check_version(path, document)
    try:
        return _parsed(document)
    except KeyError as error:
        raise _wrong(path, f'"{error.args[0]}" is missing') from error
    except (TypeError, ValueError) as error:
        raise _wrong(path, str(error)) from error


def _check_version(path: str, document: Any) -> None:
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise _wrong(path, f"its kind is not {KIND}")
    group, _, version = str(document.get("apiVersion")).partition("/")
    if group != _GROUP:
        raise _wrong(path, f"its apiVersion is not {API_VERSION}")
    if version != _VERSION:
        raise Refused(
            f"the plan {path} is of another version of this program: {group}/{version}, not {API_VERSION}",
            "make a new one with --plan FILE, or use the version that made it",
        )


def _parsed(document: Mapping[str, Any]) -> PlanFile:
    plans = tuple(_plan(_mapping(each, "a namespace")) for each in _list(document, "namespaces"))
    if not plans:
        raise ValueError("it names no namespace")
    options = _mapping(document["options"], '"options"')
    for name, value in options.items():
        if not isinstance(value, bool) and not _is_texts(value):
            raise TypeError(f'the option "{name}" is neither yes or no nor a list of texts')
    return PlanFile(_text(document, "creationTimestamp"), plans, options)


def _plan(each: Mapping[str, Any]) -> SavedPlan:
    place = _mapping(each["cluster"], '"cluster"')
    found = tuple(_traces(_list(each, "objects")))
    name = _text(each, "name")
    if digest(found) != _text(each, "digest"):
        raise ValueError(f'the objects of namespace "{name}" are not those of its digest')
    cluster = Cluster(_text(place, "server"), _text(place, "uid"))
    dangers = frozenset(_dangers(_list(each, "hazards")))
    return SavedPlan(_text(each, "context"), cluster, name, _text(each, "uid"), found, dangers)


def _traces(objects: Sequence[Any]) -> Iterator[Trace]:
    for each in objects:
        if "state" in _mapping(each, "an object"):
            yield Trace(*(_text(each, key) for key in ("resource", "label", "uid", "state")))


def _dangers(hazards: Sequence[Any]) -> Iterator[tuple[str, ...]]:
    for each in hazards:
        if _text(_mapping(each, "a hazard"), "severity") == Severity.DANGER.value:
            yield (_text(each, "check"), *map(str, _list(each, "objects")))


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def _mapping(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"{what} is not a mapping")
    return value


def _list(mapping: Mapping[str, Any], key: str) -> list[Any]:
    if not isinstance(mapping[key], list):
        raise TypeError(f'"{key}" is not a list')
    return list(mapping[key])


def _text(mapping: Mapping[str, Any], key: str) -> str:
    if not isinstance(mapping[key], str):
        raise TypeError(f'"{key}" is not a text')
    return str(mapping[key])


def _wrong(path: str, why: str) -> Refused:
    return Refused(f"{path} is not a deletion plan: {why}", "make one with --plan FILE")
