"""The kept answers of exec plugins: when they are used, by whom, and what is on the disk."""

import datetime
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kubectl_ns_tools.cluster import exec_cache
from kubectl_ns_tools.cluster.connection import connect
from kubectl_ns_tools.cluster.errors import ApiUnauthorized
from kubectl_ns_tools.cluster.exec_cache import ExecCache
from tests.cluster.scripted import Scripted
from tests.cluster.test_exec_plugin import Plugin, token_sent


@pytest.fixture
def plugin(tmp_path: Path) -> Plugin:
    folder = tmp_path / "plugin"
    folder.mkdir()
    return Plugin(folder)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "home" / "cache"


def status(token: str, seconds: float | None = 3600, **more: str) -> dict[str, str]:
    """An answer that expires so soon, or never."""
    if seconds is None:
        return {"token": token, **more}
    expiry = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return {"token": token, "expirationTimestamp": expiry.strftime("%Y-%m-%dT%H:%M:%SZ"), **more}


def ask(
    user: dict[str, Any], cache: Path | str, *answers: int, name: str = "scripted", **cluster: Any
) -> str:
    """The token that the last request of a new process's connection was sent with. answers: HTTP codes."""
    script = Scripted()
    for code in answers or (200,):
        script.answer({"kind": "Status", "code": code, "message": "no"} if code != 200 else {}, code)
    with script as server:
        config = server.config(user, **{"server": server.url, **cluster})
        config["users"][0]["name"] = config["contexts"][0]["context"]["user"] = name
        try:
            connect(config, cache=str(cache)).get("/x")
        finally:
            (sent,) = token_sent(server)
    return sent.removeprefix("Bearer ")


@pytest.fixture
def same_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """The URL, which has another port each time, is left out of what an answer depends on."""
    from kubectl_ns_tools.cluster import exec_plugin

    whole = exec_plugin.cluster_info
    monkeypatch.setattr(exec_plugin, "cluster_info", lambda *given: {**whole(*given), "server": "x"})


pytestmark = pytest.mark.usefixtures("same_server")


def test_a_token_that_expires_is_found_by_the_next_process(plugin: Plugin, cache: Path) -> None:
    user = plugin.says(status("t1")).says(status("t2")).user()
    assert [ask(user, cache) for _ in range(3)] == ["t1"] * 3
    assert len(plugin.runs) == 1


@pytest.mark.parametrize("seconds", [pytest.param(None, id="no expiry"), pytest.param(50, id="expires soon")])
def test_what_may_be_spent_is_not_kept(plugin: Plugin, cache: Path, seconds: int | None) -> None:
    user = plugin.says(status("t", seconds)).user()
    assert [ask(user, cache) for _ in range(2)] == ["t"] * 2
    assert len(plugin.runs) == 2


def test_without_a_folder_nothing_is_kept(plugin: Plugin, tmp_path: Path) -> None:
    user = plugin.says(status("t")).user()
    before = sorted(tmp_path.rglob("*"))
    ask(user, "")
    ask(user, "")
    assert len(plugin.runs) == 2
    assert [path for path in sorted(tmp_path.rglob("*")) if path not in before] == sorted(
        plugin.folder / f"run-{number}" for number in range(2)
    )


def test_a_token_without_expiry_and_a_key_never_reach_the_disk(plugin: Plugin, cache: Path) -> None:
    store = ExecCache(str(cache), [])
    store.write(status("hunter2", None))
    store.write(status("hunter2", clientCertificateData="c", clientKeyData="hunter2"))
    assert store.read() == {}
    assert not list(cache.rglob("*"))


def test_file_and_folder_are_ours_alone_and_named_without_a_secret(plugin: Plugin, cache: Path) -> None:
    user = plugin.says(status("hunter2")).user(env=[{"name": "EXTRA", "value": "hunter3"}])
    before = os.umask(0)
    ask(user, cache)
    os.umask(before)
    (file,) = cache.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert "hunter" not in file.name
    assert "hunter3" not in file.read_text()


def test_a_folder_that_others_may_read_becomes_ours_alone(plugin: Plugin, cache: Path) -> None:
    cache.mkdir(parents=True, mode=0o755)
    ask(plugin.says(status("t")).user(), cache)
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


def test_a_token_that_is_not_taken_is_dropped_and_the_plugin_asked_once(plugin: Plugin, cache: Path) -> None:
    user = plugin.says(status("t1")).says(status("t2")).user()
    ask(user, cache)
    assert ask(user, cache, 401, 200) == "t2"
    assert ask(user, cache) == "t2"
    assert len(plugin.runs) == 2


def test_a_token_that_is_refused_again_is_not_kept(plugin: Plugin, cache: Path) -> None:
    user = plugin.says(status("t1")).user()
    ask(user, cache)
    with pytest.raises(ApiUnauthorized):
        ask(user, cache, 401)
    assert len(plugin.runs) == 2
    ask(user, cache)
    assert len(plugin.runs) == 3


