"""Faults on the wire at each stage of the preview: what comes out is right, or says what is missing, or is an
error with its exit code. It comes in time, and nothing is written."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.errors import ExitCode
from kubectl_ns_tools.main import run as run_command
from tests.controlplane.servers import ControlPlane
from tests.deletion.world import World
from tests.faults import faults
from tests.faults.proxy import ALWAYS, Fault, FaultProxy

pytestmark = pytest.mark.integration
# --request-timeout: few seconds where a fault uses them up, enough for a machine with much to do elsewhere.
PATIENCE, AMPLE = 5, 60
USING_IT_UP = ("hanging", "stalled", "too slow", "429 each time")
IN_TIME = faults.FOR_EVER  # what hangs, hangs that long
OBJECTS = 520  # more than a page


@dataclass(frozen=True)
class Stage:
    """path: of the request with the fault; unseen, unchecked: what the preview is without if that fails, with
    neither it is an error."""

    path: str
    query: str = ""
    unseen: str = ""
    unchecked: str = ""


STAGES = {
    "namespace": Stage("/api/v1/namespaces/{}"),
    "discovery": Stage("/apis"),
    "list": Stage("/api/v1/namespaces/{}/configmaps", "^(?!.*continue=)", unseen="configmaps"),
    "page": Stage("/api/v1/namespaces/{}/configmaps", "continue=", unseen="configmaps"),
    "hazard": Stage(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        unchecked="clusterrolebindings.rbac.authorization.k8s.io",
    ),
}


class Case(NamedTuple):
    """A fault, for how many requests, and whether it is overcome; else the exit code of the error."""

    fault: Fault
    times: int = 1
    overcome: bool = False
    code: ExitCode = ExitCode.UNREACHABLE


CASES = {
    "dropped once": Case(faults.dropped, overcome=True),
    "dropped each time": Case(faults.dropped, ALWAYS),
    "cut once": Case(faults.cut, overcome=True),
    "cut each time": Case(faults.cut, ALWAYS),
    "hanging": Case(faults.hanging),
    "stalled": Case(faults.stalled),
    "slow": Case(faults.slow(0.05, 100_000), overcome=True),
    "too slow": Case(faults.slow(0.5, 16)),
    "truncated": Case(faults.truncated),
    "not JSON": Case(faults.not_json),
    "429 once": Case(faults.refused(429, retry_after=1), overcome=True),
    "429 each time": Case(faults.refused(429, retry_after=1), ALWAYS, code=ExitCode.FAILED),
    "429 with a long wait": Case(faults.refused(429, retry_after=600), code=ExitCode.FAILED),
    "500": Case(faults.refused(500), code=ExitCode.FAILED),
    "503 with Retry-After": Case(faults.refused(503, retry_after=1), overcome=True),
    "503": Case(faults.refused(503), code=ExitCode.FAILED),
}


@pytest.fixture(scope="module")
def crowd(controlplane: ControlPlane) -> Iterator[World]:
    """A namespace with more than a page of ConfigMaps; the tests only look at it."""
    name = f"t-{uuid.uuid4().hex[:10]}"
    controlplane.create_namespace(name)
    with World.of(controlplane.api, name) as made:
        made.configmaps(OBJECTS)
        yield made
        made.delete_namespace()


@pytest.fixture
def proxy(controlplane: ControlPlane) -> Iterator[FaultProxy]:
    """One for each test: what a failed command has left under way is not to meet the next one's fault."""
    with FaultProxy.before(controlplane) as started:
        yield started


class Outcome(NamedTuple):
    code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.stdout)
        return found

    @property
    def configmaps(self) -> int:
        return sum(each["resource"] == "configmaps" for each in self.document["objects"])

    @property
    def unseen(self) -> list[tuple[str, str]]:
        return [(gap["what"], gap["reason"]) for gap in self.document["unseen"]]

    @property
    def unchecked(self) -> set[str]:
        """What was not looked at; but for `changes`, to which the crowd is too much without any fault."""
        gaps = [gap for gap in self.document["unchecked"] if gap["check"] != "changes"]
        return {what for gap in gaps for what in gap["what"].split(", ")}


