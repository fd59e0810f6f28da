"""A random namespace, what the preview says of it, and whether that comes true."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.deletion.execution import delete
from kubectl_ns_tools.deletion.hazards.hazard import Effect
from kubectl_ns_tools.deletion.plan import DeletionPlan
from kubectl_ns_tools.deletion.preview import preview
from tests.controlplane.servers import ControlPlane
from tests.controlplane.waiting import wait_until
from tests.deletion.world import World
from tests.foresight.features import FEATURES, Blocker
from tests.foresight.surroundings import PREFIX

STUCK_SECONDS, GONE_SECONDS = 60.0, 120.0


@dataclass
class Scenario:
    """blockers: what holds the deletion up, until it is released."""

    seed: int
    world: World
    features: list[str]
    blockers: list[Blocker] = field(default_factory=list)
    plan: DeletionPlan | None = None

    def __str__(self) -> str:
        return f"seed {self.seed}, namespace {self.world.namespace}: {', '.join(self.features)}"

    @property
    def said(self) -> set[str]:
        """All objects outside that the preview said something would happen to."""
        assert self.plan
        named = {name for hazard in self.plan.hazards.hazards for name in hazard.objects}
        volumes = {f"persistentvolume/pv-{self.world.namespace}"}  # of a claim whose data is destroyed
        return named | (volumes if "persistentvolumeclaim/data" in named else set())

    def foresee(self, connection: Connection) -> None:
        self.plan = preview(connection, self.world.namespace, context="any")
        assert not self.plan.hazards.unchecked, self.plan.hazards.unchecked

    def run(self, connection: Connection) -> None:
        """Delete it, and compare at each stage with what was said."""
        assert self.plan
        said = {name for hazard in self.plan.hazards.of(Effect.BLOCKS) for name in hazard.objects}
        for blocker in self.blockers:
            assert blocker.label in said, f"{blocker.label} blocks, and that was not said"
        delete(connection, self.plan)
        if said:
            self._is_blocked(self.plan)
        for blocker in self.blockers:
            blocker.release()
        wait_until(self.world.is_gone, GONE_SECONDS)
        self._all_is_gone(self.plan)

    def _is_blocked(self, plan: DeletionPlan) -> None:
        """It stays, with a complaint of the namespace controller, and so does each object that was named."""
        wait_until(lambda: self.world.controller_complains() or self.world.is_gone(), STUCK_SECONDS)
        assert not self.world.is_gone(), "said to block, and did not"
        for path in self._blockers(plan):
            assert self.world.api.exists(path), f"{path} was said to be held, and is gone"

    def _blockers(self, plan: DeletionPlan) -> Iterator[str]:
        named = {name for hazard in plan.hazards.of(Effect.BLOCKS) for name in hazard.objects}
        for item in plan.doomed:
            if item.label in named and item.resource.name != "services":
                yield item.resource.path(plan.namespace, item.name)

    def _all_is_gone(self, plan: DeletionPlan) -> None:
        """Also of what could have stayed in etcd: the namespace is made again, and looked at."""
        self.world.api.create("/api/v1/namespaces", {"metadata": {"name": plan.namespace}})
        for item in plan.doomed:
            path = item.resource.path(plan.namespace, item.name)
            status, answer = self.world.api.call("GET", path)
            uid = answer["metadata"]["uid"] if status == 200 else ""
            assert uid != item.uid, f"{item.label} was said to go, and is there"
        self.world.delete_namespace()


@contextmanager
def scenario(controlplane: ControlPlane, seed: int) -> Iterator[Scenario]:
    """The namespace is the same for the same seed but for its name and times."""
    rng = random.Random(seed)
    namespace = f"{PREFIX}{seed}-{random.randrange(10**6):06}"
    controlplane.create_namespace(namespace)
    chosen = rng.sample(FEATURES, rng.randint(1, 5))
    with World.of(controlplane.api, namespace) as world:
        made = Scenario(seed, world, [feature.__name__ for feature in chosen])
        made.blockers = [blocker for feature in chosen if (blocker := feature(world, rng))]
        yield made
