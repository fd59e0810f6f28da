"""Which objects of an archive are meant by --only and --except. Pure.

The words are those of a partial deletion (selectors.py); a kind that the cluster serves no longer is known by
the names that the archive has for it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kubectl_ns_tools.cluster.discovery import Discovery, Resource
from kubectl_ns_tools.deletion.backup.contents import Entry
from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.deletion.measures.selectors import matched, parse


@dataclass(frozen=True, slots=True)
class Choice:
    """entries: what is to be looked at. named: the members of those that --only names one by one. whole:
    whether nothing was said, and all of the backup is meant."""

    entries: tuple[Entry, ...]
    named: frozenset[str] = frozenset()
    whole: bool = True


def choose(
    entries: Sequence[Entry], discovery: Discovery, only: Sequence[str] = (), excepted: Sequence[str] = ()
) -> Choice:
    """only, excepted: words like `deploy`, `secrets,configmaps`, `deployment.apps/web`, `secret/tmp-*`.

    Raises Refused for what is no such word, and NotFound for one that means nothing in the archive: nobody
    who names an object expects that nothing happens.
    """
    known = _with_kinds_of(entries, discovery)
    items = [_item(entry) for entry in entries]
    wanted = [parse("--only", word, known) for word in only]
    unwanted = [parse("--except", word, known) for word in excepted]
    taken = matched(wanted, items) if wanted else {entry.member for entry in entries}
    taken -= matched(unwanted, items)
    single = [selector for selector in wanted if selector.names_one]
    return Choice(
        tuple(entry for entry in entries if entry.member in taken),
        frozenset(matched(single, items)),
        not (wanted or unwanted),
    )


def _with_kinds_of(entries: Iterable[Entry], discovery: Discovery) -> Discovery:
    served = {resource.group_resource for resource in discovery.resources}
    gone = {entry.resource: _resource(entry) for entry in entries if entry.resource not in served}
    return replace(discovery, resources=(*discovery.resources, *gone.values()))


def _resource(entry: Entry) -> Resource:
    name, _, group = entry.resource.partition(".")
    version = entry.api_version.rpartition("/")[2]
    return Resource(group, version, name, entry.kind, True, singular=entry.kind.lower())


def _item(entry: Entry) -> Item:
    """The member stands for the uid: it is unique whoever has written the archive."""
    return Item(_resource(entry), entry.name, entry.member, (), (), "", "")
