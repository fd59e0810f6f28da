"""The preview of deletions as one HTML page that needs nothing else: to attach to a change request.

What comes from the cluster is hostile: it is escaped as for a terminal first, then for HTML; and a policy in
the page lets no script run, and no style hold, but the page's own, by their digests.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools import __version__
from kubectl_ns_tools.deletion.hazards.hazard import Hazard
from kubectl_ns_tools.deletion.inventory import Count
from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.deletion.ownership import Forest
from kubectl_ns_tools.deletion.plan import DeletionPlan
from kubectl_ns_tools.output.contents import gaps_text
from kubectl_ns_tools.output.escape import escape
from kubectl_ns_tools.output.hazards import OBJECTS, hazards_phrase, objects_to_show, unchecked_text
from kubectl_ns_tools.output.plan import all_verdicts, facts, remarks
from kubectl_ns_tools.output.tree import EVENTS, SIBLINGS, families, item_label

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER = Path(__file__).parent / "page"


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of a tree of lists, in the order of the page: a leaf, or the beginning or end of a fold.

    is_object: whether it stands for an object, not for a family of them.
    """

    label: str = ""
    is_object: bool = False
    opens: bool = False
    closes: bool = False
    unfolded: bool = False


@dataclass(frozen=True, slots=True)
class _View:
    """What the page shows of one plan."""

    anchor: str
    name: str
    context: str
    facts: Sequence[tuple[str, str]]
    further: Sequence[str]
    verdicts: Sequence[tuple[str, str]]
    hazards: Sequence[Hazard]
    hazards_phrase: str
    gaps: Sequence[str]
    complete: bool
    remarks: Sequence[str]
    counts: Sequence[Count]
    objects: int
    steps: Iterator[Step]


@dataclass(frozen=True, slots=True)
class _Inline:
    """A script or a style sheet, and its source expression for the Content-Security-Policy (CSP3, 2.3.1)."""

    text: str
    digest: str


def plan_page(
    plans: Sequence[DeletionPlan], at: datetime, further: Sequence[Sequence[str]] | None = None
) -> str:
    """The whole page, for one namespace or several. at: the present, for ages and the date. further: for each
    plan what else there is to say, in lines."""
    name = f"namespace {plans[0].namespace}" if len(plans) == 1 else f"{len(plans)} namespaces"
    page = _environment().from_string(_source("deletion.html"))
    return page.render(
        title=f"Deletion preview: {name}",
        taken=at.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC"),
        version=__version__,
        script=_inline("page.js"),
        style=_inline("page.css"),
        few=OBJECTS,
        objects_to_show=objects_to_show,
        namespaces=[
            _view(number, plan, lines, at)
            for number, (plan, lines) in enumerate(zip(plans, further or [()] * len(plans), strict=True), 1)
        ],
    )


def steps(forest: Forest) -> Iterator[Step]:
    """The forest in the order of the page; large families and events are folded. Iterative: see tree.draw."""
    waiting: list[Step | Item | tuple[Item, ...]] = [forest.roots]
    while waiting:
        place = waiting.pop()
        if isinstance(place, Step):
            yield place
        elif isinstance(place, Item):
            label = partial(Step, item_label(place, forest.notes.get(place.uid, "")), is_object=True)
            children = forest.children.get(place.uid, ())
            yield label(opens=bool(children), unfolded=bool(children))
            if children:
                waiting += (Step(closes=True), children)
        else:
            waiting += reversed(list(_brood(place, forest)))


def _brood(items: tuple[Item, ...], forest: Forest) -> Iterator[Step | Item]:
    for kind, family in families(items, forest):
        folded = kind == EVENTS or len(family) > SIBLINGS
        if folded:
            yield Step(f"{len(family)} {kind}", opens=True)
        yield from family
        if folded:
            yield Step(closes=True)


def _view(number: int, plan: DeletionPlan, further: Sequence[str], at: datetime) -> _View:
    return _View(
        anchor=f"namespace-{number}",
        name=plan.namespace,
        context=plan.context,
        facts=facts(plan, at),
        further=further,
        verdicts=list(all_verdicts(plan)),
        hazards=plan.hazards.hazards,
        hazards_phrase=hazards_phrase(plan.hazards),
        gaps=list(_gaps(plan)),
        complete=not (plan.unseen or plan.hazards.unchecked),
        remarks=remarks(plan),
        counts=plan.counts,
        objects=len(plan.doomed),
        steps=steps(plan.forest),
    )


def _gaps(plan: DeletionPlan) -> Iterator[str]:
    for line in gaps_text(plan.unseen).splitlines():
        yield f"NOT VISIBLE, but deleted too: {line.strip()}"
    yield from unchecked_text(plan.hazards.unchecked).splitlines()


def _environment() -> "Environment":
    from jinja2 import Environment, StrictUndefined

    return Environment(
        autoescape=True, undefined=StrictUndefined, finalize=_shown, trim_blocks=True, lstrip_blocks=True
    )


def _shown(value: Any) -> Any:
    """A value of the page before it is escaped for HTML; Markup, a kind of str, is the page's own text."""
    return escape(value) if type(value) is str else value


def _source(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _inline(name: str) -> _Inline:
    from markupsafe import Markup

    text = _source(name)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return _Inline(Markup(text), f"sha256-{digest}")
