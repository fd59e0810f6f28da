import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import yaml

from kubectl_ns_tools.errors import ExitCode
from tests.builders import Kubeconfig
from tests.commands.conftest import executable
from tests.controlplane.servers import ControlPlane

CtxExec = Callable[..., CompletedProcess[str]]
NAME = '"$KUBECTL_NS_TOOLS_CONTEXT"'


@pytest.fixture
def config(scratch_home: Path) -> Path:
    builder = Kubeconfig().context("a").context("b", namespace="theirs").context("prod").current("a")
    return builder.context("--help").context("a; touch pwned; $(id)").write(scratch_home / ".kube" / "config")


@pytest.fixture
def ctx_exec(plugin: CtxExec, config: Path) -> CtxExec:
    """ctx_exec(*arguments, code=0): without a terminal."""
    return partial(plugin, "ctx-exec", input="not for the commands")


def sh(script: str) -> tuple[str, ...]:
    return ("--", "sh", "-c", script)


def test_output_is_grouped_by_context_and_stream(ctx_exec: CtxExec) -> None:
    done = ctx_exec("b", "a", *sh("kubectl config current-context; printf unended; echo oops >&2"))
    assert done.stdout == "==> a <==\na\nunended\n==> b <==\nb\nunended\n"
    assert done.stderr.startswith("==> a (stderr) <==\noops\n==> b (stderr) <==\noops\nCONTEXT")


def test_a_summary_comes_last_and_a_failure_is_ours(ctx_exec: CtxExec, overlays) -> None:
    script = f"case {NAME} in a) exit 3;; b) kill -TERM $$;; esac"
    done = ctx_exec("a", "b", "prod", *sh(script), code=ExitCode.FAILED)
    lines = [line.split("   ")[:-1] for line in done.stderr.splitlines()[:-1]]
    assert [[cell.strip() for cell in line if cell] for line in lines] == [
        ["CONTEXT", "RESULT"],
        ["a", "exit code 3"],
        ["b", "ended by SIGTERM"],
        ["prod", "ok"],
    ]
    assert done.stderr.endswith("\n3 contexts, 2 failed\n")
    assert done.stdout == ""
    assert overlays() == []


