"""kubectl's lock: the same name, waited for, never stolen, always released."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import Locked
from kubectl_ns_tools.kubeconfig import lock as lock_module
from kubectl_ns_tools.kubeconfig.lock import lock_paths, locked


def test_the_lock_has_kubectls_name_and_goes_away(tmp_path: Path) -> None:
    path = str(tmp_path / "config")
    with locked(path):
        assert os.listdir(tmp_path) == ["config.lock"]
    assert os.listdir(tmp_path) == []


def test_kubectl_cannot_write_while_we_hold_it(tmp_path: Path, kubectl_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text("current-context: a\ncontexts: [{name: b}]\n")
    command = [kubectl_path, "config", "use-context", "b", "--kubeconfig", str(path)]
    with locked(str(path)):
        refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert f"open {path}.lock: file exists" in refused.stderr
    subprocess.run(command, capture_output=True, check=True)


def test_a_lock_that_stays_is_an_error_with_its_path_and_age(tmp_path: Path) -> None:
    lock = tmp_path / "config.lock"
    lock.touch()
    os.utime(lock, (time.time() - 90, time.time() - 90))
    with (
        pytest.raises(Locked, match=r"config\.lock: file exists \(9\d s old\)") as error,
        locked(str(tmp_path / "config"), wait=0.05),
    ):
        pass
    assert f"rm {lock}" in error.value.hint
    assert lock.exists()


def test_a_lock_that_goes_in_time_is_waited_for(tmp_path: Path) -> None:
    lock = tmp_path / "config.lock"
    lock.touch()
    timer = threading.Timer(0.2, lock.unlink)
    timer.start()
    with locked(str(tmp_path / "config")):
        assert lock.exists()
    timer.join()


def test_locks_of_one_writer_after_the_other_are_waited_for_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = OthersOneAfterTheOther(tmp_path / "config.lock")
    monkeypatch.setattr(lock_module, "time", others)
    with locked(str(tmp_path / "config"), wait=1):
        assert others.now > 3
    assert os.listdir(tmp_path) == []


class OthersOneAfterTheOther:
    """A time that passes only while we sleep, so that no stall of the machine counts. In it six others have
    the lock, each of them for less long than we wait, with no moment between in which it could be ours."""

    time = staticmethod(time.time)

    def __init__(self, lock: Path) -> None:
        self._lock, self._following = lock, lock.with_name("following.lock")
        self._left, self._until = 6, 0.6
        self.now = 0.0
        lock.touch()

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        while self._left and self.now >= self._until:
            self._left, self._until = self._left - 1, self._until + 0.6
            if self._left:
                self._following.touch()
                self._following.replace(self._lock)
            else:
                self._lock.unlink()


def test_a_symlink_locks_both_names(tmp_path: Path) -> None:
    (tmp_path / "real").touch()
    (tmp_path / "link").symlink_to("real")
    assert lock_paths(str(tmp_path / "link")) == [f"{tmp_path}/link.lock", f"{tmp_path}/real.lock"]
    assert lock_paths(str(tmp_path / "real")) == [f"{tmp_path}/real.lock"]


def test_an_error_inside_releases_it(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(str(tmp_path / "config")):
        raise ZeroDivisionError
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda number: number.name
)
def test_a_signal_releases_it(tmp_path: Path, number: signal.Signals) -> None:
    script = (
        "import sys, time\n"
        "from kubectl_ns_tools.kubeconfig.lock import locked\n"
        "with locked(sys.argv[1]):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(30)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "config")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout
    assert process.stdout.readline() == b"held\n"
    process.send_signal(number)
    assert process.wait(60) != 0
    process.stdout.close()
    assert os.listdir(tmp_path) == []
