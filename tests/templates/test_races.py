import math
import time

import pytest

from kubectl_ns_tools.cluster.errors import ApiConflict, ApiError, ApiForbidden, ApiNotFound
from kubectl_ns_tools.cluster.lag import SECONDS
from kubectl_ns_tools.errors import Interrupted
from kubectl_ns_tools.templates import races
from kubectl_ns_tools.templates.cancellation import Cancellation
from kubectl_ns_tools.templates.races import despite_races
from tests.cluster.failing import failing

QUOTA = ApiForbidden('pods "p" is forbidden: status unknown for quota: team', status=403)
ACCOUNT = ApiForbidden(
    'error looking up service account b/default: serviceaccount "default" not found', status=403
)
EXISTS = ApiConflict('serviceaccounts "default" already exists', status=409, reason="AlreadyExists")
WRITTEN = ApiConflict("Operation cannot be fulfilled on resourcequotas", status=409, reason="Conflict")
ABSENT = ApiNotFound("the server could not find the requested resource", status=404)
OWNED = ApiConflict(
    "Apply failed with 1 conflict",
    status=409,
    reason="Conflict",
    details={"causes": [{"reason": "FieldManagerConflict"}]},
)
DENIED = ApiForbidden('pods is forbidden: User "u" cannot create', status=403)
INVALID = ApiError("invalid", status=422)


@pytest.mark.parametrize(
    ("error", "new_kind"),
    [(QUOTA, False), (ACCOUNT, False), (EXISTS, False), (WRITTEN, False), (ABSENT, True)],
)
def test_what_passes_is_tried_again(error: ApiError, new_kind: bool) -> None:
    assert (
        despite_races(failing(error, 2), new_kind=new_kind, deadline=math.inf, cancellation=Cancellation())
        == "done"
    )


@pytest.mark.parametrize(
    ("error", "new_kind"), [(ABSENT, False), (OWNED, False), (DENIED, True), (INVALID, True)]
)
def test_what_does_not_pass_is_raised_at_once(error: ApiError, new_kind: bool) -> None:
    with pytest.raises(ApiError) as caught:
        despite_races(failing(error, 1), new_kind=new_kind, deadline=math.inf, cancellation=Cancellation())
    assert caught.value is error


@pytest.mark.parametrize("bound", ["deadline", "limit"])
def test_it_ends(bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if bound == "limit":
        monkeypatch.setattr(races, "SECONDS", 0.3)
    began = time.monotonic()
    deadline = began + 0.3 if bound == "deadline" else math.inf
    with pytest.raises(ApiForbidden):
        despite_races(failing(QUOTA, 1000), new_kind=False, deadline=deadline, cancellation=Cancellation())
    assert 0.1 < time.monotonic() - began < SECONDS - 1


def test_rights_that_may_come_are_waited_for() -> None:
    done = despite_races(
        failing(DENIED, 2),
        new_kind=False,
        deadline=math.inf,
        cancellation=Cancellation(),
        rights_may_come=True,
    )
    assert done == "done"


def test_rights_are_not_waited_for_as_long_as_other_things(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(races, "RIGHTS_SECONDS", 0.1)  # and not SECONDS
    began = time.monotonic()
    with pytest.raises(ApiForbidden):
        despite_races(
            failing(DENIED, 1000),
            new_kind=False,
            deadline=math.inf,
            cancellation=Cancellation(),
            rights_may_come=True,
        )
    assert time.monotonic() - began < SECONDS - 1


def test_a_wish_to_end_ends_the_pause() -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Interrupted):
        despite_races(failing(QUOTA, 1), new_kind=False, deadline=math.inf, cancellation=cancellation)