Preview = Callable[..., Outcome]


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Connection]]:
    """Those that the commands make: closed in the end, as by the end of a process, not by the collector."""
    made: list[Connection] = []
    connect = Session.connect

    def remembered(*arguments: Any, **options: Any) -> Connection:
        made.append(connect(*arguments, **options))
        return made[-1]

    monkeypatch.setattr(Session, "connect", remembered)
    yield made
    for connection in made:
        connection.close()


@pytest.fixture
def options(request: pytest.FixtureRequest, proxy: FaultProxy, tmp_path: Path) -> tuple[str, ...]:
    """The way through the proxy, and how long a request may take."""
    patience = PATIENCE if any(case in request.node.name for case in USING_IT_UP) else AMPLE
    return "--kubeconfig", str(proxy.kubeconfig(tmp_path)), "--request-timeout", f"{patience}s"


@pytest.fixture
def run(
    options: tuple[str, ...],
    proxy: FaultProxy,
    crowd: World,
    connections: list[Connection],
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Preview]:
    """Runs ns-delete through the proxy; in time, and nothing is written but by a test that expects it."""

    def invoke(*arguments: str) -> Outcome:
        start = time.monotonic()
        code = run_command("ns-delete", [crowd.namespace, *arguments, *options])
        assert time.monotonic() - start < IN_TIME
        return Outcome(code, *capsys.readouterr())

    yield invoke
    assert connections
    assert proxy.writes() == []
    assert not crowd.is_terminating()


def previewed(run: Preview) -> Outcome:
    return run("--dry-run", "-o", "json")


def assert_is_an_error(outcome: Outcome, code: ExitCode) -> None:
    assert (outcome.code, outcome.stdout) == (code, "")
    assert outcome.stderr.startswith(("error: ", "Unable to connect", "Error from server"))
    assert "Traceback" not in outcome.stderr


def assert_is_right(outcome: Outcome) -> None:
    """Nothing is missing."""
    assert outcome.code == 0
    assert outcome.document["complete"] is True
    assert (outcome.unseen, outcome.unchecked) == ([], set())
    assert outcome.configmaps == OBJECTS + 1


def test_without_a_fault_the_preview_is_right(run: Preview) -> None:
    assert_is_right(previewed(run))


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
@pytest.mark.parametrize("stage", STAGES.values(), ids=list(STAGES))
def test_a_fault_is_overcome_or_told(
    run: Preview, proxy: FaultProxy, crowd: World, stage: Stage, case: Case
) -> None:
    path = stage.path.format(crowd.namespace)
    proxy.on("GET", path, query=stage.query, then=case.fault, times=case.times)
    outcome = previewed(run)
    assert proxy.faults()
    if case.overcome:
        assert_is_right(outcome)
    elif not (stage.unseen or stage.unchecked):
        assert_is_an_error(outcome, case.code)
    else:
        assert outcome.code == 0
        assert outcome.unseen == ([(stage.unseen, "Failed")] if stage.unseen else [])
        assert outcome.document["complete"] is not bool(stage.unseen)
        assert outcome.configmaps == (0 if stage.unseen else OBJECTS + 1)
        assert outcome.unchecked >= ({stage.unchecked} if stage.unchecked else set())


@pytest.mark.parametrize("name", ["500", "hanging", "truncated"])
def test_a_server_that_does_not_say_its_version_is_previewed(
    run: Preview, proxy: FaultProxy, name: str
) -> None:
    proxy.on("GET", "/version", then=CASES[name].fault)
    assert_is_right(previewed(run))
    assert proxy.faults()


def cluster_wide(proxy: FaultProxy) -> set[str]:
    """The paths of the lists over the whole cluster that were asked for."""
    paths = {each.path for each in proxy.seen if each.method == "GET" and "/namespaces/" not in each.path}
    return {path for path in paths if path.count("/") == (3 if path.startswith("/api/") else 4)}


def kind_at(path: str) -> str:
    """`persistentvolumes`, `clusterrolebindings.rbac.authorization.k8s.io`."""
    *_, group, _, plural = path.split("/")
    return plural if group == "api" else f"{plural}.{group}"


