"""The preview is worth what it predicts: random namespaces on a control plane of their own.

`make foresight NAMESPACES=200 SEED=1` looks at more of them.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.deletion.hazards.hazard import Effect
from tests.controlplane.build import assets
from tests.controlplane.servers import ControlPlane
from tests.foresight.features import broken_api
from tests.foresight.scenario import Scenario, scenario
from tests.foresight.surroundings import surroundings

pytestmark = pytest.mark.integration
NAMESPACES, SEED = int(os.environ.get("NAMESPACES", "20")), int(os.environ.get("SEED", "1"))
AT_A_TIME = 20


@pytest.fixture(scope="module")
def own(controlplane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A cluster in which nothing happens but what this module does; `controlplane` has it built."""
    with ControlPlane.start(tmp_path_factory.mktemp("foresight"), assets()) as started:
        yield started


@pytest.fixture
def client(own: ControlPlane) -> Iterator[Connection]:
    connection = connect(own.kubeconfig_dict())
    yield connection
    connection.close()


@pytest.mark.parametrize("first", range(SEED, SEED + NAMESPACES, AT_A_TIME))
def test_what_was_said_comes_true_and_nothing_else(own: ControlPlane, client: Connection, first: int) -> None:
    seeds = range(first, min(first + AT_A_TIME, SEED + NAMESPACES))
    with ExitStack() as stack, ThreadPoolExecutor(AT_A_TIME) as pool:
        made = list(pool.map(lambda seed: stack.enter_context(scenario(own, seed)), seeds))
        before = surroundings(own.api)
        for each in made:
            each.foresee(client)
        problems = [problem for problem in pool.map(lambda each: problem_of(each, client), made) if problem]
        after = surroundings(own.api)
        assert not problems, "\n".join(problems)
        said = set.union(*(each.said for each in made))
        happened = {name for name in before | after if before.get(name) != after.get(name)}
        assert happened - said == set(), [str(each) for each in made]
        stayed = {name for each in made for name in left_behind(each)}
        assert stayed <= after.keys(), stayed - after.keys()


def problem_of(each: Scenario, client: Connection) -> str:
    try:
        each.run(client)
    except (AssertionError, TimeoutError) as error:
        return f"{each}: {error}"
    return ""


def left_behind(each: Scenario) -> set[str]:
    assert each.plan
    return {name for hazard in each.plan.hazards.of(Effect.LEAVES) for name in hazard.objects}


def test_a_broken_api_blocks_even_a_namespace_that_nothing_else_holds(
    own: ControlPlane, client: Connection
) -> None:
    with scenario(own, SEED) as made:
        blocker = broken_api(made.world)
        try:
            made.blockers.append(blocker)
            made.foresee(client)
            made.run(client)
        finally:
            blocker.release()
