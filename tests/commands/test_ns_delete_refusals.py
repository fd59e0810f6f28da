"""What ns-delete refuses before anybody is asked, and the backup that comes before the first deletion."""

import os
import shlex
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

from kubectl_ns_tools.commands.deletion.refusals import PROTECTED_ANNOTATION
from kubectl_ns_tools.deletion.backup import saving
from kubectl_ns_tools.deletion.plan_files.plan_file import Entry, plan_document, write_plan
from kubectl_ns_tools.deletion.plan_files.saved_plan import Cluster
from kubectl_ns_tools.errors import ExitCode, NsToolsError
from tests.commands.conftest import executable
from tests.commands.deletion_worlds import annotate, new_worlds, pattern
from tests.commands.terminal import Terminal
from tests.controlplane.servers import ControlPlane
from tests.deletion.builders import ago, plan, pod
from tests.deletion.world import World, rule

Run = Callable[..., Any]


@pytest.fixture
def settings(scratch_home: Path) -> Path:
    path = scratch_home / ".config" / "kubectl-ns-tools" / "config.yaml"
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def backups(scratch_home: Path) -> Callable[[], list[str]]:
    """The names of the files in the user's own folder of backups."""
    folder = scratch_home / ".local" / "state" / "kubectl-ns-tools" / "backups"
    return lambda: sorted(os.listdir(folder)) if folder.exists() else []


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((), "Missing argument 'NAME|PATTERN...'"),
        (("a", "--apply", "f"), "--apply deletes what the plan says"),
        (("--apply", "f", "--retain-volumes"), "--apply deletes what the plan says"),
        (("--apply", "f", "--plan", "g"), "--apply deletes what the plan says"),
        (("a", "--allow-drift"), "--allow-drift is for --apply"),
        (("a", "--backup", "d", "--no-backup"), "--backup and --no-backup exclude each other"),
        (("a", "--contexts", "*", "-o", "name"), "-o name does not say of which context it is"),
        (("a", "--contexts", "*", "--context", "b"), "--context and --contexts exclude each other"),
        (("a", "--only", "pod", "--custom-resources-first"), "--custom-resources-first is for whole"),
        (("a", "-o", "html"), "-o html is for --dry-run and --plan"),
        (("a", "-o", "tree"), "-o tree is for --dry-run and --plan"),
        (("a", "--give-up", "g"), "--give-up is for --force-finalize"),
        (("a", "b", "--force-finalize"), "--force-finalize is for one namespace by its name"),
        (("a?", "--force-finalize"), "--force-finalize is for one namespace by its name"),
        (("a", "--force-finalize", "--only", "pod"), "--force-finalize is for one namespace by its name"),
    ],
)
def test_flags_that_do_not_go_together(run: Run, arguments: tuple[str, ...], problem: str) -> None:
    assert problem in run("ns-delete", *arguments, code=ExitCode.USAGE).stderr


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"only": None}, 'the option "only" is missing'),
        ({"keepVolumes": True}, 'this version knows no option "keepVolumes"'),
        ({"only": True}, 'the option "only" must be a list'),
        ({"retainVolumes": []}, 'the option "retainVolumes" must be true or false'),
    ],
    ids=["missing", "of the future", "no list", "no truth value"],
)
def test_options_that_would_make_it_another_deletion_are_refused(
    run: Run, tmp_path: Path, change: dict[str, Any], problem: str
) -> None:
    options = {"only": ["pod"], "except": [], "customResourcesFirst": False, "retainVolumes": False}
    options |= {"scaleDownFirst": False, **change}
    entry = Entry(plan(pod("a")), plan(pod("a")).doomed, Cluster("https://c:6443"))
    known = {name: value for name, value in options.items() if value is not None}
    path = str(tmp_path / "plan.json")
    write_plan(path, plan_document([entry], made=ago(9), options=known))
    result = run("ns-delete", "--apply", path, "--yes", code=ExitCode.REFUSED)
    assert f"error: the plan {path} cannot be applied: {problem}\n" in result.stderr


