from dataclasses import replace

import pytest
from pytest_mock import MockerFixture

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiConflict, ApiNotFound
from kubectl_ns_tools.deletion.execution import delete
from kubectl_ns_tools.deletion.plan import DeletionPlan
from kubectl_ns_tools.deletion.preview import preview
from kubectl_ns_tools.errors import Refused
from tests.controlplane.servers import wait_until
from tests.deletion import builders
from tests.deletion.builders import Namespace, active, terminating
from tests.deletion.world import World


@pytest.fixture
def plan(connection: Connection, world: World) -> DeletionPlan:
    return preview(connection, world.namespace, context="test")


@pytest.mark.integration
def test_the_namespace_of_the_plan_is_deleted(
    connection: Connection, world: World, plan: DeletionPlan
) -> None:
    delete(connection, plan)
    wait_until(world.is_gone)


@pytest.mark.integration
def test_a_dry_run_deletes_nothing(connection: Connection, world: World, plan: DeletionPlan) -> None:
    delete(connection, plan, dry_run=True)
    assert not world.is_terminating()
    assert world.uid() == plan.uid


@pytest.mark.integration
def test_a_namespace_that_was_re_created_is_not_deleted(
    connection: Connection, world: World, plan: DeletionPlan
) -> None:
    world.delete_namespace()
    wait_until(world.is_gone)
    world.api.create("/api/v1/namespaces", {"metadata": {"name": world.namespace}})
    with pytest.raises(
        Refused, match="was deleted and re-created since the preview; nothing was deleted"
    ) as refused:
        delete(connection, plan)
    assert plan.uid in refused.value.hint
    assert world.uid() in refused.value.hint
    assert not world.is_terminating()


@pytest.mark.integration
def test_a_namespace_that_is_gone_is_not_found(connection: Connection, plan: DeletionPlan) -> None:
    with pytest.raises(ApiNotFound, match=f'namespaces "{plan.namespace}-x" not found'):
        delete(connection, replace(plan, namespace=f"{plan.namespace}-x"))


@pytest.mark.integration
def test_protected_and_absent_namespaces_have_no_preview(connection: Connection, namespace_name: str) -> None:
    with pytest.raises(Refused):
        preview(connection, "kube-system", context="test")
    with pytest.raises(ApiNotFound, match=r'Error from server \(NotFound\): namespaces "t-.*" not found'):
        preview(connection, namespace_name, context="test")


class Refusing:
    """An old server: it answers 409 to a second DELETE."""

    def __init__(self, mocker: MockerFixture, namespace: Namespace) -> None:
        self.warnings: list[str] = []
        conflict = ApiConflict("Error from server (Conflict): …", status=409, reason="Conflict")
        mocker.patch("kubectl_ns_tools.deletion.execution.delete_object", side_effect=conflict)
        mocker.patch("kubectl_ns_tools.deletion.execution.get_namespace", return_value=namespace.object)


def test_an_old_servers_conflict_about_a_terminating_namespace_is_none(mocker: MockerFixture) -> None:
    delete(Refusing(mocker, terminating()), builders.plan())  # type: ignore[arg-type]


def test_any_other_conflict_is_told(mocker: MockerFixture) -> None:
    with pytest.raises(ApiConflict):
        delete(Refusing(mocker, active()), builders.plan())  # type: ignore[arg-type]


def test_only_the_warnings_about_the_deletion_are_returned(mocker: MockerFixture) -> None:
    connection = mocker.Mock(warnings=["v1 Endpoints is deprecated"])
    mocker.patch(
        "kubectl_ns_tools.deletion.execution.delete_object",
        side_effect=lambda *_, **__: connection.warnings.append("blue is dear to somebody"),
    )
    assert delete(connection, builders.plan()) == ("blue is dear to somebody",)
