"""Which namespaces a person means: by name, by a pattern, by labels, by a rule of the caller's."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiError, ApiNotFound
from kubectl_ns_tools.cluster.namespaces import PROTECTED, get_namespace, list_namespaces, named_namespace
from kubectl_ns_tools.errors import NotFound, NsToolsError, Refused, did_you_mean

Rule = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """words: names and globs of whole names; none means every namespace that the rest lets through.

    selector: of labels; rule: which of them to keep, and rule_name: the flag that it came from. Both narrow
    down what the words stand for.
    """

    words: Sequence[str] = ()
    selector: str = ""
    rule: Rule | None = None
    rule_name: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(word for word in self.words if not is_pattern(word))

    @property
    def is_names_only(self) -> bool:
        return bool(self.words) and not (self.selector or self.rule or len(self.names) < len(self.words))


@dataclass(frozen=True, slots=True)
class Selection:
    """namespaces: the objects, each once, by name. missing: why a word stands for nothing here."""

    namespaces: tuple[Mapping[str, Any], ...] = ()
    missing: Mapping[str, NsToolsError] = field(default_factory=dict)


def is_pattern(word: str) -> bool:
    """No name of a namespace has one of these characters in it."""
    return any(character in word for character in "*?[")


def select(connection: Connection, wanted: Wanted) -> Selection:
    """The namespaces of one cluster. Those that Kubernetes lives in are meant by no pattern and no label.

    Names alone need no right to list namespaces. Raises Refused for a name that the selector or the rule
    leaves out: whoever named it expects it to go.
    """
    if wanted.is_names_only:
        return _named(connection, wanted.names)
    live = {_name(each): each for each in list_namespaces(connection)}
    passed = _passed(connection, wanted, live)
    found: dict[str, Mapping[str, Any]] = {}
    missing: dict[str, NsToolsError] = {}
    for word in dict.fromkeys(wanted.words or ("*",)):
        meant = _meant(word, live)
        if not meant and wanted.words:
            missing[word] = _no_match(word, live) if is_pattern(word) else _absent(connection, word, live)
        if word in live and word not in passed:
            raise _left_out(word, wanted)
        found.update({name: live[name] for name in meant if name in passed})
    return Selection(tuple(found[name] for name in sorted(found)), missing)


def _meant(word: str, live: Collection[str]) -> list[str]:
    if not is_pattern(word):
        return [word] if word in live else []
    return [name for name in live if fnmatchcase(name, word) and name not in PROTECTED]


def _passed(connection: Connection, wanted: Wanted, live: Mapping[str, Mapping[str, Any]]) -> set[str]:
    names = set(live)
    if wanted.selector:
        names &= {_name(each) for each in list_namespaces(connection, wanted.selector)}
    if wanted.rule:
        names = {name for name in names if wanted.rule(live[name])}
    return names


def _named(connection: Connection, names: Sequence[str]) -> Selection:
    found: dict[str, Mapping[str, Any]] = {}
    missing: dict[str, NsToolsError] = {}
    for name in sorted(set(names)):
        try:
            found[name] = named_namespace(connection, name)
        except ApiNotFound as error:
            missing[name] = error
    return Selection(tuple(found.values()), missing)


def _absent(connection: Connection, name: str, live: Collection[str]) -> NsToolsError:
    """In the server's own words."""
    try:
        get_namespace(connection, name)
    except ApiNotFound as error:
        return _with_hint(error, name, live)
    return NotFound(f'namespace "{name}" was created just now', "look again")


def _with_hint(error: ApiError, name: str, live: Collection[str]) -> ApiError:
    error.hint = did_you_mean(name, live, "namespaces there are") if live else ""
    return error


def _no_match(pattern: str, live: Collection[str]) -> NotFound:
    system = [name for name in PROTECTED if fnmatchcase(name, pattern)]
    if system:
        hint = f"{', '.join(system)} would, but Kubernetes itself lives there: no pattern stands for them"
    else:
        hint = did_you_mean(pattern, live, "namespaces there are")
    return NotFound(f'no namespace matches "{pattern}"', hint)


def _left_out(name: str, wanted: Wanted) -> Refused:
    flags = [f"-l {wanted.selector}"] if wanted.selector else []
    flags += [wanted.rule_name] if wanted.rule else []
    return Refused(f'namespace "{name}" is not among those of {" ".join(flags)}; nothing was deleted')


def _name(namespace: Mapping[str, Any]) -> str:
    return str(namespace["metadata"]["name"])
