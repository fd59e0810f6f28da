"""The page of `ns-delete -o html` in a real browser: what it does, and what a stranger's text does not."""

import base64
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from selenium.common.exceptions import NoAlertPresentException

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.deletion.clock import now
from kubectl_ns_tools.deletion.inventory import Gap, Reason
from kubectl_ns_tools.deletion.plan import DeletionPlan
from kubectl_ns_tools.deletion.preview import preview
from kubectl_ns_tools.output.html import plan_page
from tests.controlplane.servers import ControlPlane
from tests.deletion.builders import NOW, configmap, deployment, event, plan, pod, replicaset
from tests.deletion.world import World
from tests.output.browser import PROGRAMS, Browser
from tests.output.builders import danger, forbidden, report, warning

PLANT = "<script>window.planted = 1</script><img src=x onerror=window.planted=1>\x1b[31m"
SHOWN = "<script>window.planted = 1</script><img src=x onerror=window.planted=1>\\x1b[31m"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    absent = [program for program in PROGRAMS if shutil.which(program) is None]
    if absent:
        told = f"{', '.join(absent)} not installed: the HTML page is NOT tested in a browser"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(told)
    with Browser.start(tmp_path_factory.mktemp("profile")) as started:
        yield started


class Shown:
    """A page in the browser."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.browser = browser
        self._path = folder / "page.html"

    def plans(self, *plans: DeletionPlan) -> Browser:
        return self.text(plan_page(plans, NOW))

    def text(self, page: str) -> Browser:
        self._path.write_text(page, encoding="utf-8")
        self.browser.open(self._path)
        return self.browser

    @property
    def address(self) -> str:
        return self._path.as_uri()


@pytest.fixture
def show(chromium: Browser, tmp_path: Path) -> Iterator[Shown]:
    """Shows a page; at the end nothing but the page was asked for, and the console is silent."""
    shown = Shown(chromium, tmp_path)
    yield shown
    assert chromium.requests() == [shown.address]
    assert chromium.console() == []


@pytest.fixture
def blue() -> DeletionPlan:
    web = deployment("web")
    owned = replicaset("web-1").owned_by(web)
    pods = [pod(f"web-1-{index:02}").owned_by(owned) for index in range(20)]
    found = report(
        danger("volumes", "the data is destroyed", *(f"persistentvolumeclaim/{i}" for i in range(9))),
        warning("references", "1 binding refers to it", "rolebinding.rbac.authorization.k8s.io/b -n green"),
        forbidden("usage", "events"),
    )
    return plan(configmap("a"), configmap("b"), web, owned, event("e"), *pods, hazards=found)


def type_filter(browser: Browser, text: str) -> None:
    box = browser.one("#filter")
    box.clear()
    box.send_keys(text)


def objects(browser: Browser) -> list[str]:
    return browser.visible(".tree li.o")


def test_the_tree_folds_and_unfolds(show: Shown, blue: DeletionPlan) -> None:
    browser = show.plans(blue)
    folded = ["configmap/a", "configmap/b", "deployment.apps/web", "replicaset.apps/web-1"]
    assert objects(browser) == folded
    assert browser.visible(".tree summary") == [
        "deployment.apps/web",
        "replicaset.apps/web-1",
        "20 pods",
        "1 events",
    ]
    browser.all(".tree summary")[2].click()
    assert objects(browser) == folded + [f"pod/web-1-{index:02}" for index in range(20)]
    browser.all(".tree summary")[0].click()
    assert objects(browser) == folded[:3]


def test_everything_folds_and_unfolds_at_once(show: Shown, blue: DeletionPlan) -> None:
    browser = show.plans(blue)
    browser.one("#unfold").click()
    assert len(objects(browser)) == 25
    assert len(browser.visible(".hazard li")) == 10
    browser.one("#fold").click()
    assert objects(browser) == ["configmap/a", "configmap/b", "deployment.apps/web"]
    assert browser.visible(".hazard li") == []


def test_the_filter_shows_what_matches_and_the_way_to_it(show: Shown, blue: DeletionPlan) -> None:
    browser = show.plans(blue)
    type_filter(browser, "POD/ -07")
    assert objects(browser) == ["deployment.apps/web", "replicaset.apps/web-1", "pod/web-1-07"]
    assert browser.one("#found").text == "1 of 25 objects"
    assert browser.visible(".hazard") == []
    assert browser.visible(".counts tbody tr") == []


def test_what_is_under_a_match_can_be_unfolded(show: Shown, blue: DeletionPlan) -> None:
    browser = show.plans(blue)
    type_filter(browser, "deployment")
    assert objects(browser) == ["deployment.apps/web"]
    browser.one(".tree summary").click()
    browser.all(".tree summary")[1].click()
    browser.all(".tree summary")[2].click()
    assert len(objects(browser)) == 22


def test_the_filter_reaches_hazards_kinds_and_what_was_not_seen(show: Shown, blue: DeletionPlan) -> None:
    browser = show.plans(blue)
    type_filter(browser, "binding")
    assert browser.visible(".hazard") == ["WARNING 1 binding refers to it"]
    type_filter(browser, "events")
    assert browser.visible(".gaps li") == ["NOT CHECKED: events (forbidden), needed for: usage"]
    assert browser.visible(".counts tbody tr") == ["events 1"]
    assert browser.visible(".tree > li") == ["1 events"]


def test_without_a_filter_all_is_as_it_was(show: Shown, blue: DeletionPlan) -> None:
    browser = show.plans(blue)
    browser.all(".tree summary")[2].click()
    before = browser.visible("main *")
    type_filter(browser, "nothing is called so")
    assert objects(browser) == []
    assert browser.one("#found").text == "0 of 25 objects"
    type_filter(browser, " ")
    assert browser.visible("main *") == before
    assert browser.one("#found").text == ""


def test_several_namespaces_are_on_one_page(show: Shown, blue: DeletionPlan) -> None:
    browser = show.plans(blue, replace(plan(configmap("only-here")), namespace="green"))
    assert browser.visible("#overview tbody tr") == [
        "blue blue@c 25 1 danger, 1 warning; 1 not checked no",
        "green blue@c 1 none found yes",
    ]
    browser.one("#overview tbody tr:nth-child(2) a").click()
    assert browser.run("return location.hash") == "#namespace-2"
    type_filter(browser, "only-here")
    assert objects(browser) == ["configmap/only-here"]


def test_ten_thousand_objects_can_be_filtered(show: Shown) -> None:
    browser = show.plans(plan(*(configmap(f"many-{index:05}") for index in range(10_000))))
    assert objects(browser) == []
    assert browser.visible(".tree summary") == ["10000 configmaps"]
    type_filter(browser, "many-04242")
    assert browser.one("#found").text == "1 of 10000 objects"
    assert browser.run("return [...document.querySelectorAll('.tree li.o:not([hidden])')].length") == 1


def assert_nothing_happened(browser: Browser) -> None:
    assert browser.run("return window.planted === undefined")
    with pytest.raises(NoAlertPresentException):
        browser.driver.switch_to.alert.accept()
    assert browser.all("img") == []
    assert len(browser.all("script")) == 1


def test_a_planted_script_is_text(show: Shown) -> None:
    gaps = tuple(Gap(PLANT, reason, PLANT) for reason in Reason)
    found = report(danger(PLANT, PLANT, PLANT, remedy=PLANT), forbidden(PLANT, PLANT))
    values = {"namespace": PLANT, "context": PLANT, "server": PLANT}
    browser = show.plans(plan(configmap(PLANT).held_by(PLANT), gaps=gaps, hazards=found, **values))
    assert_nothing_happened(browser)
    assert objects(browser) == [f"configmap/{SHOWN} (finalizers: {SHOWN})"]
    assert browser.visible(".hazard h4") == [f"DANGER {SHOWN}"]
    assert browser.visible("h2") == [SHOWN]
    type_filter(browser, "window.planted")
    assert len(objects(browser)) == 1
    assert_nothing_happened(browser)


def with_plant(page: str) -> str:
    """The page as it would be if something were not escaped."""
    return page.replace("<main>", f"<main>{PLANT}", 1)


def test_a_script_that_were_not_escaped_would_not_run_either(
    chromium: Browser, tmp_path: Path, blue: DeletionPlan
) -> None:
    browser = Shown(chromium, tmp_path).text(with_plant(plan_page([blue], NOW)))
    assert browser.run("return window.planted === undefined")
    assert sum("Content Security Policy" in line for line in browser.console()) >= 2
    type_filter(browser, "configmap/a")
    assert objects(browser) == ["configmap/a"]


def test_without_the_policy_it_would(chromium: Browser, tmp_path: Path, blue: DeletionPlan) -> None:
    """Else the tests above would prove nothing."""
    page = with_plant(plan_page([blue], NOW)).replace("Content-Security-Policy", "nothing")
    browser = Shown(chromium, tmp_path).text(page)
    assert browser.run("return window.planted") == 1


@pytest.fixture
def hostile_world(controlplane: ControlPlane, namespace: str) -> Iterator[World]:
    with World.of(controlplane.api, namespace) as made:
        yield made


@pytest.mark.integration
def test_hostile_names_and_annotations_of_a_real_cluster_are_text(
    show: Shown, hostile_world: World, connection: Connection
) -> None:
    """Names of Roles may hold anything but / and % (path segments, apimachinery validation/path)."""
    name = "<img src=x onerror=window.planted=1>\x1b[31m\u202e"
    annotations = {"kubectl.kubernetes.io/last-applied-configuration": PLANT}
    hostile_world.make("Role", name, rules=[], metadata={"annotations": annotations})
    hostile_world.configmap("a", metadata={"annotations": annotations}, finalizers=["example.com/held"])
    browser = show.text(plan_page([preview(connection, hostile_world.namespace, context=PLANT)], now()))
    shown = "<img src=x onerror=window.planted=1>\\x1b[31m\\u202e"
    assert f"role.rbac.authorization.k8s.io/{shown}" in objects(browser)
    assert "configmap/a (finalizers: example.com/held)" in objects(browser)
    assert_nothing_happened(browser)


def test_the_page_is_as_wide_as_a_telephone(show: Shown, blue: DeletionPlan) -> None:
    browser = show.plans(replace(blue, server="https://" + "long" * 60))
    browser.driver.set_window_size(500, 900)
    assert browser.run("return document.documentElement.scrollWidth <= window.innerWidth")
    screenshot = base64.b64decode(browser.driver.get_screenshot_as_base64())
    assert screenshot.startswith(b"\x89PNG")
    browser.driver.set_window_size(1200, 900)