def test_what_another_process_got_meanwhile_is_used_after_a_401(plugin: Plugin, cache: Path) -> None:
    user = plugin.says(status("t1")).says(status("t2")).user()
    with Scripted().answer({}).text("no", 401).answer({}) as server:
        connection = connect(server.config(user), cache=str(cache))
        connection.get("/x")
        ask(user, cache, 401, 200)  # the other one
        connection.get("/x")
        assert token_sent(server) == ["Bearer t2"]
    assert len(plugin.runs) == 2


Change = Callable[[dict[str, Any], pytest.MonkeyPatch], dict[str, Any]]


def _argument(user: dict[str, Any], _: pytest.MonkeyPatch) -> dict[str, Any]:
    return {"user": {"exec": {**user["exec"], "args": ["--other"]}}}


def _variable(user: dict[str, Any], _: pytest.MonkeyPatch) -> dict[str, Any]:
    return {"user": {"exec": {**user["exec"], "env": [{"name": "PROFILE", "value": "b"}]}}}


def _environment(_: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("AWS_PROFILE", "other")
    return {}


def _user(*_: object) -> dict[str, Any]:
    return {"name": "other"}


def _cluster(*_: object) -> dict[str, Any]:
    return {"tls-server-name": "other"}


@pytest.mark.parametrize("change", [_argument, _variable, _environment, _user, _cluster])
def test_who_could_be_somebody_else_gets_a_token_of_his_own(
    plugin: Plugin, cache: Path, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = plugin.says(status("t1")).says(status("t2")).user()
    ask(user, cache)
    assert ask(**{"user": user, "cache": cache, **change(user, monkeypatch)}) == "t2"


def test_another_terminal_is_nobody_else(
    plugin: Plugin, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = plugin.says(status("t1")).says(status("t2")).user()
    ask(user, cache)
    monkeypatch.setenv("TERM_SESSION_ID", "w2")
    monkeypatch.setenv("SHLVL", "7")
    assert ask(user, cache) == "t1"


def _wider_mode(file: Path) -> None:
    file.chmod(0o640)


def _half(file: Path) -> None:
    file.write_text(file.read_text()[:-5])


def _no_status(file: Path) -> None:
    file.write_text("[1]")


def _link(file: Path) -> None:
    file.rename(file.parent / "elsewhere")
    file.symlink_to(file.parent / "elsewhere")


@pytest.mark.parametrize("spoil", [_wider_mode, _half, _no_status, _link])
def test_a_file_that_is_not_as_we_left_it_is_not_used(
    plugin: Plugin, cache: Path, spoil: Callable[[Path], None]
) -> None:
    user = plugin.says(status("t1")).says(status("t2")).user()
    ask(user, cache)
    spoil(next(cache.iterdir()))
    assert ask(user, cache) == "t2"


def test_a_folder_that_cannot_be_made_is_done_without(plugin: Plugin, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    user = plugin.says(status("t")).user()
    assert [ask(user, tmp_path / "file" / "cache") for _ in range(2)] == ["t"] * 2
    assert len(plugin.runs) == 2


def test_of_many_processes_one_runs_the_plugin(plugin: Plugin, cache: Path) -> None:
    user = plugin.says(status("t1")).user()
    program = Path(user["exec"]["command"])
    program.write_text(program.read_text() + "import time; time.sleep(0.5)\n")
    code = (
        "import sys; from kubectl_ns_tools.cluster.endpoint import Endpoint;"
        "from kubectl_ns_tools.cluster.exec_plugin import ExecPlugin;"
        f"print(ExecPlugin({user['exec']!r}, Endpoint('https://a'), cache={str(cache)!r}).authorization())"
    )
    crowd = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        for _ in range(6)
    ]
    assert [each.communicate()[0] for each in crowd] == ["Bearer t1\n"] * 6
    assert len(plugin.runs) == 1


def test_nobody_waits_for_ever_for_another(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exec_cache, "WAIT_SECONDS", 0.1)
    before = time.monotonic()
    with ExecCache(str(cache), []).held(), ExecCache(str(cache), []).held():
        assert 0.1 <= time.monotonic() - before < 15


def test_old_files_are_swept_out(cache: Path) -> None:
    old, store = ExecCache(str(cache), ["old"]), ExecCache(str(cache), ["new"])
    old.write(status("t1"))
    (file,) = cache.iterdir()
    os.utime(file, (0, 0))
    store.write(status("t2"))
    assert store.read()["token"] == "t2"
    assert len(list(cache.iterdir())) == 1


def test_what_is_kept_is_the_answer_and_nothing_else(plugin: Plugin, cache: Path) -> None:
    answer = status("t1")
    ask(plugin.says(answer).user(), cache)
    (file,) = cache.iterdir()
    assert json.loads(file.read_text()) == answer
