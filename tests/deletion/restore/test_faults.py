"""Answers that are lost, servers that go away, Ctrl-C: what is there is told, and a second run goes on."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kubectl_ns_tools.cluster.connection import Connection, Response, connect
from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiNotFound
from kubectl_ns_tools.deletion.backup.archive import Archive
from kubectl_ns_tools.deletion.restore import execution, races
from kubectl_ns_tools.deletion.restore.execution import restore
from kubectl_ns_tools.deletion.restore.planning import Wish, plan_restore
from kubectl_ns_tools.deletion.restore.report import Outcome, RestoreReport
from kubectl_ns_tools.errors import Interrupted, NsToolsError, Refused, Unreachable
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.restore.conftest import Bring, Save, delete
from tests.deletion.restore.house import RBAC, House
from tests.deletion.world import World
from tests.faults import faults
from tests.faults.exchange import Exchange
from tests.faults.proxy import ALWAYS, Fault, FaultProxy

pytestmark = pytest.mark.integration
OTHER = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}"
LOST = Unreachable("Unable to connect to the server: EOF")


def carry_out(connection: Connection, path: str) -> RestoreReport:
    with Archive.open(path) as archive:
        return restore(connection, archive, plan_restore(connection, archive, Wish()), patience=0)


class Wire:
    """Between us and the server: `fault(method, path)` may raise before a request, or ask for its loss."""

    def __init__(self, connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
        self.send: Callable[..., Response] = connection.request
        self.lose: Callable[[str, str], bool] = lambda method, path: False
        self.before: Callable[[str, str], None] = lambda method, path: None
        monkeypatch.setattr(connection, "request", self.request)

    def request(self, method: str, path: str, **values: Any) -> Response:
        self.before(method, path)
        answer = self.send(method, path, **values)
        if self.lose(method, path):
            raise LOST
        return answer


@pytest.fixture
def wire(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Wire:
    return Wire(connection, monkeypatch)


@pytest.fixture
def whole(world: World, save: Save) -> str:
    """A backup of a namespace with a ConfigMap and a workload."""
    world.configmap("first", data={"a": "b"})
    world.deployment("later", replicas=0)
    return save(world.namespace)


@pytest.fixture
def saved(world: World, whole: str) -> str:
    """The same; the namespace is gone."""
    delete(world)
    return whole


def test_what_was_created_although_its_answer_was_lost_is_restored(
    connection: Connection, wire: Wire, world: World, saved: str
) -> None:
    lost: set[str] = set()

    def lose(method: str, path: str) -> bool:
        first = method == "POST" and path not in lost and path.endswith(("namespaces", "configmaps"))
        lost.add(path)
        return first

    wire.lose = lose
    report = carry_out(connection, saved)
    assert {each.label for each in report.of(Outcome.RESTORED)} == {
        f"namespace/{world.namespace}", "configmap/first", "deployment.apps/later",
    }  # fmt: skip


def test_a_server_that_goes_away_ends_it_and_a_second_run_goes_on(
    connection: Connection, wire: Wire, saved: str, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(races, "TRIES", 2)

    def break_down(method: str, path: str) -> None:
        if path.endswith("deployments"):
            raise LOST

    wire.before = break_down
    with pytest.raises(Unreachable) as caught:
        carry_out(connection, saved)
    assert caught.value.problems == (
        "restored so far: 1 configmaps, 1 namespaces",
        "perhaps restored, its answer was not waited for: deployment.apps/later",
    )
    assert caught.value.hint == "run it again: it goes on from there"
    wire.before = lambda method, path: None
    assert [each.label for each in bring(saved).of(Outcome.RESTORED)] == ["deployment.apps/later"]


def test_ctrl_c_says_what_is_restored(connection: Connection, world: World, saved: str, bring: Bring) -> None:
    def interrupt(words: str) -> None:
        if "deployments" in words:
            raise KeyboardInterrupt

    with Archive.open(saved) as archive:
        plan = plan_restore(connection, archive, Wish())
        with pytest.raises(Interrupted) as caught:
            restore(connection, archive, plan, patience=0, tell=interrupt)
    assert caught.value.problems == ("restored so far: 1 configmaps, 1 namespaces",)
    assert [each.label for each in bring(saved).of(Outcome.RESTORED)] == ["deployment.apps/later"]


def test_a_namespace_that_goes_meanwhile_ends_it(
    connection: Connection, wire: Wire, world: World, saved: str
) -> None:
    held = f"/api/v1/namespaces/{world.namespace}/secrets"

    def remove(method: str, path: str) -> None:
        if path.endswith("deployments"):
            world.api.create(held, {"metadata": {"name": "held", "finalizers": ["example.com/hold"]}})
            world.delete_namespace()
            wait_until(world.is_terminating)

    wire.before = remove
    with pytest.raises(Refused) as caught:
        carry_out(connection, saved)
    world.api.call(
        "PATCH", f"{held}/held", {"metadata": {"finalizers": None}}, "application/merge-patch+json"
    )
    assert "because it is being terminated" in caught.value.message
    assert caught.value.hint == f"kubectl ns-status {world.namespace}"
    assert "restored so far: 1 configmaps, 1 namespaces" in caught.value.problems


def test_patience_that_was_in_vain_once_is_not_spent_on_thousands(
    connection: Connection, saved: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent: list[float] = []
    unknown = ApiForbidden("pods is forbidden: status unknown for quota: team", status=403)

    def despite_races(attempt: Callable[[], Any], *, seconds: float = 15.0, ailing: bool = False) -> Any:
        if ailing:
            return attempt()
        spent.append(seconds)
        raise unknown

    monkeypatch.setattr(execution, "despite_races", despite_races)
    report = carry_out(connection, saved)
    assert spent == [15.0, 0.0]
    assert {each.reason for each in report.of(Outcome.FAILED)} == {unknown.message}


def test_an_account_that_its_controller_makes_meanwhile_is_added_to(
    connection: Connection, wire: Wire, house: House, save: Save
) -> None:
    house.configuration()
    path = save(house.name)
    delete(house.world)
    account = f"/api/v1/namespaces/{house.name}/serviceaccounts/default"
    overlooked: list[str] = []

    def overlook(method: str, path: str) -> None:
        if (method, path) == ("GET", account) and not overlooked:
            wait_until(lambda: house.api.exists(account))
            overlooked.append(path)
            raise ApiNotFound("not yet", status=404)

    wire.before = overlook
    report = carry_out(connection, path)
    assert overlooked
    (found,) = (each for each in report.results if each.label == "serviceaccount/default")
    assert (found.outcome, found.reason) == (Outcome.RESTORED, "added to what was there")
    assert house.api.get(account)["imagePullSecrets"] == [{"name": "plain"}]


def test_a_volume_that_is_taken_meanwhile_is_not_stolen(
    connection: Connection, house: House, save: Save
) -> None:
    house.retained_volume()
    path = save(house.name)
    delete(house.world)
    with Archive.open(path) as archive:
        plan = plan_restore(connection, archive, Wish())
        other = {"namespace": "default", "name": "thief", "uid": None, "resourceVersion": None}
        volume = f"/api/v1/persistentvolumes/{house.volume}"
        house.api.call("PATCH", volume, {"spec": {"claimRef": other}}, "application/merge-patch+json")
        report = restore(connection, archive, plan, patience=0)
    [failed] = report.of(Outcome.FAILED)
    assert failed.reason == (
        f"not created, as persistentvolume/{house.volume} is bound to persistentvolumeclaim default/thief "
        "since the plan was made"
    )
    assert house.api.get(volume)["spec"]["claimRef"]["name"] == "thief"


WRITES = (
    ("POST", "/api/v1/namespaces"),
    ("POST", ".*/persistentvolumeclaims"),
    ("PATCH", ".*/persistentvolumes/.*"),
    ("POST", ".*/configmaps"),
    ("PATCH", ".*/serviceaccounts/default"),
)


@pytest.fixture
def released(house: House, save: Save) -> Iterator[str]:
    """A backup whose retained volume waits for a claim; it is restored under another name."""
    house.configuration()
    house.retained_volume()
    path = save(house.name)
    house.api.call("DELETE", f"/api/v1/namespaces/{house.name}/persistentvolumeclaims/data")
    volume = f"/api/v1/persistentvolumes/{house.volume}"
    wait_until(lambda: house.api.get(volume)["status"]["phase"] == "Released")
    yield path
    house.api.call("DELETE", f"/api/v1/namespaces/{house.name}-copy")


@pytest.mark.parametrize(
    "fault",
    [
        faults.dropped, faults.dropped_after, faults.hanging_after, faults.truncated,
        faults.refused(429, retry_after=1), faults.refused(500), faults.refused(503),
    ],
    ids=lambda fault: fault.__name__,
)  # fmt: skip
def test_one_fault_at_each_write_costs_nothing(
    controlplane: ControlPlane, house: House, released: str, fault: Fault
) -> None:
    """The second plan tells whether what is there is what was to be."""

    def once_it_is_there(exchange: Exchange) -> None:
        """Its controller makes it a moment after the namespace; a restore that is faster creates it."""
        wait_until(lambda: house.api.exists(exchange.target))
        exchange.pass_on()

    with FaultProxy.before(controlplane) as proxy, Archive.open(released) as archive:
        proxy.on("GET", ".*/serviceaccounts/default", then=once_it_is_there, times=ALWAYS)
        for method, path in WRITES:
            proxy.on(method, path, then=fault)
        connection = connect(proxy.config(), request_timeout=5)
        wish = Wish(name=f"{house.name}-copy")
        report = restore(connection, archive, plan_restore(connection, archive, wish), patience=10)
        assert len([each for each in proxy.faults() if each.method != "GET"]) == len(WRITES)
        assert report.of(Outcome.FAILED) == ()
        again = plan_restore(connection, archive, wish)
        connection.close()
    assert again.changes_nothing
    claim = f"/api/v1/namespaces/{house.name}-copy/persistentvolumeclaims/data"
    wait_until(lambda: house.api.get(claim)["status"]["phase"] == "Bound")
    assert house.api.get(claim)["spec"]["volumeName"] == house.volume


@pytest.mark.parametrize("path", ["/apis", "/api/v1/namespaces/[^/]*", "/api/v1/persistentvolumes/.*"])
def test_faults_while_the_plan_is_made_write_nothing(
    controlplane: ControlPlane, house: House, released: str, path: str
) -> None:
    with FaultProxy.before(controlplane) as proxy, Archive.open(released) as archive:
        connection = connect(proxy.config(), request_timeout=5)
        for fault in (faults.dropped, faults.hanging, faults.truncated, faults.not_json, faults.refused(500)):
            proxy.without_faults()
            proxy.on("GET", path, then=fault, times=ALWAYS)
            with pytest.raises(NsToolsError):
                plan_restore(connection, archive, Wish())
            assert proxy.faults()
            assert proxy.writes() == []
        connection.close()


def test_a_claim_that_holds_the_volume_meanwhile_keeps_it(
    connection: Connection, house: House, released: str
) -> None:
    with Archive.open(released) as archive:
        plan = plan_restore(connection, archive, Wish(only=["pvc"]))
        assert [step.fate for step in plan.writing if step.fate and step.fate.patch]
        house.unbind_volume()
        house.claim_volume()
        uid = house.claim("data")["metadata"]["uid"]
        report = restore(connection, archive, plan, patience=0)
    assert "persistentvolumeclaim/data" in [each.label for each in report.of(Outcome.UNCHANGED)]
    assert house.claim("data")["metadata"]["uid"] == uid
    volume = house.api.get(f"/api/v1/persistentvolumes/{house.volume}")
    assert volume["spec"]["claimRef"]["uid"] == uid


class TestTampering:
    """Archives that somebody has changed, digests and all, so that they look whole."""

    def changed(self, path: str, target: Path, change: Callable[[dict[str, Any]], None]) -> str:
        with gzip.open(path) as file, tarfile.open(fileobj=io.BytesIO(file.read())) as tar:
            members = {each.name: tar.extractfile(each).read() for each in tar}  # type: ignore[union-attr]
        index = json.loads(members["index.json"])
        change({"members": members, "index": index})
        for each in index["objects"]:
            each["sha256"] = hashlib.sha256(members[each["member"]]).hexdigest()
        for name in index["digests"]:
            index["digests"][name] = hashlib.sha256(members[name]).hexdigest()
        members["index.json"] = json.dumps(index).encode()
        with tarfile.open(target, "w:gz") as tar:
            for name in sorted(members, key=lambda name: (name == "index.json", name != "backup.json")):
                info = tarfile.TarInfo(name)
                info.size = len(members[name])
                tar.addfile(info, io.BytesIO(members[name]))
        return str(target)

    def test_an_object_outside_of_namespaces_is_refused(
        self, whole: str, tmp_path: Path, bring: Bring, world: World
    ) -> None:
        def change(archive: dict[str, Any]) -> None:
            [entry] = [each for each in archive["index"]["objects"] if each["kind"] == "ConfigMap"]
            text = f"apiVersion: {RBAC}/v1\nkind: ClusterRoleBinding\nmetadata: {{name: first}}\n"
            archive["members"][entry["member"]] = text.encode()
            entry.update(
                apiVersion=f"{RBAC}/v1", kind="ClusterRoleBinding",
                resource=f"clusterrolebindings.{RBAC}",
            )  # fmt: skip

        path = self.changed(whole, tmp_path / "x.tar.gz", change)
        with pytest.raises(
            Refused, match=f"it has clusterrolebinding.{RBAC}/first, which is in no namespace"
        ):
            bring(path, name=f"{world.namespace}-copy")
        assert not world.api.exists(f"/api/v1/namespaces/{world.namespace}-copy")

    @pytest.mark.parametrize(
        "text",
        [
            "[]",
            "a: b",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}",
            "\x00",
            "a: [",
            "a: 1\na: 2",
        ],
    )
    def test_a_manifest_of_something_else_is_refused(
        self, whole: str, tmp_path: Path, bring: Bring, world: World, text: str
    ) -> None:
        def change(archive: dict[str, Any]) -> None:
            [entry] = [each for each in archive["index"]["objects"] if each["kind"] == "ConfigMap"]
            archive["members"][entry["member"]] = text.encode()

        path = self.changed(whole, tmp_path / "x.tar.gz", change)
        with pytest.raises(Refused):
            bring(path, name=f"{world.namespace}-copy")
        assert not world.api.exists(f"/api/v1/namespaces/{world.namespace}-copy")

    def test_another_namespace_of_an_object_is_not_believed(
        self, whole: str, tmp_path: Path, bring: Bring, world: World
    ) -> None:
        def change(archive: dict[str, Any]) -> None:
            [entry] = [each for each in archive["index"]["objects"] if each["kind"] == "ConfigMap"]
            data = archive["members"][entry["member"]]
            archive["members"][entry["member"]] = data.replace(world.namespace.encode(), b"kube-system")

        delete(world)
        bring(self.changed(whole, tmp_path / "x.tar.gz", change))
        assert world.api.exists(f"/api/v1/namespaces/{world.namespace}/configmaps/first")
        assert not world.api.exists("/api/v1/namespaces/kube-system/configmaps/first")
