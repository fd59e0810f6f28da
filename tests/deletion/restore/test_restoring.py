"""What is restored, what is left out, and what stands in the way; on the real control plane."""

from typing import Any

import pytest

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.namespaces import NAMESPACES
from kubectl_ns_tools.cluster.permissions import can_i
from kubectl_ns_tools.deletion.backup.archive import Archive
from kubectl_ns_tools.deletion.restore.execution import restore
from kubectl_ns_tools.deletion.restore.planning import Wish, plan_restore
from kubectl_ns_tools.deletion.restore.rehearsal import NO_NAMESPACE, rehearse
from kubectl_ns_tools.deletion.restore.report import Outcome, RestoreReport, planned
from kubectl_ns_tools.errors import NotFound, Refused
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.restore.conftest import Bring, Save, delete
from tests.deletion.restore.house import CONTAINER, House
from tests.deletion.world import World, rule

pytestmark = pytest.mark.integration
CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


def labels(report: RestoreReport, outcome: Outcome) -> set[str]:
    return {each.label for each in report.of(outcome)}


def reason(report: RestoreReport, label: str) -> str:
    return next(each.reason for each in report.results if each.label == label)


def owned(house: House, owner: Any, name: str) -> None:
    """A Secret that a custom resource says it has made."""
    reference = {
        "apiVersion": owner["apiVersion"], "kind": owner["kind"], "controller": True,
        "name": owner["metadata"]["name"], "uid": owner["metadata"]["uid"],
    }  # fmt: skip
    house.make("/api/v1", "secrets", name, metadata={"ownerReferences": [reference]}, stringData={"a": "b"})


def test_only_some_are_restored_and_the_namespace_stays_as_it_is(
    house: House, save: Save, bring: Bring
) -> None:
    house.configuration()
    house.label()
    path = save(house.name)
    delete(house.world)
    report = bring(path, only=["cm", "secret/plain"], excepted=["secrets"])
    assert labels(report, Outcome.RESTORED) == {f"namespace/{house.name}", "configmap/settings"}
    house.api.call(
        "PATCH", f"/api/v1/namespaces/{house.name}", {"metadata": {"labels": {"team": None}}},
        "application/merge-patch+json",
    )  # fmt: skip
    report = bring(path, only=["secret/plain"])
    assert labels(report, Outcome.RESTORED) == {"secret/plain"}
    assert "team" not in house.api.get(f"/api/v1/namespaces/{house.name}")["metadata"]["labels"]
    assert labels(bring(path), Outcome.UNCHANGED) == {"configmap/settings", "secret/plain"}


def test_what_is_not_in_the_backup_cannot_be_asked_for(world: World, save: Save, bring: Bring) -> None:
    world.configmap("settings")
    path = save(world.namespace)
    with pytest.raises(NotFound, match="--only configmap/setings matches nothing") as caught:
        bring(path, only=["configmap/setings"])
    assert caught.value.hint == "did you mean 'settings'?"


def test_what_a_custom_resource_made_is_left_to_it_unless_it_is_named(
    house: House, save: Save, bring: Bring
) -> None:
    group = house.world.custom_kind("Widget")
    owned(house, house.world.custom(group, "Widget", "one"), "made")
    path = save(house.name)
    delete(house.world)
    report = bring(path)
    assert labels(report, Outcome.SKIPPED) == {"secret/made"}
    assert reason(report, "secret/made") == "Widget/one makes it"
    report = bring(path, excepted=[f"widgets.{group}"])  # others have Widgets too
    assert reason(report, "secret/made") == (
        "its owner Widget/one is not restored; --only secret/made restores it by itself"
    )
    assert labels(bring(path, only=["secret/made"]), Outcome.RESTORED) == {"secret/made"}
    made = house.api.get(f"/api/v1/namespaces/{house.name}/secrets/made")
    assert "ownerReferences" not in made["metadata"]
    assert made["data"] == {"a": "Yg=="}


