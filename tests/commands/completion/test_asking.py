"""Names that only a cluster knows: in a second or not at all, kept for a moment, and nobody is bothered."""

import json
import os
import re
import socket
import stat
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from kubectl_ns_tools.commands.completion.memory import Memory
from tests.builders import Kubeconfig
from tests.cluster.scripted import Scripted
from tests.commands.completion.conftest import Answer
from tests.controlplane.servers import ControlPlane
from tests.controlplane.waiting import wait_until

Complete = Callable[..., Answer]
NAMES = {"items": [{"metadata": {"name": name}} for name in ("blue", "green", "$(touch pwned)")]}
TOKEN = "bearer-of-the-secret"
PATH = "/api/v1/namespaces"


@pytest.fixture
def cache(scratch_home: Path) -> Path:
    return scratch_home / ".cache" / "kubectl-ns-tools" / "completion"


@pytest.fixture
def config(scratch_home: Path) -> Path:
    return scratch_home / ".kube" / "config"


@pytest.fixture
def server(config: Path) -> Iterator[Scripted]:
    """A server that names three namespaces, once."""
    with Scripted().on(PATH).answer(NAMES) as scripted:
        write(config, scripted.url)
        yield scripted


@pytest.fixture
def in_time(complete: Complete) -> Complete:
    """The same as `complete`, which must take no more than a second longer than where no cluster is asked."""

    def ask(name: str, *words: str) -> Answer:
        begun = time.monotonic()
        complete(name, "--")
        usual = time.monotonic() - begun
        found = complete(name, *words)
        assert time.monotonic() - begun - 2 * usual < 5  # far from the eight that a question may take
        return found

    return ask


def slowly(wait: Callable[[], object]) -> Callable[[Any], None]:
    """A step of Scripted: the answer, after a while."""

    def step(handler: Any) -> None:
        wait()
        handler.whole(200, json.dumps(NAMES).encode(), "application/json", {})

    return step


def write(config: Path, url: str, **user: object) -> None:
    builder = Kubeconfig().context("a").context("b", user="v").cluster("c", server=url).current("a")
    builder.user("u", **(user or {"token": TOKEN})).write(config)


def plugin_entry(script: str, folder: Path, **fields: str) -> dict[str, object]:
    program = folder / "plugin"
    program.write_text(f"#!/bin/sh\necho called >>{folder}/calls\n{script}\n")
    program.chmod(0o755)
    return {"apiVersion": "client.authentication.k8s.io/v1", "command": str(program), **fields}


ANSWER = (
    'echo \'{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",'
    ' "status": {"token": "t"}}\''
)


def test_namespaces_are_asked_once_and_kept(
    server: Scripted, complete: Complete, complete_in_the_end: Complete, cache: Path
) -> None:
    assert complete_in_the_end("ns-switch", "").names == ["blue", "green"]

    def names(*line: str) -> list[str]:
        """However long the questions before have taken, what is kept is new."""
        for path in cache.glob("*.json"):
            os.utime(path)
        return complete(*line).names

    for command in ("ns-delete", "ns-status", "ns-backup"):
        assert names(command, "") == ["blue", "green"]
    assert names("ns-delete", "blue", "") == ["green"]
    assert names("ctx-switch", "a", "-n", "g") == ["green"]
    assert names("ctx-exec", "x*", "a", "-n", "g") == ["green"]
    assert names("ns-create", "--update", "b") == ["blue"]
    assert names("ns-create", "b") == []
    assert len(server.requests) == 1


def test_shells_that_ask_at_the_same_time_share_one_answer(config: Path, complete: Complete) -> None:
    with Scripted().on(PATH).do(slowly(lambda: time.sleep(0.5))) as server, ThreadPoolExecutor(3) as pool:
        write(config, server.url)
        answers = list(pool.map(lambda _: complete("ns-switch", "").names, range(3)))
        assert all(names in ([], ["blue", "green"]) for names in answers)  # it may be late for each of them
        wait_until(lambda: complete("ns-switch", "").names == ["blue", "green"])
        assert len(server.requests) == 1


