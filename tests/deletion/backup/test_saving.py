"""A namespace of the real control plane, saved."""

import subprocess
import tarfile
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.discovery import discover
from kubectl_ns_tools.cluster.errors import ApiError
from kubectl_ns_tools.cluster.namespaces import get_namespace
from kubectl_ns_tools.deletion.backup.archive import Archive
from kubectl_ns_tools.deletion.backup.contents import Entry
from kubectl_ns_tools.deletion.backup.kinds.workloads import is_finished
from kubectl_ns_tools.deletion.backup.saving import BackupResult, Saved, save_namespace
from kubectl_ns_tools.deletion.inventory import Reason, take_inventory
from kubectl_ns_tools.errors import NsToolsError, Refused, Unreachable
from tests.cluster.scripted import Scripted
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.backup.cases import CLAIM, JOB
from tests.deletion.world import World, rule

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 24, 19, 53, 12, tzinfo=timezone.utc)


def save(
    connection: Connection,
    namespace: str,
    folder: Path,
    *,
    before: Callable[[], object] = lambda: None,
    tell: Callable[[str], None] = lambda kind: None,
) -> BackupResult:
    """before: happens between the inventory and the backup."""
    discovery = discover(connection)
    found = get_namespace(connection, namespace)
    inventory = take_inventory(connection, namespace, discovery=discovery)
    before()
    return save_namespace(
        connection, found, inventory, discovery, str(folder), context="blue@c", now=NOW, tell=tell
    )


def entries(result: BackupResult) -> dict[str, Entry]:
    with Archive.open(result.path) as archive:
        return {f"{entry.resource}/{entry.name}": entry for entry in archive.index.entries}


def skipped(result: BackupResult) -> dict[str, int]:
    return {f"{each.resource}: {each.reason}": each.number for each in result.skipped}


def test_what_is_saved_and_what_is_not(world: World, connection: Connection, tmp_path: Path) -> None:
    world.configmap("settings", data={"a": "1"})
    world.event("past")
    world.deployment("web", replicas=2)
    group = world.custom_kind("Widget")
    world.custom(group, "Widget", "one")
    result = save(connection, world.namespace, tmp_path)
    found = entries(result)
    assert set(found) == {"configmaps/settings", "deployments.apps/web", f"widgets.{group}/one"}
    assert all(entry.restore and not entry.reason for entry in found.values())
    assert skipped(result).items() >= {
        "configmaps: made by Kubernetes in every namespace": 1,
        "pods: a ReplicaSet makes them": 2,
        "replicasets.apps: a Deployment makes them": 1,
        "serviceaccounts: made in every namespace, and unchanged": 1,
    }.items()  # fmt: skip
    assert "events: they tell of what has been" in skipped(result)
    assert (result.gaps, result.volumes, result.objects) == ((), (), 3)
    assert Path(result.path).name.startswith(f"{world.namespace}-20261124T195312Z-{world.uid()[:8]}")
    assert result.bytes == Path(result.path).stat().st_size


def test_the_head_says_which_cluster(world: World, connection: Connection, tmp_path: Path) -> None:
    result = save(connection, world.namespace, tmp_path)
    with Archive.open(result.path) as archive:
        assert archive.head == result.head
        assert archive.namespace()["metadata"]["name"] == world.namespace
    head = result.head
    cluster = world.api.get("/api/v1/namespaces/kube-system")["metadata"]["uid"]
    assert (head.namespace, head.uid, head.cluster) == (world.namespace, world.uid(), cluster)
    assert (head.server, head.context, head.time) == (connection.server, "blue@c", "2026-11-24T19:53:12Z")


ODD = [
    "", "~", "null", "on", "y", "0x10", "012", "1e3", "1:30", "2001-01-01", ".5", "+1", "=", "<<", "- a",
    "a: b", "# a", " a ", "multi\nline\n", "two\n\n", "\n", "tab\there\n", "end \nof line\n", "dos\r\nline",
    "\x1b[31mred", "\x00", "\x85", "\u2028", "\ufeffbom", "gr\xf6\xdfe", "\U0001f600", "'single'",
    '"double"', "back\\slash", "%percent", "@at", "`tick`", "{flow}", "[flow]", "&anchor", "*alias", "!tag",
    "|", ">", "?", "...", "---\n",
]  # fmt: skip


