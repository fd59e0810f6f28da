"""What is in the cluster already is never changed."""

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.deletion.backup.archive import Archive
from kubectl_ns_tools.deletion.restore.planning import Wish, plan_restore
from kubectl_ns_tools.deletion.restore.report import Outcome, RestoreReport
from kubectl_ns_tools.errors import Refused
from tests.controlplane.servers import wait_until
from tests.deletion.restore.conftest import Bring, Save, delete
from tests.deletion.restore.house import House
from tests.deletion.world import World

pytestmark = pytest.mark.integration
_MERGE = "application/merge-patch+json"


def outcomes(report: RestoreReport) -> dict[str, tuple[str, str]]:
    return {each.label: (each.outcome.value, each.reason) for each in report.results}


def test_an_object_that_differs_is_skipped_with_the_fields(world: World, save: Save, bring: Bring) -> None:
    world.configmap("changed", data={"a": "1", "b": "2"})
    world.configmap("same", data={"a": "1"})
    world.configmap("gone", data={"a": "1"})
    path = save(world.namespace)
    root = f"/api/v1/namespaces/{world.namespace}/configmaps"
    world.api.call("PATCH", f"{root}/changed", {"data": {"a": "secret"}}, _MERGE)
    world.api.call("DELETE", f"{root}/gone")
    assert outcomes(bring(path)) == {
        f"namespace/{world.namespace}": ("unchanged", ""),
        "configmap/changed": ("skipped", "exists and differs (data.a)"),
        "configmap/same": ("unchanged", ""),
        "configmap/gone": ("restored", ""),
    }
    assert world.api.get(f"{root}/changed")["data"]["a"] == "secret"


def test_what_every_namespace_has_is_added_to(house: House, save: Save, bring: Bring) -> None:
    house.configuration()
    house.label()
    path = save(house.name)
    delete(house.world)
    house.api.create(
        "/api/v1/namespaces", {"metadata": {"name": house.name, "labels": {"team": "red", "own": "x"}}}
    )
    account = f"/api/v1/namespaces/{house.name}/serviceaccounts/default"
    wait_until(lambda: house.api.exists(account))
    house.api.call("PATCH", account, {"imagePullSecrets": [{"name": "theirs"}]}, _MERGE)
    report = bring(path)
    found = outcomes(report)
    assert found[f"namespace/{house.name}"] == ("restored", "added to what was there")
    assert found["serviceaccount/default"] == ("restored", "added to what was there")
    metadata = house.api.get(f"/api/v1/namespaces/{house.name}")["metadata"]
    assert (metadata["labels"]["team"], metadata["labels"]["own"]) == ("red", "x")
    assert metadata["annotations"] == {"contact": "a@example.com"}
    assert (f"namespace/{house.name}", "stays as it is in the cluster: metadata.labels.team") in report.notes
    assert house.api.get(account)["imagePullSecrets"] == [{"name": "theirs"}, {"name": "plain"}]
    again = bring(path)
    assert not again.of(Outcome.RESTORED)
    assert not again.of(Outcome.FAILED)


def test_a_namespace_that_is_being_deleted_is_refused(world: World, save: Save, bring: Bring) -> None:
    world.configmap("held", finalizers=["example.com/hold"])
    path = save(world.namespace)
    world.delete_namespace()
    wait_until(world.is_terminating)
    with pytest.raises(Refused, match=f'namespace "{world.namespace}" is being deleted') as caught:
        bring(path)
    assert f"kubectl ns-status {world.namespace}" in caught.value.hint


def test_an_object_that_is_still_going_is_waited_for(world: World, save: Save, bring: Bring) -> None:
    world.configmap("held", finalizers=["example.com/hold"])
    path = save(world.namespace)
    root = f"/api/v1/namespaces/{world.namespace}/configmaps/held"
    world.api.call("DELETE", root)
    report = bring(path)
    [failed] = report.of(Outcome.FAILED)
    assert failed.label == "configmap/held"
    assert failed.reason == 'object is being deleted: configmaps "held" already exists'
    world.api.call("PATCH", root, {"metadata": {"finalizers": None}}, _MERGE)
    assert outcomes(bring(path))["configmap/held"] == ("restored", "")


def test_what_appears_between_plan_and_restore_is_looked_at(
    world: World, save: Save, connection: Connection
) -> None:
    from kubectl_ns_tools.deletion.restore.execution import restore

    world.configmap("same", data={"a": "1"})
    world.configmap("other", data={"a": "1"})
    path = save(world.namespace)
    root = f"/api/v1/namespaces/{world.namespace}/configmaps"
    for name in ("same", "other"):
        world.api.call("DELETE", f"{root}/{name}")
    with Archive.open(path) as archive:
        plan = plan_restore(connection, archive, Wish())
        world.configmap("same", data={"a": "1"})
        world.configmap("other", data={"a": "2"})
        report = restore(connection, archive, plan, patience=0)
    found = outcomes(report)
    assert found["configmap/same"] == ("unchanged", "")
    assert found["configmap/other"] == ("skipped", "exists and differs (data.a)")


def test_a_namespace_that_appears_meanwhile_is_refused(
    world: World, save: Save, connection: Connection
) -> None:
    from kubectl_ns_tools.deletion.restore.execution import restore

    world.configmap("a")
    path = save(world.namespace)
    delete(world)
    with Archive.open(path) as archive:
        plan = plan_restore(connection, archive, Wish())
        world.api.create("/api/v1/namespaces", {"metadata": {"name": world.namespace}})
        with pytest.raises(Refused, match="was created since the plan was made; nothing was written"):
            restore(connection, archive, plan, patience=0)
    assert not world.api.exists(f"/api/v1/namespaces/{world.namespace}/configmaps/a")


def test_other_content_is_named_and_what_controllers_make_is_not(
    world: World, save: Save, connection: Connection
) -> None:
    world.configmap("a")
    path = save(world.namespace)
    world.configmap("b")
    world.deployment("web", replicas=1)
    world.event("noise")
    with Archive.open(path) as archive:
        plan = plan_restore(connection, archive, Wish())
    assert plan.others == ("configmap/b", "deployment.apps/web")
    assert plan.changes_nothing