def test_a_finished_job_is_run_again_only_on_request(house: House, save: Save, bring: Bring) -> None:
    spec = {"template": {"spec": {"containers": [CONTAINER], "restartPolicy": "Never"}}}
    house.make("/apis/batch/v1", "jobs", "done", spec=spec)
    house.finish("done")
    path = save(house.name)
    delete(house.world)
    assert labels(bring(path, only=["job/done"]), Outcome.SKIPPED) == {"job.batch/done"}
    report = bring(path, run_finished_jobs=True)
    assert labels(report, Outcome.RESTORED) == {"job.batch/done"}
    assert not bring(path, run_finished_jobs=True).of(Outcome.RESTORED)


def test_a_kind_that_is_not_served_is_skipped_and_restored_later(
    house: House, save: Save, bring: Bring
) -> None:
    group = house.world.custom_kind("Gadget")
    house.world.custom(group, "Gadget", "one")
    crd = house.api.get(f"{CRDS}/gadgets.{group}")
    path = save(house.name)
    delete(house.world)
    house.api.call("DELETE", f"{CRDS}/gadgets.{group}")
    wait_until(lambda: not house.api.exists(f"/apis/{group}/v1"))
    wait_until(lambda: not house.api.discovered(group, "gadgets"))
    report = bring(path)
    assert reason(report, f"gadget.{group}/one") == (
        f"the cluster does not serve gadgets.{group}/v1 (install its CRD first)"
    )
    version = {**crd["spec"]["versions"][0], "name": "v2"}
    house.api.create(
        CRDS, {"metadata": {"name": crd["metadata"]["name"]}, "spec": {**crd["spec"], "versions": [version]}}
    )
    wait_until(lambda: house.api.exists(f"/apis/{group}/v2"))
    wait_until(lambda: "(it has v2)" in reason(bring(path), f"gadget.{group}/one"))


def test_under_another_name_everything_moves_and_what_means_the_old_one_is_told(
    house: House, save: Save, bring: Bring
) -> None:
    house.rights()
    url = f"http://db.{house.name}.svc"
    house.world.configmap("settings", data={"url": url})
    path = save(house.name)
    other = f"{house.name}-copy"
    try:
        report = bring(path, name=other)
        assert report.of(Outcome.FAILED) == ()
        root = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{other}/rolebindings/reader"
        assert house.api.get(root)["subjects"][0]["namespace"] == other
        assert house.api.get(f"/api/v1/namespaces/{other}/configmaps/settings")["data"]["url"] == url
        assert report.notes == (("configmap/settings", f"data.url may still mean namespace {house.name}"),)
        assert not bring(path, name=other).of(Outcome.RESTORED)
    finally:
        house.api.call("DELETE", f"/api/v1/namespaces/{other}")


def test_what_fails_does_not_stop_the_others(house: House, save: Save, bring: Bring) -> None:
    port = house.world.free_node_port()
    spec = {"type": "NodePort", "ports": [{"port": 80, "nodePort": port}]}
    house.make("/api/v1", "services", "fixed", spec=spec)
    house.world.configmap("a")
    path = save(house.name)
    delete(house.world)
    thief = f"thief-{house.name}"
    house.api.create("/api/v1/namespaces/default/services", {"metadata": {"name": thief}, "spec": spec})
    try:
        report = bring(path)
    finally:
        house.api.call("DELETE", f"/api/v1/namespaces/default/services/{thief}")
    assert labels(report, Outcome.FAILED) == {"service/fixed"}
    assert f"{port}: provided port is already allocated" in reason(report, "service/fixed")
    assert "configmap/a" in labels(report, Outcome.RESTORED)
    assert labels(bring(path), Outcome.RESTORED) == {"service/fixed"}


