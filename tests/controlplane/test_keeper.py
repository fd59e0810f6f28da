"""One control plane for all who share a folder; it ends with its owner, and never outlives it."""

import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tests.controlplane.build import PACKAGES
from tests.controlplane.fakes import script
from tests.controlplane.keeper import Keeper, KeeperFailure
from tests.controlplane.waiting import wait_until

TOP = Path(__file__).parents[2]
OWNER = """
import sys, time
from pathlib import Path
from tests.controlplane.keeper import Keeper
keeper = Keeper(Path(sys.argv[1]))
with keeper.owned():
    keeper.cluster()
    print("up", flush=True)
    time.sleep(1000)
"""


def processes(folder: Path) -> list[str]:
    """The command lines of all running processes that name the folder or something in it."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it ended meanwhile
            found.append(path.read_text().replace("\0", " "))
    return [line for line in found if str(folder) in line]


def fake_servers(folder: Path, *etcd: str) -> dict[str, str]:
    """An environment in which the three servers are scripts; only etcd's lines matter."""
    for name in PACKAGES:
        script(folder / name, *etcd)
    return {"KUBEBUILDER_ASSETS": str(folder), "PATH": "/usr/bin:/bin"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keeper"


def test_a_failing_start_shows_the_servers_logs_to_everybody_who_asks(tmp_path: Path, folder: Path) -> None:
    keeper = Keeper(folder, fake_servers(tmp_path / "bin", "echo disk on fire", "exit 7"))
    with keeper.owned():
        for _ in range(2):
            with pytest.raises(KeeperFailure, match=r"etcd ended with 7\n--- .*etcd.log\ndisk on fire"):
                keeper.cluster()
    assert processes(tmp_path) == []


def test_missing_servers_are_told_as_the_build_tells_them(tmp_path: Path, folder: Path) -> None:
    keeper = Keeper(folder, {"KUBEBUILDER_ASSETS": str(tmp_path)})
    with keeper.owned(), pytest.raises(KeeperFailure, match="has no etcd"):
        keeper.cluster()


def test_a_release_that_is_not_there_is_told_to_everybody_who_asks(folder: Path) -> None:
    keeper = Keeper(folder, {"KUBERNETES": "1.9"})
    with keeper.owned(), pytest.raises(KeeperFailure, match=r"KUBERNETES=1\.9 is none of"):
        keeper.cluster()


def test_an_owner_that_leaves_during_the_start_leaves_nothing(tmp_path: Path, folder: Path) -> None:
    keeper = Keeper(folder, fake_servers(tmp_path / "bin", "sleep 1000"))
    with keeper.owned():
        waiting = threading.Thread(target=_expect_no_cluster, args=(keeper,))
        waiting.start()
        wait_until(lambda: any("etcd" in line for line in processes(folder)))
    waiting.join()
    # One that was only just being started is not known to the keeper yet; it ends when its parent has ended.
    wait_until(lambda: processes(tmp_path) == [])


def _expect_no_cluster(keeper: Keeper) -> None:
    with pytest.raises(KeeperFailure, match="was ended"):
        keeper.cluster()


@pytest.mark.integration
def test_all_users_of_a_folder_get_the_same_control_plane(
    folder: Path, users_environ: dict[str, str]
) -> None:
    keeper = Keeper(folder, users_environ)
    servers: set[str] = set()
    with keeper.owned():
        users = [threading.Thread(target=lambda: servers.add(keeper.cluster().server)) for _ in range(3)]
        for user in users:
            user.start()
        for user in users:
            user.join()
        assert len(servers) == 1
        assert len(processes(folder)) == 1 + len(PACKAGES)
    assert processes(folder) == []
    assert not (folder / "cluster" / "etcd").exists()


@pytest.mark.integration
def test_the_control_plane_ends_when_its_owner_is_killed(folder: Path, users_environ: dict[str, str]) -> None:
    command = [sys.executable, "-c", OWNER, str(folder)]
    with subprocess.Popen(command, cwd=TOP, env=users_environ, stdout=subprocess.PIPE) as owner:
        assert owner.stdout
        assert owner.stdout.readline() == b"up\n"
        owner.kill()
    wait_until(lambda: processes(folder) == [])


@pytest.mark.integration
def test_a_detached_control_plane_runs_until_it_is_stopped(
    folder: Path, users_environ: dict[str, str]
) -> None:
    keeper = Keeper(folder, users_environ)
    try:
        server = keeper.cluster(detached=True).server
        assert Keeper(folder).cluster().server == server
    finally:
        Keeper(folder).stop()
    assert processes(folder) == []
    with pytest.raises(KeeperFailure):
        keeper.cluster()
