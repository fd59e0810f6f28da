"""ns-delete with a network between it and the API server that fails at each of its stages."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from kubectl_ns_tools.errors import ExitCode
from tests.controlplane.servers import ControlPlane
from tests.deletion.world import World
from tests.faults import faults
from tests.faults.proxy import ALWAYS, Fault, FaultProxy

pytestmark = pytest.mark.integration
SECRET = "c3VwZXItc2VjcmV0"  # as it is in the cluster


class Way(NamedTuple):
    """The kubeconfig that leads through the proxy to a namespace with a LimitRange and a Secret."""

    proxy: FaultProxy
    config: Path
    world: World

    @property
    def path(self) -> str:
        return f"/api/v1/namespaces/{self.world.namespace}"

    @property
    def is_untouched(self) -> bool:
        return not self.proxy.writes() and not self.world.is_terminating()


@pytest.fixture
def way(controlplane: ControlPlane, namespace: str, tmp_path: Path) -> Iterator[Way]:
    world, path = World(controlplane.api, namespace), f"/api/v1/namespaces/{namespace}"
    limits = {"limits": [{"type": "Container", "default": {"cpu": "1"}}]}
    world.api.create(f"{path}/limitranges", {"metadata": {"name": "limits"}, "spec": limits})
    world.api.create(f"{path}/secrets", {"metadata": {"name": "pw"}, "data": {"password": SECRET}})
    with FaultProxy.before(controlplane) as proxy:
        config = tmp_path / "kubeconfig"
        config.write_text(yaml.safe_dump(proxy.config()))
        yield Way(proxy, config, world)


@pytest.fixture
def delete(way: Way, run: Callable[..., object]) -> Callable[..., object]:
    """Ends in time, whatever happens on the way."""

    def delete(*options: str, code: ExitCode = ExitCode.OK) -> object:
        began = time.monotonic()
        arguments = ("ns-delete", way.world.namespace, "--yes", "--timeout", "80s", "--request-timeout", "5s")
        result = run(*arguments, *options, "--kubeconfig", way.config, code=code)
        assert time.monotonic() - began < faults.FOR_EVER
        return result

    return delete


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.dropped, ExitCode.UNREACHABLE),
        (faults.hanging, ExitCode.UNREACHABLE),
        (faults.cut, ExitCode.UNREACHABLE),
        (faults.truncated, ExitCode.UNREACHABLE),
        (faults.not_json, ExitCode.UNREACHABLE),
        (faults.refused(500), ExitCode.FAILED),
        (faults.refused(503), ExitCode.FAILED),
        (faults.refused(403), ExitCode.FAILED),
    ],
    ids=["dropped", "hanging", "cut", "truncated", "no JSON", "500", "503", "403"],
)
def test_without_a_whole_backup_nothing_is_deleted(
    fault: Fault, code: ExitCode, way: Way, delete: Callable[..., object], scratch_home: Path
) -> None:
    # The first list is the preview's.
    way.proxy.on("GET", f"{re.escape(way.path)}/limitranges", then=fault, after=1, times=ALWAYS)
    result = delete(code=code)
    assert way.proxy.faults()
    assert way.is_untouched
    assert "othing was deleted" in result.stderr
    assert not [path for path in scratch_home.rglob("*") if path.is_file() and "backups" in path.parts]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.dropped, ExitCode.UNREACHABLE),
        (faults.hanging, ExitCode.UNREACHABLE),
        (faults.refused(500), ExitCode.FAILED),
        (faults.refused(403), ExitCode.FAILED),
    ],
    ids=["dropped", "hanging", "500", "403"],
)
def test_a_deletion_that_the_server_never_got_is_no_success(
    fault: Fault, code: ExitCode, way: Way, delete: Callable[..., object]
) -> None:
    way.proxy.on("DELETE", re.escape(way.path), then=fault, times=ALWAYS)
    delete(code=code)
    assert not way.world.is_terminating()


def test_a_server_that_is_busy_is_asked_again(way: Way, delete: Callable[..., object]) -> None:
    way.proxy.on("DELETE", re.escape(way.path), then=faults.refused(429, retry_after=1), times=2)
    delete()
    assert way.world.is_gone()


@pytest.mark.parametrize("fault", [faults.dropped_after, faults.hanging_after], ids=["dropped", "hanging"])
def test_where_the_answer_was_lost_nobody_claims_that_nothing_was_deleted(
    fault: Fault, way: Way, delete: Callable[..., object]
) -> None:
    way.proxy.on("DELETE", re.escape(way.path), then=fault, times=ALWAYS)
    result = delete(code=ExitCode.UNREACHABLE)
    assert "nothing was deleted" not in result.stderr
    assert way.world.is_terminating() or way.world.is_gone()


@pytest.mark.parametrize(
    "fault",
    [faults.dropped, faults.refused(500), faults.refused(503), faults.truncated],
    ids=["dropped", "500", "503", "truncated"],
)
def test_what_fails_for_a_while_on_the_way_to_the_end_is_waited_over(
    fault: Fault, way: Way, delete: Callable[..., object]
) -> None:
    # The first is the preview's, the second the backup's.
    way.proxy.on("GET", re.escape(way.path), then=fault, after=2, times=3)
    delete()
    assert way.proxy.faults()
    assert way.world.is_gone()


@pytest.mark.parametrize("output", ["table", "wide", "tree", "name", "json", "yaml", "html"])
def test_no_output_has_a_secret_or_a_credential(
    output: str, controlplane: ControlPlane, way: Way, run: Callable[..., object], tmp_path: Path
) -> None:
    config = controlplane.kubeconfig_dict()
    path = tmp_path / "own"
    path.write_text(yaml.safe_dump(config))
    key = config["users"][0]["user"]["client-key-data"]
    plan = tmp_path / "plan.json"
    arguments = ("ns-delete", way.world.namespace, "--debug", "--kubeconfig", path)
    shown = run(*arguments, "--dry-run", "-o", output)
    run(*arguments, "--plan", plan)
    broken = run(*arguments, "--yes", "--backup", "/dev/null/no", code=ExitCode.FAILED)
    for text in (shown.stdout, shown.stderr, plan.read_text(), broken.stdout, broken.stderr):
        assert SECRET not in text
        assert "super-secret" not in text
        assert key[:40] not in text
    assert "Traceback" in broken.stderr  # what --debug is for
