"""The playground has all that one needs to play, and nothing of the user's own."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.controlplane import playground
from tests.controlplane.playground import Playground

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def _users_caches(users_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The playground finds the servers and kubectl where the user has them."""
    for name in ("HOME", "XDG_CACHE_HOME"):
        if name in users_environ:
            monkeypatch.setenv(name, users_environ[name])
        else:
            monkeypatch.delenv(name)


def shell(line: str, environ: dict[str, str]) -> str:
    done = subprocess.run(["bash", "-c", line], env=environ, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_passing_playground_is_a_world_of_its_own() -> None:
    with playground.passing() as place:
        assert shell("kubectl config current-context", place.environ) == "kubernetes-admin@kubernetes"
        assert shell("echo $HOME", place.environ) == str(place.folder / "home")
        assert shell("command -v kubectl", place.environ) == str(place.folder / "bin" / "kubectl")
    assert not place.folder.exists()


def test_a_kept_playground_stays_until_it_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playground, "KEPT", tmp_path / "kept")
    try:
        with playground.kept() as place:
            pass
        assert "default" in shell(f"{place.exports}\nkubectl get namespaces --output name", dict(os.environ))
        with pytest.raises(SystemExit, match="playground-stop"), playground.kept():
            pass
    finally:
        playground.stop()
    assert not place.folder.exists()


def test_a_kept_playground_goes_with_ctrl_c(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playground, "KEPT", tmp_path / "kept")
    with pytest.raises(KeyboardInterrupt):
        _interrupt()
    assert not (tmp_path / "kept").exists()


def _interrupt() -> None:
    with playground.kept() as place:
        assert isinstance(place, Playground)
        raise KeyboardInterrupt
