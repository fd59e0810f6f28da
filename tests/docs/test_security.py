"""docs/security.md: each statement has a test that holds it, here or elsewhere."""

import os
import re
from pathlib import Path

import pytest

from kubectl_ns_tools.cluster.tls import client_context
from tests.builders import Kubeconfig
from tests.controlplane.servers import ControlPlane
from tests.deletion.world import World
from tests.docs import pages
from tests.docs.places import Places
from tests.docs.watched import Watched
from tests.faults.exchange import Exchange
from tests.faults.proxy import ALWAYS, FaultProxy

TEXT = pages.text("security.md")
SECRET = "c3VwZXItc2VjcmV0"  # as it is in the cluster
# The first words of each statement, and the name of a test that would fail if it were not true.
STATEMENTS = {
    "No telemetry": "test_a_command_connects_to_its_server_and_to_nobody_else",
    "No program is started but": "test_a_command_connects_to_its_server_and_to_nobody_else",
    "A kubeconfig is written only": "test_writes_inside_leave_nothing_to_undo",
    "Nothing is written outside": "test_what_is_written_is_on_the_page_with_its_mode",
    "Nothing in the cluster is changed": "test_a_dry_run_deletes_nothing",
    "No code of a template": "test_a_value_cannot_break_out_of_its_place",
    "It is replaced in one step": "test_a_writer_that_is_killed_leaves_the_old_file_and_its_lock",
    "`ctx-list`, `--dry-run`": "test_no_secret_is_shown",
    "`ctx-lint` tells": "test_each_rule_with_its_line",
    "`ctx-import` runs nothing": "test_programs_that_would_be_run_are_named",
    "kubectl's settings": "test_what_is_listed_runs_and_nothing_else",
    "A plugin is looked for": "test_a_plugin_is_not_looked_for_where_the_kubeconfig_says",
    "They go to the server": "test_redirects_are_not_followed_with_credentials",
    "A client certificate's key": "test_no_credential_is_left_in_a_file",
    "The token of a plugin": "test_a_token_without_expiry_and_a_key_never_reach_the_disk",
    "What a plugin prints": "test_an_answer_that_cannot_be_used_is_a_clear_error_without_its_text",
    "Previews and plans": "test_only_a_backup_reads_what_is_in_a_secret",
    "A backup is not encrypted": "test_everything_is_saved_to_the_users_state",
    "A generated value": "test_a_created_secret_is_not_printed",
    "What a namespace remembers": "test_what_goes_into_a_secret_or_sounds_like_one_is_not_kept",
    "On a terminal": "test_neither_can_steer_the_terminal",
    "The page of": "test_the_policy_lets_only_the_pages_own_parts_work",
    "Their names are quoted": "test_a_name_is_no_shell_command",
    "YAML that expands": "test_an_alias_bomb_is_refused",
    "A backup is never unpacked": "test_names_that_no_backup_has",
    "They are looked for": "test_a_tenants_namespace_is_not_looked_into",
    "Where one hides": "test_a_folder_of_the_user_comes_first_and_that_is_said",
    "A value cannot get out": "test_a_value_cannot_break_out_of_its_place",
    "A namespace is deleted with its uid": "test_a_namespace_that_was_re_created_is_not_deleted",
    "What goes is shown first": "test_it_is_refused_without_a_terminal",
    "`default`, `kube-system`": "test_kubernetes_own_namespaces_are_refused_before_anything_is_asked",
    "A plan is applied only": "test_options_that_would_make_it_another_deletion_are_refused",
    "Where the backup cannot be made": "test_without_a_whole_backup_nothing_is_deleted",
    "`ctx-undo` keeps": "test_the_record_is_private_and_holds_nothing_that_stayed",
    "`~/.local/state/kubectl-ns-tools/kept`": "test_what_was_added_inside_is_kept",
    "After a `kill -9`": "test_a_writer_that_is_killed_while_it_writes_in_place_leaves_a_copy",
}


def statements() -> list[str]:
    """Every bullet, but those of what it does not protect against."""
    promised = TEXT.replace(pages.section(TEXT, "What it does not protect against"), "")
    return re.findall(r"^- (.*)$", promised, re.MULTILINE)


def test_every_statement_has_its_test() -> None:
    unheld = [each for each in statements() if not each.startswith(tuple(STATEMENTS))]
    unsaid = [start for start in STATEMENTS if not any(each.startswith(start) for each in statements())]
    assert (unheld, unsaid) == ([], [])


def test_the_tests_are_there() -> None:
    files = (pages.ROOT / "tests").rglob("test_*.py")
    there = {
        name for path in files for name in re.findall(r"^ *def (test_\w+)\(", path.read_text(), re.MULTILINE)
    }
    assert set(STATEMENTS.values()) <= there


