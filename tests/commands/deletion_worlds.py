"""What tests of ns-delete, ns-backup and ns-restore put into namespaces."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from uuid import uuid4

from tests.controlplane.servers import ControlPlane
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