def test_what_is_kept_is_for_this_user_alone_and_has_no_secret(
    server: Scripted, complete_in_the_end: Complete, cache: Path
) -> None:
    complete_in_the_end("ns-switch", "")
    files = list(cache.iterdir())
    assert files
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert not [path for path in files if TOKEN in path.read_text()]
    # a digest, which no part of a name or address can be read out of
    assert all(re.fullmatch(r"[0-9a-f]{32}\.json(\.lock)?", path.name) for path in files)


def test_who_asks_as_somebody_else_is_not_told_what_the_first_was(
    server: Scripted, complete: Complete, complete_in_the_end: Complete
) -> None:
    assert complete_in_the_end("ns-switch", "").names == ["blue", "green"]
    # of the server, which has nothing more to say
    assert complete("ns-switch", "--context", "b", "").names == []
    assert complete("ctx-switch", "b", "-n", "").names == []
    wait_until(lambda: len(server.requests) > 2)


def test_old_names_are_asked_for_again_and_will_do_when_nobody_answers(
    server: Scripted, complete: Complete, complete_in_the_end: Complete, cache: Path
) -> None:
    complete_in_the_end("ns-switch", "")
    kept = next(path for path in cache.iterdir() if path.suffix == ".json")
    for seconds, names in ((60, ["blue", "green"]), (90_000, [])):
        os.utime(kept, times=(time.time() - seconds,) * 2)
        before = len(server.requests)
        assert complete("ns-switch", "").names == names
        wait_until(lambda before=before: len(server.requests) > before)


@pytest.mark.parametrize("name", ["someone-else's", "link", "public"])
def test_what_others_may_have_written_is_not_read(name: str, tmp_path: Path) -> None:
    memory = Memory(str(tmp_path), ["q"])
    memory.write(["planted"])
    (kept,) = tmp_path.iterdir()
    if name == "link":
        kept.rename(tmp_path / "elsewhere")
        kept.symlink_to(tmp_path / "elsewhere")
    elif name == "public":
        kept.chmod(0o666)
    else:
        if os.geteuid():
            pytest.skip("only root can give files away")
        os.chown(kept, 12345, -1)
    assert memory.read() is None


def test_without_a_home_or_with_one_that_takes_nothing_the_cluster_is_asked_each_time(
    server: Scripted, complete_in_the_end: Complete, tmp_path: Path, config: Path
) -> None:
    for _ in range(30):  # one that is late is kept for nobody
        server.on(PATH).answer(NAMES)
    (tmp_path / "file").touch()
    nowhere = {"XDG_CACHE_HOME": str(tmp_path / "file"), "KUBECONFIG": str(config)}
    homeless = {"HOME": "", "XDG_CACHE_HOME": "", "KUBECONFIG": str(config)}
    assert complete_in_the_end("ns-switch", "", **nowhere).names == ["blue", "green"]
    assert complete_in_the_end("ns-switch", "", **homeless).names == ["blue", "green"]


def test_a_cluster_that_takes_the_connection_and_says_nothing(config: Path, in_time: Complete) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for scheme in ("http", "https"):
            write(config, f"{scheme}://127.0.0.1:{silent.getsockname()[1]}")
            assert in_time("ns-switch", "") == Answer({}, 4)


def test_a_cluster_that_is_not_there(config: Path, in_time: Complete) -> None:
    for url in ("https://127.0.0.1:1", "https://no-such-host.invalid", "https://192.0.2.1"):
        write(config, url)
        assert in_time("ns-switch", "") == Answer({}, 4)


def test_an_answer_that_trickles_in(config: Path, in_time: Complete, complete: Complete, cache: Path) -> None:
    due = Event()
    with Scripted().on(PATH).do(slowly(due.wait)) as server:
        write(config, server.url)
        assert in_time("ns-switch", "") == Answer({}, 4)
        due.set()
        # The one who asked goes on, for the next Tab.
        wait_until(lambda: any(cache.glob("*.json")))
        assert complete("ns-switch", "").names == ["blue", "green"]
        assert len(server.requests) == 1


def test_several_questions_of_one_tab_have_one_second(config: Path, in_time: Complete) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        write(config, f"http://127.0.0.1:{silent.getsockname()[1]}")
        line = [word for name in "abcdefgh" for word in ("-t", name)]
        assert in_time("ns-create", *line, "-p", "").names == []