@pytest.mark.parametrize(("form", "read"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_a_document_for_programs(ctx_exec: CtxExec, form: str, read: Callable[[str], object]) -> None:
    script = f"echo out; echo err >&2; case {NAME} in a) exit 3;; b) kill -9 $$;; esac"
    done = ctx_exec("a", "b", "prod", "-o", form, *sh(script), code=ExitCode.FAILED)
    document = read(done.stdout)
    assert (document["apiVersion"], document["kind"]) == ("kubectl-ns-tools/v1", "ContextRunList")
    assert all(0 <= item.pop("seconds") < 60 for item in document["items"])
    texts = {"stdout": "out\n", "stderr": "err\n", "problem": None}
    assert document["items"] == [
        {"context": "a", "exitCode": 3, "signal": None, **texts},
        {"context": "b", "exitCode": None, "signal": "SIGKILL", **texts},
        {"context": "prod", "exitCode": 0, "signal": None, **texts},
    ]
    assert done.stderr.endswith("\n3 contexts, 2 failed\n")


def test_each_has_its_own_namespace_and_switches_for_itself(ctx_exec: CtxExec, config: Path) -> None:
    before = config.read_bytes()
    namespace = "kubectl config view --minify -o 'jsonpath={..namespace}'"
    script = f"{namespace}; kubectl ctx-switch prod; kubectl ctx-current"
    done = ctx_exec("a", "b", "-n", "ours", *sh(script))
    assert done.stdout == "==> a <==\noursprod\n==> b <==\noursprod\n"
    assert config.read_bytes() == before


def test_a_name_is_never_a_word_of_a_shell_or_an_option(ctx_exec: CtxExec, tmp_path: Path) -> None:
    done = ctx_exec("*", *sh(f"cd {tmp_path}; echo {NAME}; kubectl config current-context"))
    names = ["--help", "a", "a; touch pwned; $(id)", "b", "prod"]
    assert done.stdout == "".join(f"==> {name} <==\n{name}\n{name}\n" for name in names)
    assert ctx_exec("--", "--help", *sh("echo")).stdout == "==> --help <==\n\n"
    assert list(tmp_path.iterdir()) == []


def test_names_are_escaped_where_they_are_shown(ctx_exec: CtxExec, config: Path) -> None:
    Kubeconfig().context("evil\x1b[2J").write(config)
    done = ctx_exec("*", *sh("echo; false"), code=ExitCode.FAILED)
    assert "==> evil\\x1b[2J <==" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_they_run_at_the_same_time(ctx_exec: CtxExec, tmp_path: Path) -> None:
    """Each waits for all the others."""
    script = f"touch {tmp_path}/$$; while [ $(ls {tmp_path} | wc -l) -lt 5 ]; do sleep 0.02; done"
    ctx_exec("*", "-j", "5", "--timeout", "30s", *sh(script))


def test_output_is_shown_in_the_order_of_the_names_whoever_is_first(
    ctx_exec: CtxExec, tmp_path: Path
) -> None:
    waiting = f"while [ ! -e {tmp_path}/b ]; do sleep 0.02; done"
    script = f"case {NAME} in a) {waiting};; b) touch {tmp_path}/b; esac; echo"
    assert ctx_exec("b", "a", "-j", "2", *sh(script)).stdout == "==> a <==\n\n==> b <==\n\n"


def test_no_more_than_asked_for_run_at_once(ctx_exec: CtxExec, tmp_path: Path) -> None:
    (tmp_path / "running").mkdir()
    # The first two wait for each other; the pause is for a third, if there were one.
    script = (
        f"cd {tmp_path}/running; mkdir $$; until [ -e ../met ]; do"
        " [ $(ls | wc -l) -lt 2 ] || touch ../met; sleep 0.02; done; sleep 0.3; ls | wc -l; rmdir $$"
    )
    together = ctx_exec("a*", "b", "prod", "-j", "2", "-o", "json", *sh(script))
    assert max(int(item["stdout"]) for item in json.loads(together.stdout)["items"]) == 2
    alone = ctx_exec("a", "b", "prod", "-j", "1", "-o", "json", *sh(script))
    assert [item["stdout"].strip() for item in json.loads(alone.stdout)["items"]] == ["1", "1", "1"]
    ctx_exec("a", "-j", "0", *sh(""), code=ExitCode.USAGE)


def test_a_command_has_no_input_and_no_terminal(ctx_exec: CtxExec, on_terminal) -> None:
    script = "cat; (: </dev/tty) 2>/dev/null && echo a terminal"
    assert ctx_exec("a", *sh(script + "; true")).stdout == ""
    terminal = on_terminal(executable("ctx-exec"), "a", *sh(script + "; echo none"))
    assert terminal.ended() == 0
    assert "==> a <==\r\nnone\r\n" in terminal.child.before


def test_much_output_and_bytes_that_are_no_text(ctx_exec: CtxExec) -> None:
    script = "yes x | head -c 3000000; printf '\\377'"
    text = json.loads(ctx_exec("a", "-o", "json", *sh(script)).stdout)["items"][0]["stdout"]
    assert len(text) == 3000001
    assert text[-1] == "\ufffd"


def test_output_waits_on_the_disk_privately(ctx_exec: CtxExec) -> None:
    modes = ctx_exec("a", *sh('stat -c "%a" ${KUBECTL_NS_TOOLS_SHELL%/*}/*')).stdout.split()[3:]
    assert set(modes) == {"600"}


def test_a_pattern_that_matches_nothing_is_not_found(ctx_exec: CtxExec) -> None:
    done = ctx_exec("a", "prd", *sh("echo ran"), code=ExitCode.NOT_FOUND)
    assert done.stderr == "error: no context matches \"prd\"\nhint: did you mean 'prod'?\n"
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), ExitCode.USAGE),
        (("a",), ExitCode.USAGE),
        (("a", "--"), ExitCode.USAGE),
        (("--", "true"), ExitCode.USAGE),
        (("a", "-n", "No", "--", "true"), ExitCode.REFUSED),
        (("a", "--", "no-such-command"), ExitCode.NOT_FOUND),
    ],
)
def test_what_cannot_be_run_is_said_first(ctx_exec: CtxExec, arguments: tuple[str, ...], code: int) -> None:
    assert "error: " in ctx_exec(*arguments, code=code).stderr


def test_a_name_that_no_variable_can_hold_is_a_failure_of_that_one(ctx_exec: CtxExec, config: Path) -> None:
    Kubeconfig().context("b").context("a\0b").write(config)
    done = ctx_exec("*", *sh("echo ran"), code=ExitCode.FAILED)
    assert done.stdout == "==> b <==\nran\n"
    assert "cannot start: " in done.stderr
    assert done.stderr.endswith("\n2 contexts, 1 failed\n")


def test_a_signal_without_a_name(ctx_exec: CtxExec) -> None:
    done = ctx_exec("a", "--", "bash", "-c", "kill -40 $$", code=ExitCode.FAILED)
    assert "ended by signal 40" in done.stderr


def test_a_program_that_the_system_refuses_is_a_failure_of_each(ctx_exec: CtxExec, tmp_path: Path) -> None:
    path = tmp_path / "program"
    path.write_bytes(b"\0")
    path.chmod(0o700)
    assert "cannot start: exec format error" in ctx_exec("a", "--", path, code=ExitCode.FAILED).stderr


@pytest.mark.integration
def test_two_clusters_users_are_asked_at_once(
    ctx_exec: CtxExec, controlplane: ControlPlane, config: Path, namespace: str
) -> None:
    admin, nobody = controlplane.kubeconfig_dict(), controlplane.kubeconfig_dict(f"user-{namespace}")
    admin["users"] += nobody["users"]
    admin["contexts"] = [
        {"name": name, "context": {"cluster": admin["clusters"][0]["name"], "user": user["name"]}}
        for name, user in zip(("admin", "nobody"), admin["users"], strict=True)
    ]
    config.write_text(json.dumps(admin))
    done = ctx_exec("admin", "nobody", "-o", "json", "--", "kubectl", "get", "ns", "-o", "name", code=1)
    first, second = json.loads(done.stdout)["items"]
    assert (first["context"], first["exitCode"]) == ("admin", 0)
    assert f"namespace/{namespace}" in first["stdout"].splitlines()
    assert second["exitCode"] == 1
    assert 'namespaces is forbidden: User "user-' in second["stderr"]