def test_kubectl_applies_the_unpacked_archive(
    world: World, connection: Connection, tmp_path: Path, kubectl: Callable[..., Any]
) -> None:
    """The manifests are for everybody, names and values with everything that Kubernetes lets be in them."""
    odd = {f"k{number}": text for number, text in enumerate(ODD)}
    world.configmap("odd", data=odd)
    world.make("Role", "system:odd\x1b[31m ~name", rules=[rule("", "pods", "get")])
    world.make("Role", "-rf", rules=[])
    result = save(connection, world.namespace, tmp_path)
    with tarfile.open(result.path) as tar:
        tar.extractall(tmp_path / "unpacked", filter="data")
    before = {name: entry.uid for name, entry in entries(result).items()}
    assert before.keys() >= {"configmaps/odd", "roles.rbac.authorization.k8s.io/system:odd\x1b[31m ~name"}
    world.api.call("DELETE", f"/api/v1/namespaces/{world.namespace}/configmaps/odd")
    kubectl("apply", "-R", "-f", tmp_path / "unpacked" / "objects")
    again = world.api.get(f"/api/v1/namespaces/{world.namespace}/configmaps/odd")
    assert again["data"] == odd
    assert again["metadata"]["uid"] != before["configmaps/odd"]


def test_many_objects_are_read_page_by_page(world: World, connection: Connection, tmp_path: Path) -> None:
    count = 401  # two full pages, and a rest
    world.configmaps(count)
    result = save(connection, world.namespace, tmp_path)
    assert result.counts == (Saved("configmaps", count),)
    with Archive.open(result.path) as archive:
        names = [manifest["metadata"]["name"] for _, manifest in archive.manifests()]
    assert names == [f"many-{index:04}" for index in range(count)]


def test_a_kind_that_may_not_be_seen_is_a_gap(
    controlplane: ControlPlane, world: World, tmp_path: Path
) -> None:
    world.configmap("a")
    path = f"/api/v1/namespaces/{world.namespace}/secrets"
    world.api.create(path, {"metadata": {"name": "hidden"}, "stringData": {"a": "never shown"}})
    user = f"user-{world.namespace}"
    world.allow(user, [rule("", "configmaps", "list"), rule("", "namespaces", "get")])
    limited = connect(controlplane.kubeconfig_dict(user))
    try:
        result = save(limited, world.namespace, tmp_path)
    finally:
        limited.close()
    assert set(entries(result)) == {"configmaps/a"}
    gaps = {gap.what: gap.reason for gap in result.gaps}
    assert gaps["secrets"] is Reason.FORBIDDEN
    assert result.head.cluster == ""
    with Archive.open(result.path) as archive:
        assert archive.index.gaps == result.gaps


def test_finished_jobs_are_kept_but_not_run_again(
    world: World, connection: Connection, tmp_path: Path
) -> None:
    path = f"/apis/batch/v1/namespaces/{world.namespace}/jobs"
    for name, parallelism in (("done", 0), ("running", 1)):
        world.api.create(path, {"metadata": {"name": name}, "spec": {**JOB, "parallelism": parallelism}})
    wait_until(lambda: "startTime" in world.api.get(f"{path}/done")["status"])
    conditions = [{"type": kind, "status": "True"} for kind in ("FailureTarget", "Failed")]
    status = {"status": {"conditions": conditions}}
    answer = world.api.call("PATCH", f"{path}/done/status", status, "application/merge-patch+json")
    assert is_finished(answer[1]), answer
    result = save(connection, world.namespace, tmp_path)
    found = entries(result)
    assert (found["jobs.batch/done"].restore, found["jobs.batch/done"].reason) == (
        False, "finished: it would run again"
    )  # fmt: skip
    assert found["jobs.batch/running"].restore
    assert Saved("jobs.batch", 2, (("finished: it would run again", 1),)) in result.counts


def test_children_of_custom_resources_and_what_only_hangs_on_something(
    world: World, connection: Connection, tmp_path: Path
) -> None:
    group = world.custom_kind("Widget")
    owner = world.custom(group, "Widget", "one")
    reference = {
        "apiVersion": f"{group}/v1",
        "kind": "Widget",
        "name": "one",
        "uid": owner["metadata"]["uid"],
    }
    world.configmap("made", metadata={"ownerReferences": [{**reference, "controller": True}]})
    world.configmap("hanging", metadata={"ownerReferences": [reference]})
    found = entries(save(connection, world.namespace, tmp_path))
    made, hanging = found["configmaps/made"], found["configmaps/hanging"]
    assert (made.restore, made.reason) == (False, "Widget/one makes it")
    assert (hanging.restore, hanging.reason) == (True, "")
    assert [owner.uid for owner in hanging.owners] == [found[f"widgets.{group}/one"].uid]


@pytest.fixture
def volumes(world: World) -> dict[str, str]:
    """Two claims, bound: the name of each one's volume."""
    return {
        claim: bound_claim(world, claim, policy) for claim, policy in (("kept", "Retain"), ("lost", "Delete"))
    }