def test_a_plugin_that_hangs_is_ended_with_all_that_it_started(
    config: Path, in_time: Complete, tmp_path: Path
) -> None:
    with Scripted() as server:
        write(config, server.url, exec=plugin_entry(f"sleep 1000 & echo $! >{tmp_path}/pid; wait", tmp_path))
        assert in_time("ns-switch", "") == Answer({}, 4)
        started = tmp_path / "pid"
        wait_until(lambda: started.exists() and started.read_text().endswith("\n"))
    pid = int(started.read_text())
    wait_until(lambda: not _runs(pid))


def _runs(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_plugin_has_no_terminal_no_display_and_no_browser(
    config: Path, complete_in_the_end: Complete, tmp_path: Path
) -> None:
    """What it prints to stderr goes nowhere; `complete` looks."""
    script = (
        f"(tty; echo password? >/dev/tty && echo terminal; xdg-open x && echo opened; open x && echo opened;"
        f" $BROWSER x && echo browser; echo $DISPLAY) >{tmp_path}/seen 2>/dev/null\n"
        f"echo noise >&2; cat >>{tmp_path}/seen\n{ANSWER}"
    )
    (tmp_path / "bin").mkdir()
    for name in ("xdg-open", "open"):
        (tmp_path / "bin" / name).write_text("#!/bin/sh\n")
        (tmp_path / "bin" / name).chmod(0o755)
    with Scripted().on(PATH).answer(NAMES) as server:
        write(config, server.url, exec=plugin_entry(script, tmp_path))
        path = os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"]])
        variables = {"DISPLAY": ":0", "BROWSER": "true"}
        python = Path(os.__file__).parents[2] / "bin"
        found = complete_in_the_end("ns-switch", "", PATH=os.pathsep.join([path, str(python)]), **variables)
    assert found.names == ["blue", "green"]
    assert (tmp_path / "seen").read_text().split() == ["not", "a", "tty"]


def test_a_plugin_that_wants_a_person_is_not_called(config: Path, complete: Complete, tmp_path: Path) -> None:
    with Scripted() as server:
        write(config, server.url, exec=plugin_entry(ANSWER, tmp_path, interactiveMode="Always"))
        assert complete("ns-switch", "") == Answer({}, 4)
    assert not (tmp_path / "calls").exists()


def test_who_may_not_list_namespaces_is_told_nothing(config: Path, complete: Complete) -> None:
    refusal = {"kind": "Status", "status": "Failure", "reason": "Forbidden", "code": 403, "message": "no"}
    with Scripted().on(PATH).answer(refusal, 403) as server:
        write(config, server.url)
        assert complete("ns-switch", "") == Answer({}, 4)


@pytest.mark.integration
def test_kinds_and_groups_of_the_real_cluster(
    controlplane: ControlPlane, complete_in_the_end: Complete, namespace: str
) -> None:
    complete, variables = complete_in_the_end, {"KUBECONFIG": str(controlplane.kubeconfig)}
    assert {"deployments.apps", "deploy", "configmaps", "cm"} <= set(
        complete("ns-delete", namespace, "--only", "", **variables).names
    )
    assert complete("ns-restore", "--except", "deploy", **variables).names == ["deployments.apps", "deploy"]
    assert "apps" in complete("ns-delete", namespace, "--give-up", "", **variables).names
    assert namespace in complete("ns-template", "capture", "", **variables).names


@pytest.mark.integration
def test_published_templates_and_their_parameters(
    controlplane: ControlPlane,
    complete_in_the_end: Complete,
    namespace: str,
    plugin: Callable[..., object],
    tmp_path: Path,
) -> None:
    variables = {
        "KUBECONFIG": str(controlplane.kubeconfig),
        "KUBECTL_NS_TOOLS_TEMPLATES_NAMESPACE": namespace,
    }
    (tmp_path / "web.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '${WHAT}'}\n")
    plugin("ns-template", "publish", "web.yaml", "--yes", "--force", cwd=tmp_path, **variables)
    assert complete_in_the_end("ns-create", "-t", "w", **variables).names == ["web"]
    assert complete_in_the_end("ns-create", "-t", "web", "-p", "", **variables).names == ["WHAT="]
