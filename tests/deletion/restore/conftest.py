"""Namespaces that are saved, deleted and brought back."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.discovery import discover
from kubectl_ns_tools.cluster.namespaces import get_namespace
from kubectl_ns_tools.deletion.backup.archive import Archive
from kubectl_ns_tools.deletion.backup.saving import save_namespace
from kubectl_ns_tools.deletion.clock import now
from kubectl_ns_tools.deletion.inventory import take_inventory
from kubectl_ns_tools.deletion.restore.execution import restore
from kubectl_ns_tools.deletion.restore.planning import Wish, plan_restore
from kubectl_ns_tools.deletion.restore.report import RestoreReport
from tests.controlplane.servers import wait_until
from tests.deletion.restore.house import House
from tests.deletion.world import World

Save = Callable[[str], str]
Bring = Callable[..., RestoreReport]


@pytest.fixture
def house(world: World) -> Iterator[House]:
    """An empty one."""
    made = House(world)
    yield made
    made.remove_volume()


@pytest.fixture
def save(connection: Connection, tmp_path: Path) -> Save:
    """save(namespace): the path of a new backup."""

    def saved(name: str) -> str:
        discovery = discover(connection)
        inventory = take_inventory(connection, name, discovery=discovery)
        folder = tmp_path / f"backup-{len(list(tmp_path.iterdir()))}"
        result = save_namespace(
            connection, get_namespace(connection, name), inventory, discovery, str(folder),
            context="c", now=now(),
        )  # fmt: skip
        return result.path

    return saved


@pytest.fixture
def bring(connection: Connection) -> Bring:
    """bring(path, **wishes): the report of a restore."""

    def brought(path: str, *, patience: float = 0.0, **wishes: Any) -> RestoreReport:
        with Archive.open(path) as archive:
            plan = plan_restore(connection, archive, Wish(**wishes))
            return restore(connection, archive, plan, patience=patience)

    return brought


def delete(world: World) -> None:
    """Returns when the namespace is gone."""
    world.delete_namespace()
    wait_until(world.is_gone)


def contents(path: str) -> dict[str, Any]:
    """The manifests of a backup by their members, and what is not restored, by its reason."""
    with Archive.open(path) as archive:
        manifests = {entry.member: manifest for entry, manifest in archive.manifests()}
        return {
            "namespace": archive.namespace(),
            "objects": manifests,
            "volumes": {volume.member: manifest for volume, manifest in archive.volumes()},
            "left out": {entry.member: entry.reason for entry in archive.index.entries if not entry.restore},
        }