def bound_claim(world: World, claim: str, policy: str) -> str:
    path, name = "/api/v1/persistentvolumes", f"pv-{world.namespace}-{claim}"
    # A class of its own: a claim of another test that waits for a volume is not given this one.
    spec = {
        "capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/nowhere"},
        "persistentVolumeReclaimPolicy": policy, "storageClassName": name,
    }  # fmt: skip
    world.api.create(path, {"metadata": {"name": name}, "spec": spec})
    world._undo.append(lambda: world.api.call("DELETE", f"{path}/{name}"))
    world.api.create(
        f"/api/v1/namespaces/{world.namespace}/persistentvolumeclaims",
        {"metadata": {"name": claim}, "spec": {**CLAIM, "volumeName": name, "storageClassName": name}},
    )
    wait_until(lambda: world.api.get(f"{path}/{name}")["status"].get("phase") == "Bound")
    return name


def test_claims_and_their_volumes(
    world: World, connection: Connection, tmp_path: Path, volumes: dict[str, str]
) -> None:
    result = save(connection, world.namespace, tmp_path)
    assert {(each.claim, each.name, each.policy) for each in result.volumes} == {
        ("kept", volumes["kept"], "Retain"), ("lost", volumes["lost"], "Delete")
    }  # fmt: skip
    with Archive.open(result.path) as archive:
        claims = {entry.name: manifest["spec"] for entry, manifest in archive.manifests()}
        saved = {volume.claim: manifest["spec"] for volume, manifest in archive.volumes()}
    assert claims["kept"]["volumeName"] == volumes["kept"]
    assert "volumeName" not in claims["lost"]
    assert saved["kept"]["claimRef"].keys() == {"apiVersion", "kind", "namespace", "name"}


def test_volumes_that_may_not_be_read_are_a_gap(
    controlplane: ControlPlane, world: World, tmp_path: Path, volumes: dict[str, str]
) -> None:
    user = f"user-{world.namespace}"
    world.allow(user, [rule("", "persistentvolumeclaims", "list"), rule("", "namespaces", "get")])
    limited = connect(controlplane.kubeconfig_dict(user))
    try:
        result = save(limited, world.namespace, tmp_path)
    finally:
        limited.close()
    (gap,) = (gap for gap in result.gaps if gap.what == "persistentvolumes")
    assert (gap.reason, gap.deletable, result.volumes) == (Reason.FORBIDDEN, False, ())


def test_what_is_being_deleted_is_saved_all_the_same(
    world: World, connection: Connection, tmp_path: Path
) -> None:
    world.configmap("held", finalizers=["example.com/hold"])
    world.delete_namespace()
    wait_until(lambda: world.is_deleted("ConfigMap", "held"))
    result = save(connection, world.namespace, tmp_path)
    with Archive.open(result.path) as archive:
        ((_, manifest),) = archive.manifests()
    assert manifest["metadata"] == {"name": "held", "namespace": world.namespace}


def test_services_come_before_what_is_made_for_them(
    world: World, connection: Connection, tmp_path: Path
) -> None:
    path = f"/api/v1/namespaces/{world.namespace}"
    ports = [{"port": 80}]
    for name, spec in (("web", {"selector": {"app": "web"}, "ports": ports}), ("db", {"ports": ports})):
        world.api.create(f"{path}/services", {"metadata": {"name": name}, "spec": spec})
    subsets = [{"addresses": [{"ip": "192.0.2.1"}], "ports": ports}]
    world.api.create(f"{path}/endpoints", {"metadata": {"name": "db"}, "subsets": subsets})
    slices = f"/apis/discovery.k8s.io/v1/namespaces/{world.namespace}/endpointslices"
    wait_until(lambda: len(world.api.get(slices)["items"]) == 2)
    result = save(connection, world.namespace, tmp_path)
    assert set(entries(result)) == {"services/web", "services/db", "endpoints/db"}


# What must not become a backup.


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_namespace_that_was_re_created_meanwhile(
    world: World, connection: Connection, tmp_path: Path, controlplane: ControlPlane
) -> None:
    def recreate() -> None:
        world.delete_namespace()
        wait_until(world.is_gone)
        controlplane.create_namespace(world.namespace)

    with pytest.raises(Refused, match="was deleted and re-created while it was saved"):
        save(connection, world.namespace, tmp_path, before=recreate)
    assert files(tmp_path) == []


def test_a_namespace_that_went_meanwhile(world: World, connection: Connection, tmp_path: Path) -> None:
    def delete() -> None:
        world.delete_namespace()
        wait_until(world.is_gone)

    with pytest.raises(Refused, match="went while it was saved; there is no backup"):
        save(connection, world.namespace, tmp_path, before=delete)
    assert files(tmp_path) == []


