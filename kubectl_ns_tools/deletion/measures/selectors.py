"""KIND[/NAME] as kubectl accepts it: what a person means by it among the objects of a namespace. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from kubectl_ns_tools.cluster.discovery import Discovery, Resource
from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.errors import NotFound, Refused, did_you_mean

# One storage, two groups; an inventory has them under the first name (cluster/discovery order).
_SAME = {"events.events.k8s.io": "events"}
_GLOB = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Selector:
    """text: as it was given, with its option. kinds: as `deployments.apps`. name: exact or a glob, "" for
    all of the kind."""

    text: str
    kinds: frozenset[str]
    name: str = ""

    @property
    def names_one(self) -> bool:
        """Whether it names one object, not a number of them."""
        return bool(self.name) and not _GLOB.intersection(self.name)

    def picks(self, item: Item) -> bool:
        if item.resource.group_resource not in self.kinds:
            return False
        if not self.name or self.names_one:
            return self.name in ("", item.name)
        return fnmatchcase(item.name, self.name)


def parse(option: str, argument: str, discovery: Discovery) -> Selector:
    """option: `--only`, for messages. Raises Refused for what is no KIND[/NAME] of namespaced objects,
    NotFound for a kind that the server does not have."""
    kind, slash, name = argument.partition("/")
    if not kind or (slash and not name) or "/" in name:
        raise Refused(
            f"{option} {argument!r} is not KIND or KIND/NAME",
            f"for example {option} deploy, {option} configmap/settings, {option} 'secret/tmp-*'",
        )
    names = (
        _SAME.get(found.group_resource, found.group_resource) for found in _kinds(option, kind, discovery)
    )
    return Selector(f"{option} {argument}", frozenset(names), name)


def _kinds(option: str, kind: str, discovery: Discovery) -> Iterator[Resource]:
    """Of `deploy`, `deploy,svc`, `all`: a category is every kind in it (kubectl's category expander)."""
    for word in kind.split(","):
        in_category = [
            found for found in discovery.preferred() if word in found.categories and found.namespaced
        ]
        yield from in_category or (_kind(option, word, discovery),)


def _kind(option: str, word: str, discovery: Discovery) -> Resource:
    try:
        found = discovery.find(word)
    except NotFound as error:
        raise NotFound(f"{option}: {error.message}", _hint(word, discovery)) from None
    if not found.namespaced:
        raise Refused(
            f"{option} {word}: {found.group_resource} are not in a namespace",
            "only what is in the namespace can be chosen; the namespace itself stays",
        )
    return found


def _hint(word: str, discovery: Discovery) -> str:
    for broken in discovery.broken:
        if broken.group_version.partition("/")[0] in word:
            return f"the cluster cannot serve this group at present: {broken}"
    return did_you_mean(word.lower(), _words(discovery.preferred()), "kinds that the server has")


def _words(kinds: Iterable[Resource]) -> Iterator[str]:
    for kind in kinds:
        if kind.namespaced:
            yield from (kind.name, *kind.short_names)


def matched(selectors: Sequence[Selector], items: Sequence[Item]) -> set[str]:
    """The uids of what the selectors pick. Raises NotFound for a selector that picks nothing."""
    found: set[str] = set()
    for selector in selectors:
        picked = {item.uid for item in items if selector.picks(item)}
        if not picked:
            raise _nothing(selector, items)
        found |= picked
    return found


def _nothing(selector: Selector, items: Iterable[Item]) -> NotFound:
    there = [item.name for item in items if item.resource.group_resource in selector.kinds]
    kinds = ", ".join(sorted(selector.kinds))
    if not there:
        return NotFound(f"{selector.text} matches nothing: there are no {kinds} here", "")
    return NotFound(f"{selector.text} matches nothing", did_you_mean(selector.name, there, f"{kinds} here"))
