"""What tests of ns-delete, ns-backup and ns-restore put into namespaces."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from uuid import uuid4

from pytest_mock import MockerFixture

from kubectl_ns_tools.deletion import progress
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.world import World

CANARY = "hunter2-canary"  # what must never be seen


def with_secret(world: World) -> World:
    """With a ConfigMap, and a Secret that holds the canary."""
    world.configmap("a", data={"b": "c"})
    path = f"/api/v1/namespaces/{world.namespace}/secrets"
    world.api.create(path, {"metadata": {"name": "s"}, "stringData": {"password": CANARY}})
    return world


@contextmanager
def new_worlds(controlplane: ControlPlane, number: int) -> Iterator[list[World]]:
    """`PREFIX-a`, `PREFIX-b` and so on, each with a ConfigMap `a`; the prefix is theirs alone."""
    prefix = f"t{uuid4().hex[:8]}"
    names = [f"{prefix}-{letter}" for letter in "abcdefgh"[:number]]
    with ExitStack() as stack:
        worlds = []
        for name in names:
            controlplane.create_namespace(name)
            stack.callback(controlplane.api.call, "DELETE", f"/api/v1/namespaces/{name}")
            worlds.append(stack.enter_context(World.of(controlplane.api, name)))
            worlds[-1].configmap("a")
        yield worlds


def pattern(worlds: list[World]) -> str:
    """What stands for all of them and no other."""
    return f"{worlds[0].namespace.partition('-')[0]}-*"


def annotate(world: World, **annotations: str) -> None:
    """Of the namespace; two underscores stand for a slash, one for a dash."""
    keys = {key.replace("__", "/").replace("_", "-"): value for key, value in annotations.items()}
    body = {"metadata": {"annotations": keys}}
    path = f"/api/v1/namespaces/{world.namespace}"
    world.api.call("PATCH", path, body, "application/merge-patch+json")


def label(world: World, **labels: str) -> None:
    """Of the namespace."""
    path = f"/api/v1/namespaces/{world.namespace}"
    world.api.call("PATCH", path, {"metadata": {"labels": labels}}, "application/merge-patch+json")


def follow_after(mocker: MockerFixture, conditions: dict[str, Callable[[], bool]]) -> None:
    """ns-delete begins to follow a namespace when its condition holds, and its --timeout counts from then:
    how long the namespace controller takes decides nothing. conditions: by the name of the namespace."""
    follow = progress.follow

    def patient(connection: Any, plan: Any, **options: Any) -> Iterator[progress.Progress]:
        wait_until(conditions[plan.namespace], 120)
        return follow(connection, plan, **options)

    mocker.patch.object(progress, "follow", patient)
