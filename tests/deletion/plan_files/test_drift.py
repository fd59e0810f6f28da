from dataclasses import replace

import pytest

from kubectl_ns_tools.deletion.items import Item
from kubectl_ns_tools.deletion.plan_files.drift import Drift, compare, digest, traces
from tests.deletion.builders import (
    Thing,
    configmap,
    deployment,
    event,
    inventory,
    pod,
    replicaset,
    resource,
)


def items(*things: Thing) -> tuple[Item, ...]:
    return inventory(*things).items


def drift(before: tuple[Item, ...], now: tuple[Item, ...]) -> Drift:
    return compare(traces(before), traces(now))


def test_nothing_new_is_no_drift() -> None:
    found = items(configmap("a"), deployment("web"))
    assert not drift(found, found)
    assert digest(traces(found)) == digest(traces(reversed(found)))


def test_what_came_and_went_is_named() -> None:
    found = drift(items(configmap("a"), configmap("b")), items(configmap("b"), configmap("c")))
    assert found == Drift(added=("configmap/c",), removed=("configmap/a",))


def test_another_uid_is_another_object() -> None:
    found = drift(items(configmap("a")), items(configmap("a").uid("other")))
    assert found.changed == ("configmap/a (deleted and created anew)",)


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ({"generation": 2, "version": "9"}, "deployment.apps/a (generation 1 -> generation 2)"),
        ({"version": "9"}, ""),
        (
            {"finalizers": ("x.io/f",)},
            "deployment.apps/a (generation 1 -> generation 1, held by x.io/f)",
        ),
    ],
    ids=["spec", "status", "finalizer"],
)
def test_a_generation_tells_the_spec_from_the_status(changes: dict[str, object], changed: str) -> None:
    (before,) = items(deployment("a"))
    before = replace(before, generation=1, version="8")
    found = drift((before,), (replace(before, **changes),))
    assert found.changed == ((changed,) if changed else ())


def test_without_a_generation_every_write_counts() -> None:
    (before,) = items(configmap("a"))
    found = drift((replace(before, version="8"),), (replace(before, version="9"),))
    assert found.changed == ("configmap/a (resourceVersion 8 -> resourceVersion 9)",)


@pytest.mark.parametrize(
    "thing",
    [
        pod("a"),
        Thing(resource("resourcequotas", "ResourceQuota"), "a"),
        Thing(resource("horizontalpodautoscalers.autoscaling", "HorizontalPodAutoscaler"), "a"),
    ],
    ids=lambda thing: thing.item.label,
)
def test_kinds_whose_status_never_rests_go_by_their_uid(thing: Thing) -> None:
    (before,) = items(thing)
    assert not drift((replace(before, version="8"),), (replace(before, version="9"),))
    assert drift((before,), (replace(before, uid="other"),))


@pytest.mark.parametrize(
    "thing",
    [
        event("a"),
        Thing(resource("leases.coordination.k8s.io", "Lease"), "a"),
        Thing(resource("endpointslices.discovery.k8s.io", "EndpointSlice"), "a"),
        configmap("kube-root-ca.crt"),
        pod("a").owned_by(replicaset("r")),
        replicaset("a").owned_by(deployment("d")),
        Thing(resource("jobs.batch", "Job"), "a").owned_by(Thing(resource("cronjobs.batch", "CronJob"), "c")),
    ],
    ids=lambda thing: thing.item.label,
)
def test_what_comes_and_goes_by_itself_does_not_count(thing: Thing) -> None:
    assert not drift((), items(thing))
    assert not drift(items(thing), ())


@pytest.mark.parametrize(
    "thing",
    [
        pod("a"),
        pod("a").owned_by(configmap("c"), controller=False),
        Thing(resource("persistentvolumeclaims", "PersistentVolumeClaim"), "a").owned_by(deployment("d")),
    ],
    ids=["bare pod", "owner that does not make it", "claim of a controller"],
)
def test_what_somebody_made_or_what_holds_data_counts(thing: Thing) -> None:
    assert drift((), items(thing)).added == (thing.item.label,)
