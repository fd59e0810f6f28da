import pytest

from kubectl_ns_tools.cluster.errors import (
    ApiConflict,
    ApiError,
    ApiForbidden,
    ApiNotFound,
    ApiUnauthorized,
)
from kubectl_ns_tools.deletion.restore.races import (
    TRIES,
    StillThere,
    despite_races,
    is_terminating,
    may_pass_later,
)
from kubectl_ns_tools.errors import NsToolsError, Unreachable
from tests.cluster.failing import failing

QUOTA = ApiForbidden('pods "p" is forbidden: status unknown for quota: team', status=403)
ACCOUNT = ApiForbidden('error looking up service account b/default: "default" not found', status=403)
WRITTEN = ApiConflict("Operation cannot be fulfilled on resourcequotas", status=409, reason="Conflict")
NO_SPACE = ApiNotFound('namespaces "b" not found', status=404, details={"kind": "namespaces"})
THERE = StillThere("object is being deleted", status=409)
EXISTS = ApiConflict('configmaps "a" already exists', status=409, reason="AlreadyExists")
DENIED = ApiForbidden('pods is forbidden: User "u" cannot create', status=403)
INVALID = ApiError("invalid", status=422)
NOT_SERVED = ApiNotFound("the server could not find the requested resource", status=404)
LOGIN = ApiUnauthorized("error: You must be logged in to the server", status=401)
SILENT = Unreachable("Unable to connect to the server: EOF")
WEBHOOK = ApiError("failed calling webhook", status=500)
GOING = ApiForbidden("being terminated", status=403, details={"causes": [{"reason": "NamespaceTerminating"}]})


@pytest.mark.parametrize("error", [QUOTA, ACCOUNT, WRITTEN, NO_SPACE, SILENT])
def test_what_passes_is_tried_again(error: NsToolsError) -> None:
    assert despite_races(failing(error, 2)) == "done"


@pytest.mark.parametrize("error", [EXISTS, THERE, DENIED, INVALID, NOT_SERVED, LOGIN, WEBHOOK, GOING])
def test_what_does_not_pass_is_raised_at_once(error: NsToolsError) -> None:
    with pytest.raises(type(error)) as caught:
        despite_races(failing(error, 1))
    assert caught.value is error


def test_patience_ends() -> None:
    with pytest.raises(ApiForbidden, match="status unknown"):
        despite_races(failing(QUOTA, 1000), seconds=0.3)


def test_a_server_that_stays_silent_is_given_up() -> None:
    assert despite_races(failing(SILENT, TRIES - 1)) == "done"
    with pytest.raises(Unreachable):
        despite_races(failing(SILENT, TRIES))


def test_a_server_that_ails_is_asked_again_where_that_is_wanted() -> None:
    assert despite_races(failing(WEBHOOK, TRIES - 1), ailing=True) == "done"
    with pytest.raises(ApiError, match="failed calling webhook"):
        despite_races(failing(WEBHOOK, TRIES), ailing=True)


def test_what_may_work_when_the_rest_is_there() -> None:
    assert may_pass_later(WEBHOOK)
    assert may_pass_later(THERE)
    assert not any(map(may_pass_later, (EXISTS, DENIED, INVALID, NOT_SERVED)))


def test_a_namespace_that_goes_is_recognised() -> None:
    assert is_terminating(GOING)
    assert not is_terminating(DENIED)
