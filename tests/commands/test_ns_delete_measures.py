"""What makes a deletion safer: volumes kept, custom resources first, an orderly end; a part instead of all;
and the last resort for what is stuck."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pytest_mock import MockerFixture

from kubectl_ns_tools.errors import ExitCode
from tests.commands.conftest import executable
from tests.commands.deletion_worlds import new_worlds, pattern
from tests.commands.terminal import Terminal
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.conftest import BROKEN_GROUP, break_group
from tests.deletion.haste import without_haste
from tests.deletion.hazards.inside import Inside
from tests.deletion.world import PATHS, World

pytestmark = pytest.mark.integration
Run = Callable[..., Any]


@pytest.fixture
def inside(world: World) -> Iterator[Inside]:
    """The same namespace, for what it takes to have volumes."""
    with Inside.of(world.api, world.namespace) as made:
        yield made


@pytest.fixture
def terminal(on_terminal: Callable[..., Terminal], kubeconfig: Path) -> Callable[..., Terminal]:
    return lambda *arguments: on_terminal(executable("ns-delete"), *arguments, KUBECONFIG=str(kubeconfig))


def exists(world: World, kind: str, name: str) -> bool:
    return world.api.exists(f"{PATHS[kind].format(world.namespace)}/{name}")


class TestPart:
    def test_it_is_shown_with_what_stays(self, run: Run, world: World) -> None:
        world.configmap("b")
        shown = run("ns-delete", world.namespace, "--only", "configmap/a", "--dry-run").stdout
        assert "Goes with it:  1 object of 1 kind\n" in shown
        assert "configmap/b" not in shown
        assert "A part of it: the namespace itself stays, and 3 of its objects.\n" in f"{shown}\n"
        names = run("ns-delete", world.namespace, "--only", "configmap/a", "--dry-run", "-o", "name")
        assert names.stdout == "configmap/a\n"

    def test_only_what_was_named_goes(self, run: Run, world: World) -> None:
        world.configmap("b")
        result = run("ns-delete", world.namespace, "--only", "configmap/a", "--yes")
        assert result.stdout == f'1 object of namespace "{world.namespace}" deleted\n'
        assert not exists(world, "ConfigMap", "a")
        assert exists(world, "ConfigMap", "b")
        assert not world.is_terminating()

    def test_everything_but_what_was_named_goes(self, run: Run, world: World) -> None:
        world.configmap("b")
        world.deployment("web", replicas=1)
        result = run("ns-delete", world.namespace, "--except", "configmap/b", "--yes", "-o", "name")
        assert {"configmap/a", "deployment.apps/web"} <= set(result.stdout.splitlines())
        assert "configmap/b" not in result.stdout
        # a controller that has not heard of its ReplicaSet's end makes one pod more, which goes too
        wait_until(lambda: world.pods() == [])
        assert exists(world, "ConfigMap", "b")

    def test_the_question_names_their_number(self, world: World, terminal: Callable[..., Terminal]) -> None:
        child = terminal(world.namespace, "--only", "configmap/a")
        child.child.expect_exact(
            f'Type the name of the namespace to delete 1 object of namespace "{world.namespace}" '
            f"({world.namespace}):"
        )
        child.type(world.namespace)
        assert child.ended() == 0
        assert not exists(world, "ConfigMap", "a")

    def test_a_server_dry_run_deletes_nothing(self, run: Run, world: World) -> None:
        result = run("ns-delete", world.namespace, "--only", "configmap/a", "--dry-run=server")
        assert result.stderr == f'1 object of namespace "{world.namespace}" deleted (server dry run)\n'
        assert exists(world, "ConfigMap", "a")

    def test_what_does_not_go_times_out(self, run: Run, world: World, mocker: MockerFixture) -> None:
        world.configmap("held", finalizers=["example.com/hold"])
        without_haste(mocker)
        flags = ("--only", "configmap", "--yes", "--timeout", "2s")
        result = run("ns-delete", world.namespace, *flags, code=ExitCode.TIMEOUT)
        assert "configmap/held waits for the finalizer example.com/hold to be removed" in result.stderr
        assert not exists(world, "ConfigMap", "a")

    def test_it_comes_too_late_for_what_is_being_deleted(self, run: Run, world: World) -> None:
        world.configmap("held", finalizers=["example.com/hold"])
        world.delete_namespace()
        result = run("ns-delete", world.namespace, "--only", "configmap/a", code=ExitCode.REFUSED)
        assert "is being deleted already" in result.stderr

    def test_a_part_of_several(self, run: Run, controlplane: ControlPlane, world: World) -> None:
        with new_worlds(controlplane, 2) as worlds:
            flags = ("--only", "configmap/a", "--yes", "--expect", "2")
            run("ns-delete", pattern(worlds), *flags)
            assert not any(exists(each, "ConfigMap", "a") for each in worlds)
            assert not any(each.is_terminating() for each in worlds)


class TestVolumes:
    def test_they_outlive_the_namespace(self, run: Run, world: World, inside: Inside) -> None:
        volume = inside.volume("db", "Delete")
        shown = run("ns-delete", world.namespace, "--retain-volumes", "--dry-run=server")
        assert (
            f"Set to Retain before, and kept: {volume} (of claim db, reclaim policy Delete)" in shown.stdout
        )
        path = f"/api/v1/persistentvolumes/{volume}"
        assert world.api.get(path)["spec"]["persistentVolumeReclaimPolicy"] == "Delete"
        result = run("ns-delete", world.namespace, "--retain-volumes", "--yes")
        assert f'volume "{volume}" set to Retain\n' in result.stderr
        assert world.is_gone()
        wait_until(lambda: inside.phase_of_volume(volume) == "Released")

    def test_without_any_it_says_so(self, run: Run, world: World) -> None:
        shown = run("ns-delete", world.namespace, "--retain-volumes", "--dry-run").stdout
        assert shown.endswith("There are no volumes to be kept.\n")


class TestCustomResources:
    def test_nothing_else_goes_while_one_of_them_is_held(self, run: Run, world: World) -> None:
        group = world.custom_kind("Widget")
        world.custom(group, "Widget", "w", finalizers=["example.com/operator"])
        # Long enough for their deletion to be asked for: when the time is up before, that is another error.
        flags = ("--custom-resources-first", "--yes", "--timeout", "5s")
        result = run("ns-delete", world.namespace, *flags, code=ExitCode.TIMEOUT)
        assert f"Deleted before all the rest: 1 widgets.{group}\n" in result.stderr
        assert "and nothing else was deleted" in result.stderr
        assert not world.is_terminating()
        assert exists(world, "ConfigMap", "a")
        path = f"/apis/{group}/v1/namespaces/{world.namespace}/widgets/w"
        body = {"metadata": {"finalizers": None}}
        world.api.call("PATCH", path, body, "application/merge-patch+json")
        run("ns-delete", world.namespace, "--custom-resources-first", "--yes")
        assert world.is_gone()

    def test_ctrl_c_says_what_was_begun(self, world: World, terminal: Callable[..., Terminal]) -> None:
        group = world.custom_kind("Widget")
        world.custom(group, "Widget", "w", finalizers=["example.com/operator"])
        try:
            child = terminal(world.namespace, "--custom-resources-first", "--yes").child
            child.expect_exact("waiting for custom resources to go in namespace")
            child.kill(signal.SIGINT)
            child.expect_exact(
                "interrupted; the deletion of its custom resources goes on in the server, and of nothing"
            )
            child.wait()
            assert child.exitstatus == ExitCode.INTERRUPTED
            assert not world.is_terminating()
        finally:
            path = f"/apis/{group}/v1/namespaces/{world.namespace}/widgets/w"
            body = {"metadata": {"finalizers": None}}
            world.api.call("PATCH", path, body, "application/merge-patch+json")


class TestWorkloads:
    def test_they_end_before(self, run: Run, world: World) -> None:
        world.deployment("web", replicas=2)
        result = run("ns-delete", world.namespace, "--scale-down-first", "--yes")
        assert "Scaled down to 0 before: deployment.apps/web (from 2)\n" in result.stderr
        assert "deployment.apps/web scaled from 2 to 0\n" in result.stderr
        assert world.is_gone()

    def test_a_failure_after_it_says_how_to_take_it_back(self, run: Run, world: World) -> None:
        world.deployment("web", replicas=1)
        (pod,) = world.pods()
        path = f"{PATHS['Pod'].format(world.namespace)}/{pod['metadata']['name']}"
        held = {"metadata": {"finalizers": ["example.com/hold"]}}
        world.api.call("PATCH", path, held, "application/merge-patch+json")
        flags = ("--scale-down-first", "--yes", "--timeout", "2s")
        try:
            result = run("ns-delete", world.namespace, *flags, code=ExitCode.TIMEOUT)
        finally:
            body = {"metadata": {"finalizers": None}}
            world.api.call("PATCH", path, body, "application/merge-patch+json")
        undo = f"to undo: kubectl scale deployment.apps/web -n {world.namespace} --replicas=1\n"
        assert undo in result.stderr
        assert not world.is_terminating()


class TestForceFinalize:
    @pytest.fixture
    def stuck(self, private_controlplane: ControlPlane) -> World:
        """A namespace that a broken API group holds."""
        break_group(private_controlplane)
        world = World(private_controlplane.api, f"stuck-{uuid4().hex[:8]}")
        private_controlplane.create_namespace(world.namespace)
        world.delete_namespace()
        wait_until(lambda: not world.api.get(PATHS["ConfigMap"].format(world.namespace))["items"])
        wait_until(world.controller_complains)
        return world

    def test_the_groups_are_named_and_the_name_is_typed(
        self,
        run: Run,
        stuck: World,
        private_controlplane: ControlPlane,
        on_terminal: Callable[..., Terminal],
    ) -> None:
        config = ("--kubeconfig", str(private_controlplane.kubeconfig))
        group = ("--give-up", BROKEN_GROUP)
        force = (stuck.namespace, "--force-finalize", *config)
        refused = run("ns-delete", *force, code=ExitCode.REFUSED)
        assert f"what {BROKEN_GROUP} may have left cannot be seen" in refused.stderr
        unasked = run("ns-delete", *force, *group, "--yes", code=ExitCode.REFUSED)
        assert f"given up, whatever it holds would leak: {BROKEN_GROUP} (" in unasked.stderr
        assert "is not finalized unconfirmed" in unasked.stderr
        run("ns-delete", *force, *group, "--dry-run=server")
        assert stuck.is_terminating()
        terminal = on_terminal(executable("ns-delete"), *force, *group)
        terminal.child.expect_exact(f"to let it go without the rest ({stuck.namespace}):")
        terminal.type(stuck.namespace)
        terminal.child.expect_exact(f'namespace "{stuck.namespace}" finalized')
        assert terminal.ended() == 0
        assert stuck.is_gone()

    def test_one_that_is_not_stuck_is_refused(self, run: Run, world: World) -> None:
        result = run("ns-delete", world.namespace, "--force-finalize", code=ExitCode.REFUSED)
        assert f'error: namespace "{world.namespace}" is not being deleted\n' in result.stderr
