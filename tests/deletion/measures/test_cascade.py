from typing import NamedTuple

import pytest

from kubectl_ns_tools.deletion.measures.cascade import Kinship, cascade
from tests.deletion.builders import Thing, configmap, deployment, pod, replicaset, resource

WEB = deployment("web")
WEB_RS = replicaset("web-1").owned_by(WEB)
WEB_POD = pod("web-1-a").owned_by(WEB_RS)
SERVICE = Thing(resource("services", "Service"), "web")
ENDPOINTS = Thing(resource("endpoints", "Endpoints"), "web")
STRANGER = configmap("stranger")  # never among what was seen
EGG, HEN = configmap("egg"), configmap("hen")
EGG.owned_by(HEN)
HEN.owned_by(EGG)


class Case(NamedTuple):
    there: list[Thing]
    chosen: list[Thing]
    requested: list[str]
    following: list[str]


SHARED = configmap("shared").owned_by(WEB, controller=False).owned_by(SERVICE, controller=False)
HALF_KNOWN = configmap("half").owned_by(WEB).owned_by(STRANGER, controller=False)

CASES = {
    "an owner takes along what it owns, at any depth": Case(
        [WEB, WEB_RS, WEB_POD], [WEB], ["web"], ["web-1", "web-1-a"]
    ),
    "what follows is not asked for, though it is chosen": Case(
        [WEB, WEB_RS, WEB_POD], [WEB, WEB_RS, WEB_POD], ["web"], ["web-1", "web-1-a"]
    ),
    "an owner in the middle": Case([WEB, WEB_RS, WEB_POD], [WEB_RS], ["web-1"], ["web-1-a"]),
    "an owner that stays keeps it": Case([WEB, SERVICE, SHARED], [WEB], ["web"], []),
    "both owners go": Case([WEB, SERVICE, SHARED], [WEB, SERVICE], ["web", "web"], ["shared"]),
    "chosen, though an owner stays": Case([WEB, SERVICE, SHARED], [WEB, SHARED], ["web", "shared"], []),
    "an owner that nobody saw keeps nothing": Case([WEB, HALF_KNOWN], [WEB], ["web"], ["half"]),
    "an owner that nobody saw does not let it go by itself": Case(
        [WEB, HALF_KNOWN], [WEB, HALF_KNOWN], ["web", "half"], []
    ),
    "owners in a circle": Case([EGG, HEN], [EGG, HEN], ["egg", "hen"], []),
    "the endpoints of a service": Case([SERVICE, ENDPOINTS], [SERVICE], ["web"], ["web"]),
    "endpoints by themselves": Case([SERVICE, ENDPOINTS], [ENDPOINTS], ["web"], []),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_asked_for_and_what_follows(case: Case) -> None:
    found = cascade(Kinship([thing.item for thing in case.there]), {thing.item.uid for thing in case.chosen})
    assert [item.name for item in found.requested] == case.requested
    assert [item.name for item in found.following] == case.following


def test_what_hangs_below_is_found_with_any_owner() -> None:
    kinship = Kinship([thing.item for thing in (WEB, SERVICE, SHARED, WEB_RS)])
    assert kinship.below({SERVICE.item.uid}) == {SERVICE.item.uid, SHARED.item.uid}


def test_the_topmost_owner_is_sought_as_far_as_allowed() -> None:
    kinship = Kinship([thing.item for thing in (WEB, WEB_RS, WEB_POD)])
    assert kinship.topmost(WEB_POD.item, kinship.items) == WEB.item
    assert kinship.topmost(WEB_POD.item, {WEB_RS.item.uid}) == WEB_RS.item


def test_a_circle_has_a_topmost_owner_too() -> None:
    kinship = Kinship([EGG.item, HEN.item])
    assert kinship.topmost(EGG.item, kinship.items) in (EGG.item, HEN.item)