class TestWebhooks:
    """One that does not answer, as its pods are only just being restored."""

    @pytest.fixture
    def webhook(self, house: House, save: Save) -> Any:
        """A backup of a deleted namespace with a ConfigMap and a Secret; a webhook holds the first."""
        house.world.configmap("held")
        house.make("/api/v1", "secrets", "free", stringData={"a": "b"})
        path = save(house.name)
        hook = house.world.refuse_configmaps()
        delete(house.world)
        return path, lambda: house.api.call("DELETE", hook)

    def test_it_is_waited_for_until_patience_ends(self, webhook: Any, bring: Bring) -> None:
        path, repair = webhook
        report = bring(path, patience=3)
        assert labels(report, Outcome.FAILED) == {"configmap/held"}
        assert "failed calling webhook" in reason(report, "configmap/held")
        assert "secret/free" in labels(report, Outcome.RESTORED)
        repair()

    def test_it_is_tried_again_when_all_else_is_there(self, webhook: Any, connection: Connection) -> None:
        path, repair = webhook
        told: list[str] = []

        def tell(words: str) -> None:
            told.append(words)
            if words.startswith("trying 1 objects again"):
                repair()

        with Archive.open(path) as archive:
            plan = plan_restore(connection, archive, Wish())
            report = restore(connection, archive, plan, patience=60, tell=tell)
        assert report.of(Outcome.FAILED) == ()
        assert "configmap/held" in labels(report, Outcome.RESTORED)
        assert any("failed calling webhook" in words for words in told)


class TestRights:
    @pytest.fixture
    def saved(self, house: House, save: Save) -> str:
        house.world.configmap("a")
        house.retained_volume()
        path = save(house.name)
        root = f"/api/v1/namespaces/{house.name}"
        gone = (f"{root}/configmaps/a", f"{root}/persistentvolumeclaims/data")
        for each in gone:
            house.api.call("DELETE", each)
        wait_until(lambda: not any(map(house.api.exists, gone)))
        return path

    def person(self, controlplane: ControlPlane, house: House, *rules: dict[str, Any]) -> Connection:
        user = f"user-{house.name}"
        house.world.allow(user, rules)
        return connect(controlplane.kubeconfig_dict(user))

    def test_forbidden_kinds_are_told_before_anything_is_written(
        self, controlplane: ControlPlane, house: House, saved: str
    ) -> None:
        may = rule("", "configmaps,namespaces", "get", "list", "create")
        connection = self.person(controlplane, house, may, rule("", "persistentvolumeclaims", "get", "list"))
        with Archive.open(saved) as archive, pytest.raises(Refused) as caught:
            plan_restore(connection, archive, Wish())
        assert caught.value.problems == ("you may not create persistentvolumeclaims",)
        assert caught.value.hint == "--except persistentvolumeclaims leaves them out"
        with Archive.open(saved) as archive:
            plan = plan_restore(connection, archive, Wish(excepted=["persistentvolumeclaims"]))
            report = restore(connection, archive, plan, patience=0)
        assert labels(report, Outcome.RESTORED) == {"configmap/a"}
        connection.close()

    def test_who_may_not_look_at_volumes_is_told_what_to_ask_for(
        self, controlplane: ControlPlane, house: House, saved: str
    ) -> None:
        may = rule("", "persistentvolumeclaims,configmaps,namespaces", "get", "list", "create")
        connection = self.person(controlplane, house, may)
        with Archive.open(saved) as archive:
            plan = plan_restore(connection, archive, Wish())
            report = restore(connection, archive, plan, patience=0)
        connection.close()
        [(label, text)] = report.notes
        assert label == "persistentvolumeclaim/data"
        assert f'kubectl patch persistentvolume {house.volume} --type merge -p \'{{"spec"' in text
        assert house.claim("data")["spec"]["volumeName"] == house.volume

    def test_who_may_not_change_the_namespace_restores_what_is_in_it(
        self, controlplane: ControlPlane, house: House, save: Save
    ) -> None:
        house.world.configmap("a")
        house.label()
        path = save(house.name)
        house.api.call("DELETE", f"/api/v1/namespaces/{house.name}/configmaps/a")
        house.api.call(
            "PATCH", f"/api/v1/namespaces/{house.name}", {"metadata": {"labels": {"team": None}}},
            "application/merge-patch+json",
        )  # fmt: skip
        may = rule("", "configmaps,namespaces", "get", "list", "create")
        connection = self.person(controlplane, house, may)
        with Archive.open(path) as archive:
            report = restore(connection, archive, plan_restore(connection, archive, Wish()), patience=0)
        connection.close()
        assert labels(report, Outcome.RESTORED) == {"configmap/a"}
        assert labels(report, Outcome.SKIPPED) == {f"namespace/{house.name}"}
        assert "cannot patch resource" in reason(report, f"namespace/{house.name}")

    def test_who_may_not_create_the_namespace_is_told(
        self, controlplane: ControlPlane, house: House, saved: str
    ) -> None:
        user, role = f"reader-{house.name}", {"metadata": {"name": f"reader-{house.name}"}}
        rbac = "/apis/rbac.authorization.k8s.io/v1"
        subject = {"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": user}
        reference = {"kind": "ClusterRole", "apiGroup": "rbac.authorization.k8s.io", "name": user}
        house.api.create(f"{rbac}/clusterroles", {**role, "rules": [rule("", "namespaces", "get")]})
        house.api.create(f"{rbac}/clusterrolebindings", {**role, "subjects": [subject], "roleRef": reference})
        connection = connect(controlplane.kubeconfig_dict(user))
        wait_until(lambda: can_i(connection, "get", NAMESPACES))
        try:
            with Archive.open(saved) as archive, pytest.raises(Refused) as caught:
                plan_restore(connection, archive, Wish(name=f"{house.name}-copy", only=["cm"]))
        finally:
            connection.close()
            for kind in ("clusterroles", "clusterrolebindings"):
                house.api.call("DELETE", f"{rbac}/{kind}/{user}")
        assert caught.value.message.endswith("; nothing was written")
        assert caught.value.problems == ("you may not create namespaces", "you may not create configmaps")
        assert caught.value.hint == "ask an administrator for these rights"