def test_ctrl_c_in_the_middle(world: World, connection: Connection, tmp_path: Path) -> None:
    world.configmap("a")
    world.make("Role", "b", rules=[])

    def interrupt(kind: str) -> None:
        if kind.startswith("roles"):
            assert [path.suffix for path in files(tmp_path)] == [".partial"]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save(connection, world.namespace, tmp_path, tell=interrupt)
    assert files(tmp_path) == []


def test_rights_that_were_taken_away_meanwhile(
    controlplane: ControlPlane, world: World, tmp_path: Path
) -> None:
    """What the inventory has seen must be in the backup."""
    world.configmap("a")
    user = f"user-{world.namespace}"
    world.allow(user, [rule("", "configmaps", "list"), rule("", "namespaces", "get")])
    binding = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{world.namespace}/rolebindings/{user}"
    limited = connect(controlplane.kubeconfig_dict(user))

    def revoke() -> None:
        world.api.call("DELETE", binding)
        path = f"/api/v1/namespaces/{world.namespace}/configmaps"
        wait_until(lambda: not may_list(limited, path))

    try:
        with pytest.raises(NsToolsError, match="cannot list resource"):
            save(limited, world.namespace, tmp_path, before=revoke)
    finally:
        limited.close()
    assert files(tmp_path) == []


def may_list(connection: Connection, path: str) -> bool:
    try:
        connection.get(path)
    except ApiError:
        return False
    return True


CORE = {"kind": "APIVersions", "versions": ["v1"]}
VERBS = ["create", "delete", "get", "list"]
KINDS = {"resources": [{"name": "configmaps", "kind": "ConfigMap", "namespaced": True, "verbs": VERBS}]}
CONFIGMAPS = "/api/v1/namespaces/blue/configmaps"
BLUE = {"metadata": {"name": "blue", "uid": "u1"}}


def configmaps(*names: str, token: str = "") -> dict[str, Any]:
    return {
        "metadata": {"continue": token},
        "items": [{"metadata": {"name": name, "uid": f"u-{name}", "namespace": "blue"}} for name in names],
    }


def scripted() -> Scripted:
    """A cluster with two ConfigMaps; what it says to the backup's own list is still to come."""
    script = Scripted().on("/api").answer(CORE).on("/apis").answer({"groups": []})
    script.on("/api/v1").answer(KINDS).on("/api/v1/namespaces/kube-system").answer({"code": 403}, 403)
    script.on("/api/v1/namespaces/blue").answer(BLUE).answer(BLUE)
    return script.on(CONFIGMAPS).answer(configmaps("a", "b"))


@pytest.mark.parametrize("fault", ["cut", "error", "expired"])
def test_a_list_that_breaks_off_is_no_backup(tmp_path: Path, fault: str) -> None:
    script = scripted().answer(configmaps("a", token="t"))
    for _ in range(4):
        if fault == "cut":
            script.cut(configmaps("b"))
        else:
            code = {"error": 500, "expired": 410}[fault]
            script.answer({"kind": "Status", "code": code, "message": "no"}, code)
    with script as server, pytest.raises((ApiError, Unreachable)):
        save(server.connection(), "blue", tmp_path)
    assert files(tmp_path) == []


def test_an_object_that_is_told_twice_is_saved_once(tmp_path: Path) -> None:
    gone = {"kind": "Status", "code": 410, "message": "too old"}
    script = scripted().answer(configmaps("a", token="t")).answer(gone, 410).answer(configmaps("a", "b"))
    with script as server:
        result = save(server.connection(), "blue", tmp_path)
    assert result.counts == (Saved("configmaps", 2),)
    assert result.head.cluster == ""


def test_autoscalers_are_read_in_the_version_that_says_all(
    world: World, connection: Connection, tmp_path: Path
) -> None:
    spec = {"scaleTargetRef": {"kind": "Deployment", "name": "x", "apiVersion": "apps/v1"}, "maxReplicas": 3}
    path = f"/apis/autoscaling/v2/namespaces/{world.namespace}/horizontalpodautoscalers"
    world.api.create(path, {"metadata": {"name": "a"}, "spec": spec})
    entry = entries(save(connection, world.namespace, tmp_path))["horizontalpodautoscalers.autoscaling/a"]
    assert entry.api_version == "autoscaling/v2"


def test_no_value_of_a_secret_is_on_the_disk_in_an_annotation(
    world: World,
    connection: Connection,
    tmp_path: Path,
    kubectl: Callable[..., "subprocess.CompletedProcess[str]"],
) -> None:
    """kubectl apply leaves all values in an annotation, old ones too."""
    manifest = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: %s}\n"
    kubectl("apply", "-n", world.namespace, "-f", "-", input=manifest % "old-value")
    result = save(connection, world.namespace, tmp_path)
    with Archive.open(result.path) as archive:
        ((_, saved),) = archive.manifests()
    assert "annotations" not in saved["metadata"]
    assert saved["data"].keys() == {"password"}
