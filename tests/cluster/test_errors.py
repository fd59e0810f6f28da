"""kubectl's words for answers that are errors; the expected lines were printed by kubectl itself."""

import json

import pytest

from kubectl_ns_tools.cluster.errors import (
    ApiConflict,
    ApiError,
    ApiForbidden,
    ApiGone,
    ApiNotFound,
    ApiUnauthorized,
    error_from_answer,
)
from kubectl_ns_tools.errors import ExitCode


def status(code: int, reason: str, message: str, **more: object) -> bytes:
    return json.dumps({"kind": "Status", "code": code, "reason": reason, "message": message, **more}).encode()


def invalid(*causes: tuple[str, str], kind: str = "ConfigMap", name: str = "x") -> bytes:
    listed = [{"reason": "FieldValueInvalid", "field": field, "message": text} for field, text in causes]
    return status(422, "Invalid", "all of it", details={"kind": kind, "name": name, "causes": listed})


NGINX = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\x1b[31mnginx</body></html>"


@pytest.mark.parametrize(
    ("code", "body", "kind", "line"),
    [
        pytest.param(
            404,
            status(404, "NotFound", 'namespaces "nope" not found'),
            ApiNotFound,
            'Error from server (NotFound): namespaces "nope" not found',
            id="a Status",
        ),
        pytest.param(
            400,
            status(400, "", "failed to create typed patch object"),
            ApiError,
            "Error from server: failed to create typed patch object",
            id="a Status without a reason",
        ),
        pytest.param(
            401,
            status(401, "Unauthorized", "Unauthorized"),
            ApiUnauthorized,
            "error: You must be logged in to the server (Unauthorized)",
            id="not logged in",
        ),
        pytest.param(
            401,
            b"Unauthorized",
            ApiUnauthorized,
            "error: You must be logged in to the server"
            " (the server has asked for the client to provide credentials)",
            id="not logged in, in plain text",
        ),
        pytest.param(
            404,
            b"404 page not found\n",
            ApiNotFound,
            "Error from server (NotFound): the server could not find the requested resource",
            id="an unknown group",
        ),
        pytest.param(
            400,
            b"Client sent an HTTP request to an HTTPS server.\n",
            ApiError,
            "Error from server (BadRequest): the server rejected our request for an unknown reason",
            id="http to https",
        ),
        pytest.param(
            502,
            NGINX,
            ApiError,
            'Error from server (InternalError): an error on the server ("502 Bad Gateway")'
            " has prevented the request from succeeding",
            id="a proxy's page",
        ),
        pytest.param(
            500,
            b"\x1b]0;title\x07 boom {0}",
            ApiError,
            'Error from server (InternalError): an error on the server ("]0;title boom {0}")'
            " has prevented the request from succeeding",
            id="control characters do not reach the terminal",
        ),
        pytest.param(
            400,
            status(400, "BadRequest", "a\x1b[2Jb\nc"),
            ApiError,
            "Error from server (BadRequest): a [2Jb\nc",
            id="control characters of a Status neither",
        ),
        pytest.param(
            503,
            b"service unavailable",
            ApiError,
            "Error from server (ServiceUnavailable): the server is currently unable to handle the request",
            id="a dead aggregated API",
        ),
        pytest.param(
            403,
            b"Access denied by policy",
            ApiForbidden,
            "Error from server (Forbidden): Access denied by policy",
            id="forbidden by a proxy",
        ),
        pytest.param(
            418,
            b"",
            ApiError,
            "Error from server: the server responded with the status code 418 but did not return more"
            " information",
            id="an unknown code",
        ),
        pytest.param(
            409,
            status(409, "Conflict", "Precondition failed: UID"),
            ApiConflict,
            "Error from server (Conflict): Precondition failed: UID",
            id="conflict",
        ),
        pytest.param(
            422,
            invalid(("data", "bad")),
            ApiError,
            'The ConfigMap "x" is invalid: data: bad',
            id="one invalid field",
        ),
        pytest.param(
            422,
            invalid(("data", "bad"), ("metadata.name", "worse"), ("data", "bad")),
            ApiError,
            'The ConfigMap "x" is invalid:\n* data: bad\n* metadata.name: worse',
            id="several invalid fields, each once",
        ),
        pytest.param(
            422,
            status(422, "Invalid", "no details"),
            ApiError,
            "The request is invalid: no details",
            id="invalid without details",
        ),
    ],
)
def test_an_answer_becomes_kubectls_line(code: int, body: bytes, kind: type[ApiError], line: str) -> None:
    error = error_from_answer(code, body)
    assert type(error) is kind
    assert error.message == line
    assert error.status == code


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [
        pytest.param(401, ExitCode.UNREACHABLE, id="401"),
        pytest.param(403, ExitCode.FAILED, id="403"),
        pytest.param(404, ExitCode.NOT_FOUND, id="404"),
        pytest.param(409, ExitCode.FAILED, id="409"),
        pytest.param(500, ExitCode.FAILED, id="500"),
    ],
)
def test_an_answer_has_its_exit_code(code: int, exit_code: ExitCode) -> None:
    assert error_from_answer(code, b"").exit_code == exit_code


def test_the_causes_of_a_conflict_are_kept() -> None:
    cause = {"reason": "FieldManagerConflict", "field": ".data.a", "message": 'conflict with "m" using v1'}
    error = error_from_answer(409, status(409, "Conflict", "Apply failed", details={"causes": [cause]}))
    assert error.causes == (cause,)
    assert error.reason == "Conflict"
    assert error.server_message == "Apply failed"


def test_an_expired_list_offers_its_inconsistent_rest() -> None:
    error = error_from_answer(410, status(410, "Expired", "too old", metadata={"continue": "rest"}))
    assert isinstance(error, ApiGone)
    assert error.continue_token == "rest"