@pytest.mark.integration
class TestProtection:
    def test_an_annotated_namespace_is_refused(self, run: Run, world: World) -> None:
        annotate(world, kubectl_ns_tools__protected="true")
        result = run("ns-delete", world.namespace, "--yes", code=ExitCode.REFUSED)
        assert result.stderr.endswith(
            f'error: namespace "{world.namespace}" is protected (annotation {PROTECTED_ANNOTATION}); '
            "nothing was deleted\nhint: if it is to go all the same, pass --override-protection\n"
        )
        assert not world.is_terminating()
        run("ns-delete", world.namespace, "--yes", "--override-protection")
        assert world.is_gone()

    def test_another_value_protects_nothing(self, run: Run, world: World) -> None:
        annotate(world, kubectl_ns_tools__protected="false")
        run("ns-delete", world.namespace, "--yes")
        assert world.is_gone()

    def test_the_settings_protect_by_name(self, run: Run, world: World, settings: Path) -> None:
        settings.write_text(f"protected-namespaces: ['{world.namespace[:-1]}?']\n")
        result = run("ns-delete", world.namespace, "--yes", code=ExitCode.REFUSED)
        assert f'namespace "{world.namespace}" is protected ({settings})' in result.stderr
        assert not world.is_terminating()

    def test_one_of_several_stops_all(self, run: Run, controlplane: ControlPlane, world: World) -> None:
        with new_worlds(controlplane, 2) as worlds:
            annotate(worlds[1], kubectl_ns_tools__protected="true")
            result = run("ns-delete", pattern(worlds), "--yes", "--expect", "2", code=ExitCode.REFUSED)
            assert f'namespace "{worlds[1].namespace}" is protected' in result.stderr
            assert not any(each.is_terminating() for each in worlds)

    def test_a_dry_run_only_warns(self, run: Run, world: World) -> None:
        annotate(world, kubectl_ns_tools__protected="true")
        result = run("ns-delete", world.namespace, "--dry-run")
        assert result.stderr == (
            f'Warning: namespace "{world.namespace}" is protected (annotation {PROTECTED_ANNOTATION}): '
            "only deleted with --override-protection\n"
        )


@pytest.mark.integration
class TestStrict:
    @pytest.fixture
    def config(self, controlplane: ControlPlane, world: World) -> Path:
        """Of somebody who may not see everything."""
        user = f"user-{world.namespace}"
        world.allow(user, [rule("", "namespaces", "get", "delete"), rule("", "configmaps", "list")])
        return controlplane.user(user)

    @pytest.mark.parametrize("flags", [("--dry-run",), ("--yes", "--no-backup"), ("--plan",)], ids=" ".join)
    def test_what_could_not_be_seen_is_refused(
        self, run: Run, world: World, config: Path, tmp_path: Path, flags: tuple[str, ...]
    ) -> None:
        file = tmp_path / "plan"
        more = (file,) if flags == ("--plan",) else ()
        arguments = (world.namespace, "--strict", *flags, *more, "--kubeconfig", config)
        result = run("ns-delete", *arguments, code=ExitCode.REFUSED)
        assert (
            "error: the view is incomplete, and --strict wants all of it; nothing was deleted"
            in result.stderr
        )
        assert f"  {world.namespace}: secrets not visible (Forbidden)\n" in result.stderr
        assert f"Namespace:     {world.namespace}" in result.stdout + result.stderr
        assert not file.exists()
        assert not world.is_terminating()

    def test_a_complete_view_is_enough(self, run: Run, world: World) -> None:
        run("ns-delete", world.namespace, "--strict", "--dry-run")