@pytest.mark.parametrize("name", ["403", "500", "hanging", "dropped each time", "truncated"])
def test_every_list_that_a_check_cannot_have_is_named(run: Preview, proxy: FaultProxy, name: str) -> None:
    previewed(run)
    paths = cluster_wide(proxy)
    proxy.without_faults()
    fault = faults.refused(403) if name == "403" else CASES[name].fault
    for path in paths:
        proxy.on("GET", path, then=fault, times=ALWAYS)
    outcome = previewed(run)
    assert outcome.code == 0
    assert outcome.unseen == []
    assert outcome.configmaps == OBJECTS + 1
    # kinds of other tests come and go: one that has just gone has no objects, and is not named
    asked = {path for path in paths & cluster_wide(proxy) if ".example.com/" not in path}
    assert len(asked) > 10
    assert outcome.unchecked >= {kind_at(path) for path in asked}


@pytest.mark.parametrize("times", [1, 2])
def test_a_list_whose_token_expired_begins_again(
    run: Preview, proxy: FaultProxy, crowd: World, times: int
) -> None:
    stage = STAGES["page"]
    path = stage.path.format(crowd.namespace)
    proxy.on("GET", path, query=stage.query, then=faults.expired(offering_the_rest=True), times=times)
    assert_is_right(previewed(run))


def test_a_rest_of_another_moment_is_no_exact_count(run: Preview, proxy: FaultProxy, crowd: World) -> None:
    stage = STAGES["page"]
    path = stage.path.format(crowd.namespace)
    proxy.on("GET", path, query=stage.query, then=faults.expired(offering_the_rest=True), times=3)
    outcome = previewed(run)
    assert (outcome.code, outcome.document["complete"]) == (0, False)
    assert outcome.unseen == [("configmaps", "Inconsistent")]
    assert outcome.configmaps == OBJECTS + 1


def test_a_token_that_always_expires_is_a_gap(run: Preview, proxy: FaultProxy, crowd: World) -> None:
    stage = STAGES["page"]
    path = stage.path.format(crowd.namespace)
    proxy.on("GET", path, query=stage.query, then=faults.expired(), times=ALWAYS)
    outcome = previewed(run)
    assert outcome.unseen == [("configmaps", "Failed")]
    assert outcome.configmaps == 0


@pytest.mark.parametrize("name", ["dropped each time", "hanging", "cut each time", "not JSON"])
def test_when_no_list_answers_it_is_no_empty_namespace(
    run: Preview, proxy: FaultProxy, crowd: World, name: str
) -> None:
    path = rf"/apis?/.*/namespaces/{crowd.namespace}/.*"
    proxy.on("GET", path, then=CASES[name].fault, times=ALWAYS)
    assert_is_an_error(previewed(run), ExitCode.UNREACHABLE)


@pytest.mark.parametrize("name", ["500", "503", "429 with a long wait"])
def test_when_every_list_is_refused_every_kind_is_named(
    run: Preview, proxy: FaultProxy, crowd: World, name: str
) -> None:
    path = rf"/apis?/.*/namespaces/{crowd.namespace}/.*"
    proxy.on("GET", path, then=CASES[name].fault, times=ALWAYS)
    outcome = previewed(run)
    assert outcome.document["objects"] == []
    assert {reason for _, reason in outcome.unseen} == {"Failed"}
    assert {"configmaps", "pods", "secrets", "deployments.apps"} <= {what for what, _ in outcome.unseen}


@pytest.mark.parametrize("name", ["500", "hanging", "truncated"])
@pytest.mark.parametrize("path", [STAGES["namespace"].path, "/api", "/apis"])
def test_nothing_is_deleted_without_a_preview(
    run: Preview, proxy: FaultProxy, crowd: World, path: str, name: str
) -> None:
    proxy.on("GET", path.format(crowd.namespace), then=CASES[name].fault)
    assert_is_an_error(run("--yes"), CASES[name].code)


def test_the_people_are_told_too(run: Preview, proxy: FaultProxy, crowd: World) -> None:
    for name in ("list", "hazard"):
        proxy.on("GET", STAGES[name].path.format(crowd.namespace), then=faults.refused(500))
    shown = run("--dry-run").stdout
    assert "NOT VISIBLE, but deleted too:\n  listing failed: configmaps (" in shown
    assert "\nNOT CHECKED: clusterrolebindings.rbac.authorization.k8s.io (" in shown