class TestDryRuns:
    def test_the_plan_is_shown_and_nothing_written(
        self, house: House, save: Save, connection: Connection
    ) -> None:
        house.configuration()
        path = save(house.name)
        delete(house.world)
        with Archive.open(path) as archive:
            report = planned(plan_restore(connection, archive, Wish()))
        assert report.dry_run == "client"
        assert f"namespace/{house.name}" in labels(report, Outcome.RESTORED)
        assert "configmap/settings" in labels(report, Outcome.RESTORED)
        assert house.world.is_gone()

    def test_the_server_cannot_check_what_has_no_namespace(
        self, house: House, save: Save, connection: Connection
    ) -> None:
        house.configuration()
        path = save(house.name)
        delete(house.world)
        with Archive.open(path) as archive:
            report = rehearse(connection, archive, plan_restore(connection, archive, Wish()))
        assert reason(report, f"namespace/{house.name}") == ""
        assert reason(report, "configmap/settings") == NO_NAMESPACE
        assert house.world.is_gone()

    def test_the_server_checks_each_object_of_one_that_is_there(
        self, house: House, save: Save, connection: Connection
    ) -> None:
        house.rights()
        house.retained_volume()
        house.world.configmap("a")
        house.world.configmap("b")
        path = save(house.name)
        root = f"/api/v1/namespaces/{house.name}"
        rbac = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{house.name}"
        gone = [f"{root}/configmaps/a", f"{root}/configmaps/b", f"{root}/persistentvolumeclaims/data"]
        gone += [f"{rbac}/roles/reader", f"{rbac}/rolebindings/reader"]
        for each in gone:
            house.api.call("DELETE", each)
        wait_until(lambda: not any(map(house.api.exists, gone)))
        house.world.configmap("c")  # two, with the certificate
        house.make("/api/v1", "resourcequotas", "none", spec={"hard": {"count/configmaps": "2"}})
        # admission hears of the quota, and then of its status, a moment after they are there
        trial = f"{root}/configmaps?dryRun=All", {"metadata": {"name": "trial"}}
        wait_until(lambda: "exceeded quota" in str(house.api.call("POST", *trial)))
        with Archive.open(path) as archive:
            report = rehearse(connection, archive, plan_restore(connection, archive, Wish()))
        assert labels(report, Outcome.FAILED) == {"configmap/a", "configmap/b"}
        assert "exceeded quota" in reason(report, "configmap/a")
        assert "persistentvolumeclaim/data" in labels(report, Outcome.RESTORED)
        assert not any(map(house.api.exists, gone))
        volume = house.api.get(f"/api/v1/persistentvolumes/{house.volume}")
        assert volume["spec"]["claimRef"]["uid"]