@pytest.mark.integration
class TestBackup:
    def test_it_is_made_before_and_says_where(
        self, run: Run, world: World, backups: Callable[[], list[str]], scratch_home: Path
    ) -> None:
        result = run("ns-delete", world.namespace, "--yes")
        (name,) = backups()
        assert name.startswith(f"{world.namespace}-")
        assert f'namespace "{world.namespace}" saved: ' in result.stderr
        assert f"to have it back: kubectl ns-restore {world.namespace}\n" in result.stderr
        path = scratch_home / ".local" / "state" / "kubectl-ns-tools" / "backups" / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_it_may_go_elsewhere(self, run: Run, world: World, tmp_path: Path) -> None:
        folder = tmp_path / "my backups"
        result = run("ns-delete", world.namespace, "--yes", "--backup", folder)
        (path,) = folder.iterdir()
        assert f"kubectl ns-restore {shlex.quote(str(path))}\n" in result.stderr

    def test_none_is_made_where_none_is_wanted(
        self, run: Run, world: World, backups: Callable[[], list[str]]
    ) -> None:
        result = run("ns-delete", world.namespace, "--yes", "--no-backup")
        assert "saved" not in result.stderr
        assert backups() == []
        assert world.is_gone()

    @pytest.mark.usefixtures("world")
    def test_a_failure_of_one_stops_all(
        self,
        run: Run,
        controlplane: ControlPlane,
        backups: Callable[[], list[str]],
        tmp_path: Path,
        mocker: MockerFixture,
    ) -> None:
        with new_worlds(controlplane, 2) as worlds:
            folder = tmp_path / "file"
            folder.write_text("not a folder")
            flags = ("--yes", "--expect", "2")
            result = run("ns-delete", pattern(worlds), *flags, "--backup", folder, code=ExitCode.FAILED)
            assert (
                f'namespace "{worlds[0].namespace}" is not saved, so nothing was deleted: ' in result.stderr
            )
            failing = [mocker.DEFAULT, NsToolsError("no space left on device")]
            spy = mocker.patch.object(saving, "save_namespace", side_effect=failing)
            spy.return_value.gaps = ()
            result = run("ns-delete", pattern(worlds), *flags, code=ExitCode.FAILED)
            assert f'namespace "{worlds[1].namespace}" is not saved, so nothing was' in result.stderr
            assert not any(each.is_terminating() for each in worlds)

    def test_nothing_is_deleted_when_it_is_interrupted(
        self, run: Run, world: World, mocker: MockerFixture
    ) -> None:
        mocker.patch.object(saving, "save_namespace", side_effect=KeyboardInterrupt)
        result = run("ns-delete", world.namespace, "--yes", code=ExitCode.INTERRUPTED)
        assert result.stderr.endswith("error: interrupted during the backup; nothing was deleted\n")
        assert not world.is_terminating()


@pytest.mark.integration
class TestIncompleteBackup:
    @pytest.fixture
    def config(self, controlplane: ControlPlane, world: World) -> Path:
        """Of somebody who may delete, and save ConfigMaps alone."""
        user = f"user-{world.namespace}"
        rules = [rule("", "namespaces", "get", "delete"), rule("", "configmaps", "get", "list")]
        world.allow(user, rules)
        return controlplane.user(user)

    def test_it_is_refused_without_a_terminal(self, run: Run, world: World, config: Path) -> None:
        arguments = (world.namespace, "--yes", "--kubeconfig", config)
        result = run("ns-delete", *arguments, code=ExitCode.REFUSED)
        message, *lines = result.stderr.partition("error: ")[2].splitlines()
        assert message == "the backup would lack what you may not read; nothing was deleted"
        assert lines[0].strip().startswith(f"{world.namespace}: ")
        assert "secrets" in lines[0]
        assert lines[1] == "hint: pass --allow-incomplete-backup, or --no-backup"
        assert not world.is_terminating()

    def test_it_is_made_where_that_is_allowed(
        self, run: Run, world: World, config: Path, backups: Callable[[], list[str]]
    ) -> None:
        flags = ("--yes", "--no-wait", "--allow-incomplete-backup")
        result = run("ns-delete", world.namespace, *flags, "--kubeconfig", config)
        assert "NOT IN THE BACKUP, and gone for good:\n" in result.stderr
        assert len(backups()) == 1

    def test_at_a_terminal_it_is_part_of_what_is_confirmed(
        self, world: World, config: Path, on_terminal: Callable[..., Terminal]
    ) -> None:
        terminal = on_terminal(
            executable("ns-delete"), world.namespace, "--no-wait", "--kubeconfig", str(config)
        )
        terminal.child.expect_exact("NOT IN THE BACKUP, and gone for good:")
        terminal.child.expect_exact("Type the name of the namespace to delete all of this")
        terminal.type(world.namespace)
        assert terminal.ended() == 0


@pytest.mark.integration
def test_contexts_that_still_use_it_are_told(run: Run, world: World, kubeconfig: Path) -> None:
    import json

    import yaml

    config = yaml.safe_load(kubeconfig.read_text())
    body = config["contexts"][0]["context"]
    config["contexts"] += [
        {"name": "my blue", "context": {**body, "namespace": world.namespace}},
        {"name": "red", "context": {**body, "namespace": "red"}},
    ]
    kubeconfig.write_text(json.dumps(config))
    result = run("ns-delete", world.namespace, "--yes")
    assert result.stderr.endswith(
        f'context "my blue" still has namespace "{world.namespace}"; another one: '
        "kubectl ns-switch default --context 'my blue'\n"
    )
