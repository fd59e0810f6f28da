"""The page as text; what it does in a browser is in test_html_browser.py."""

import re
from html.parser import HTMLParser

import pytest

from kubectl_ns_tools.deletion.inventory import Gap, Reason
from kubectl_ns_tools.output.html import Step, plan_page, steps
from tests.deletion.builders import NOW, Thing, configmap, deployment, event, plan, pod, replicaset, resource
from tests.output.builders import danger, forbidden, report, warning

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}</style>\x1b[2J\u202e\x00"
SHOWN = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}</style>\\x1b[2J\\u202e\\x00"


class Page(HTMLParser):
    """The tags of a page, and the text outside of script and style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def outline(*things: Thing) -> list[str]:
    """The steps of a tree, folds in brackets: `(` closed, `[` unfolded."""
    return [_shown(step) for step in steps(plan(*things).forest)]


def _shown(step: Step) -> str:
    if step.closes:
        return ")"
    return f"{'[' if step.unfolded else '('}{step.label}" if step.opens else step.label


def test_objects_stand_under_their_owner_and_events_are_folded() -> None:
    web = deployment("web")
    owned = replicaset("web-1").owned_by(web)
    things = (configmap("a"), web, owned, pod("web-1-x").owned_by(owned), event("e"))
    assert outline(*things) == [
        "configmap/a",
        "[deployment.apps/web",
        "[replicaset.apps/web-1",
        "pod/web-1-x",
        ")",
        ")",
        "(1 events",
        "event/e",
        ")",
    ]


def test_large_families_are_folded_by_kind_and_lose_nobody() -> None:
    owned = replicaset("r")
    pods = [pod(f"p{index:02}").owned_by(owned) for index in range(11)]
    assert outline(owned, *pods) == [
        "[replicaset.apps/r",
        "(11 pods",
        *(f"pod/p{index:02}" for index in range(11)),
        ")",
        ")",
    ]


def test_a_chain_of_owners_may_be_longer_than_pythons_stack() -> None:
    chain = [configmap("c0")]
    for index in range(1, 3000):
        chain.append(configmap(f"c{index}").owned_by(chain[-1]))
    assert plan_page([plan(*chain)], NOW).count('<li class="o">') == 3000


def test_the_page_is_well_formed_and_says_what_the_preview_says() -> None:
    found = report(
        danger("volumes", "the data is destroyed", "persistentvolumeclaim/a", remedy="save it first"),
        warning("volumes", "1 volume is left", "persistentvolume/p"),
        forbidden("references", "clusterrolebindings"),
    )
    made = plan(configmap("a"), gaps=(Gap("secrets", Reason.FORBIDDEN, "no"),), hazards=found)
    page = Page(plan_page([made], NOW))
    assert page.open == []
    for words in (
        "Deletion preview: namespace blue",
        "taken 2026-05-17 12:00:00 UTC",
        "Namespace blue (60m old)",
        "Server https://c:6443",
        "DANGER the data is destroyed 1 object persistentvolumeclaim/a To do: save it first",
        "WARNING 1 volume is left",
        "LOST FOR GOOD persistentvolumeclaim/a",
        "NOT VISIBLE, but deleted too: you may not list: secrets",
        "NOT CHECKED: clusterrolebindings (forbidden), needed for: references",
        "configmaps 1",
        "configmap/a",
    ):
        assert words in page.text


def test_several_namespaces_have_an_overview_that_leads_to_each() -> None:
    page = Page(plan_page([plan(configmap("a")), plan(namespace="green")], NOW))
    targets = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    anchors = [
        attributes.get("id") for tag, attributes in page.tags if attributes.get("class") == "namespace"
    ]
    assert targets == [f"#{anchor}" for anchor in anchors]
    assert len(anchors) == 2
    assert "Deletion preview: 2 namespaces" in page.text
    assert "Nothing was seen in it." in page.text


def test_what_else_there_is_to_say_stands_with_its_namespace() -> None:
    further = [["A part of it: <b>2</b> stay."], []]
    page = Page(plan_page([plan(), plan(namespace="green")], NOW, further))
    assert page.text.index("A part of it: <b>2</b> stay.") < page.text.index("green (60m old)")


def test_nothing_of_the_cluster_is_more_than_text() -> None:
    gaps = tuple(Gap(HOSTILE, reason, HOSTILE) for reason in Reason)
    hostile = report(danger(HOSTILE, HOSTILE, *[HOSTILE] * 9, remedy=HOSTILE), forbidden(HOSTILE, HOSTILE))
    thing = Thing(resource("configmaps", "ConfigMap"), HOSTILE).held_by(HOSTILE)
    values = {"namespace": HOSTILE, "context": HOSTILE, "server": HOSTILE, "created": HOSTILE}
    evil = plan(thing, gaps=gaps, hazards=hostile, **values)
    tame = plan(thing.held_by("f"), gaps=gaps, hazards=hostile)
    text = plan_page([evil, tame], NOW)
    page = Page(text)
    assert page.open == []
    assert {tag for tag, _ in page.tags} == {tag for tag, _ in Page(_tame_page()).tags}
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert all(character.isprintable() or character == "\n" for character in text)
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert "".join(page.texts).count(SHOWN) > 20


def _tame_page() -> str:
    """A page with the parts that the other one has, and nothing hostile in it."""
    gaps = tuple(Gap("x", reason, "x") for reason in Reason)
    found = report(danger("x", "x", *["x"] * 9, remedy="x"), forbidden("x", "x"))
    return plan_page([plan(configmap("x"), gaps=gaps, hazards=found)] * 2, NOW)


def test_the_page_asks_nobody_for_anything() -> None:
    text = plan_page([plan(configmap("a"), server="x")], NOW)
    assert not re.search(r"\b(src|href)=\"(?!#)|url\(|@import|https?:", text)


@pytest.mark.parametrize("part", ["script", "style"])
def test_the_policy_lets_only_the_pages_own_parts_work(part: str) -> None:
    policy = next(
        attributes["content"] or ""
        for tag, attributes in Page(plan_page([plan()], NOW)).tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none';")
    assert re.search(rf"{part}-src 'sha256-[A-Za-z0-9+/]{{43}}='(;|$)", policy)
    assert "unsafe" not in policy


def test_ten_thousand_objects_make_a_page_that_can_be_mailed() -> None:
    many = [configmap(f"many-{index:05}").held_by("example.com/finalizer") for index in range(10_000)]
    text = plan_page([plan(*many)], NOW)
    assert text.count('<li class="o">') == 10_000
    assert len(text) < 1_500_000
