"""Tab in real shells on a real terminal, with kubectl's own completion and with ours."""

import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.builders import Kubeconfig
from tests.commands.completion.conftest import ARN
from tests.commands.completion.shells import SHELLS, Prompt
from tests.controlplane.servers import ControlPlane
from tests.controlplane.waiting import wait_until

pytestmark = pytest.mark.parametrize("name", SHELLS)

Start = Callable[..., Prompt]
# What is typed before Tab, and the context that Enter goes to.
MEANT = {
    "tw": "two words",
    "it": "it's",
    "'$(to": "$(touch pwned)",
    r"\`": "`touch pwned`",
    "'tw": "two words",
}


def test_contexts_and_flags(name: str, contexts: Path, prompt: Start) -> None:
    shell = prompt(name)
    for call in ("kubectl ctx-switch", "k ctx-switch", "kubectl-ctx_switch"):
        assert shell.after_tab(f"{call} gr") == f"{call} green@kubernetes "
        assert shell.after_tab(f"{call} blue@k") == f"{call} blue@kubernetes "
        assert shell.after_tab(f"{call} arn:") == f"{call} {ARN} "
        assert shell.after_tab(f"{call} arn:aws:eks:eu-1:1") == f"{call} {ARN} "
        assert shell.after_tab(f"{call} 예") == f"{call} 예시 "
        assert shell.after_tab(f"{call} nothing-like-it") == f"{call} nothing-like-it"
        assert shell.after_tab(f"{call} --dry-r") == f"{call} --dry-run "
        assert shell.after_tab(f"{call} --dry-run=cl") == f"{call} --dry-run=client "
        assert shell.after_tab(f"{call} --dry-run gr") == f"{call} --dry-run green@kubernetes "


def test_templates_parameters_and_files(name: str, contexts: Path, prompt: Start, tmp_path: Path) -> None:
    (tmp_path / "objects.yaml").touch()
    (tmp_path / "library").mkdir()
    shell = prompt(name)
    shell.run(f"cd {tmp_path}", tmp_path / "there")
    for call in ("kubectl ns-create", "kubectl-ns_create"):
        assert shell.after_tab(f"{call} x -t te") == f"{call} x -t team "
        assert shell.after_tab(f"{call} x -t team -p ADMIN_G") == f"{call} x -t team -p ADMIN_GROUP="
        assert shell.after_tab(f"{call} -f obj") == f"{call} -f objects.yaml "
        assert shell.after_tab(f"{call} x -t ./obj") == f"{call} x -t ./objects.yaml "
    assert shell.after_tab("kubectl-ns_backup x --dir li") == "kubectl-ns_backup x --dir library/"


def test_what_kubectls_scripts_would_insert_unquoted_is_not_offered(
    name: str, contexts: Path, prompt: Start, tmp_path: Path
) -> None:
    shell = prompt(name)
    shell.run(f"cd {tmp_path}", tmp_path / "there")
    for beginning in ("tw", "it", "'$(to"):
        typed = f"kubectl ctx-delete {beginning}"
        assert shell.after_tab(typed) == typed
    shell.listed("kubectl ctx-switch ")
    assert {path.name for path in tmp_path.iterdir()} == {"there"}


def test_our_own_scripts_quote_what_they_insert(
    name: str, contexts: Path, prompt: Start, tmp_path: Path
) -> None:
    shell = prompt(name)
    shell.run(f"cd {tmp_path}", tmp_path / "there")
    for number, (typed, context) in enumerate(MEANT.items()):
        shell.run(f"kubectl-ctx_switch {typed}", tmp_path / str(number))
        assert yaml.safe_load(contexts.read_text())["current-context"] == context
    assert not (tmp_path / "pwned").exists()


@pytest.mark.integration
def test_namespaces_of_the_real_cluster(
    name: str, controlplane: ControlPlane, namespace: str, prompt: Start
) -> None:
    shell = prompt(name, KUBECONFIG=str(controlplane.kubeconfig))
    for call in ("kubectl ns-switch", "kubectl-ns_delete"):
        # As often as a person would: when the answer is late, it is there for the next Tab.
        wait_until(lambda call=call: shell.after_tab(f"{call} {namespace[:-1]}") == f"{call} {namespace} ")


def test_a_cluster_that_never_answers_holds_the_shell_for_a_second(
    name: str, scratch_home: Path, prompt: Start
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = f"https://127.0.0.1:{silent.getsockname()[1]}"
        config = Kubeconfig().context("a").cluster("c", server=server).current("a")
        config.write(scratch_home / ".kube" / "config")
        shell = prompt(name)
        begun = time.monotonic()
        assert shell.after_tab("kubectl-ns_switch --forc") == "kubectl-ns_switch --force "
        usual = time.monotonic() - begun
        assert shell.after_tab("kubectl-ns_switch b") == "kubectl-ns_switch b"
        assert time.monotonic() - begun - 2 * usual < 5  # a second, not the eight that a question may take