def test_commands_about_the_file_connect_to_nobody(
    watched: Watched, scratch_home: Path, tmp_path: Path
) -> None:
    program = tmp_path / "ran"
    entry = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": str(program),
        "interactiveMode": "Never",
    }
    builder = Kubeconfig().context("a", user="u").context("b").current("a").user("u", exec=entry)
    builder.write(scratch_home / ".kube" / "config")
    theirs = Kubeconfig().context("c", cluster="x", user="y").user("y", exec=entry).write(tmp_path / "theirs")
    watched.run("ctx-list")
    watched.run("ctx-current")
    watched.run("ctx-switch", "b")
    watched.run("ctx-set", "b", "--namespace", "n")
    watched.run("ctx-rename", "b", "d")
    watched.run("ctx-import", theirs)
    watched.run("ctx-export", "a")
    watched.run("ctx-lint", code=1)
    watched.run("ctx-delete", "d", "--yes")
    watched.run("ctx-undo")
    deeds = watched.deeds
    assert (deeds.connected, deeds.asked, deeds.programs) == (frozenset(), frozenset(), ())


@pytest.fixture
def guarded(controlplane: ControlPlane, namespace: str) -> World:
    """A namespace with a Secret."""
    world = World(controlplane.api, namespace)
    world.api.create(
        f"/api/v1/namespaces/{namespace}/secrets", {"metadata": {"name": "s"}, "data": {"p": SECRET}}
    )
    return world


class Heard:
    """A proxy that lets everything through and keeps what was answered."""

    def __init__(self, proxy: FaultProxy, folder: Path) -> None:
        self.answers: list[bytes] = []
        self.config = proxy.kubeconfig(folder)
        proxy.on("GET", ".*", then=self._kept, times=ALWAYS)

    def _kept(self, exchange: Exchange) -> None:
        answer = exchange.ask()
        self.answers.append(answer.body)
        exchange.whole(answer.status, answer.body, answer.headers)

    _kept.__name__ = "kept"


@pytest.mark.integration
def test_only_a_backup_reads_what_is_in_a_secret(
    controlplane: ControlPlane, guarded: World, watched: Watched, tmp_path: Path
) -> None:
    name = guarded.namespace
    with FaultProxy.before(controlplane) as proxy:
        heard = Heard(proxy, tmp_path)
        watched.run("ns-list", "--kubeconfig", heard.config)
        watched.run("ns-status", name, "-o", "wide", "--kubeconfig", heard.config)
        watched.run("ns-delete", name, "--dry-run", "-o", "wide", "--kubeconfig", heard.config)
        watched.run("ns-delete", name, "--plan", tmp_path / "plan", "--kubeconfig", heard.config)
        watched.run("ns-template", "capture", name, "--kubeconfig", heard.config)
        assert heard.answers
        assert not [answer for answer in heard.answers if SECRET.encode() in answer]
        watched.run("ns-backup", name, "--kubeconfig", heard.config)
        assert [answer for answer in heard.answers if SECRET.encode() in answer]


@pytest.mark.integration
def test_a_command_connects_to_its_server_and_to_nobody_else(
    controlplane: ControlPlane, guarded: World, watched: Watched, places: Places, kubeconfig: Path
) -> None:
    name, own = guarded.namespace, ("--kubeconfig", kubeconfig)
    watched.run("ns-list", *own)
    watched.run("ns-status", name, *own)
    watched.run("ns-create", f"{name}-2", "-t", "team", *own)
    watched.run("ns-create", f"{name}-2", "--diff", *own)
    watched.run("ns-template", "list", *own)
    watched.run("ns-template", "lint", "team", *own)
    watched.run("ns-delete", f"{name}-2", "--yes", *own)
    watched.run("ns-backup", name, *own)
    watched.run("ns-restore", name, *own)
    watched.run("ns-switch", name, *own)
    host, port = controlplane.server.removeprefix("https://").split(":")
    deeds = watched.deeds
    assert deeds.connected == {(host, int(port))}
    assert deeds.asked <= {host}
    assert deeds.programs == ()
    named = {str(kubeconfig), str(kubeconfig.parent), os.devnull}
    assert [path for path in deeds.written if not places.is_known(path, named)] == []


def test_tls_is_not_older_and_names_are_checked() -> None:
    context = client_context("", insecure=False, identity=None)
    assert context.minimum_version.name == "TLSv1_2"
    assert context.check_hostname
    assert not client_context("", insecure=True, identity=None).check_hostname
