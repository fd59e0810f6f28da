"""What the API server answers when it says no, in kubectl's words.

`message` is the whole line as kubectl prints it ("Error from server (NotFound): …"), so the command layer
shows it without a prefix of its own. The rules are kubectl's StandardErrorMessage and checkErr
(k8s.io/kubectl/pkg/cmd/util/helpers.go) and apimachinery's NewGenericServerResponse (api/errors/errors.go).
"""

from collections.abc import Mapping
from typing import Any

from kubectl_ns_tools.errors import NotFound, NsToolsError, Unreachable

MAX_BODY_TEXT = 2048  # client-go shows no more of a body that is not a Status

# NewGenericServerResponse: reason and text when the answer is no Status; {} takes the body's own text.
GENERIC = {
    400: ("BadRequest", "the server rejected our request for an unknown reason"),
    401: ("Unauthorized", "the server has asked for the client to provide credentials"),
    403: ("Forbidden", "{}"),
    404: ("NotFound", "the server could not find the requested resource"),
    405: ("MethodNotAllowed", "the server does not allow this method on the requested resource"),
    406: ("NotAcceptable", "{}"),
    409: ("Conflict", "the server reported a conflict"),
    410: ("Gone", "the requested object or revision is gone"),
    415: ("UnsupportedMediaType", "{}"),
    422: ("Invalid", "the server rejected our request due to an error in our request"),
    429: (
        "TooManyRequests",
        "the server has received too many requests and has asked us to try again later",
    ),
    503: ("ServiceUnavailable", "the server is currently unable to handle the request"),
    504: (
        "Timeout",
        "the server was unable to return a response in the time allotted, but may still be processing the"
        " request",
    ),
}


class ApiError(NsToolsError):
    """The server answered, and the answer is an error.

    status: the HTTP code; reason: Status.reason ("Forbidden"); server_message: Status.message alone;
    causes and details: Status.details, for callers that tell conflicts apart.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        status: int,
        reason: str = "",
        server_message: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.status = status
        self.reason = reason
        self.server_message = server_message or message
        self.details: dict[str, Any] = dict(details or {})
        self.causes: tuple[dict[str, Any], ...] = tuple(self.details.get("causes") or ())


class ApiNotFound(ApiError, NotFound):
    """404: the object, its namespace or the whole resource is not there."""


class ApiForbidden(ApiError):
    """403: authorization or admission said no."""


class ApiConflict(ApiError):
    """409: another field manager, another uid or revision, or the name is taken; see reason and causes."""


class ApiGone(ApiError):
    """410: the revision or continue token is too old; `continue_token`, if any, starts the rest as of now."""

    continue_token = ""


class ApiUnauthorized(ApiError, Unreachable):
    """401: the server does not accept our credentials."""


CLASSES: dict[int, type[ApiError]] = {
    401: ApiUnauthorized,
    403: ApiForbidden,
    404: ApiNotFound,
    409: ApiConflict,
    410: ApiGone,
}


def error_from_status(document: Mapping[str, Any], code: int = 0) -> ApiError:
    """The error for a decoded Status object; `code` is the HTTP status, for a Status that has none."""
    status = int(document.get("code") or code or 500)
    reason = str(document.get("reason") or "")
    text = printable(str(document.get("message") or "unknown"))
    details = document.get("details") or {}
    error = CLASSES.get(status, ApiError)(
        kubectl_line(reason, text, details),
        status=status,
        reason=reason,
        server_message=text,
        details=details,
    )
    if isinstance(error, ApiGone):
        error.continue_token = str((document.get("metadata") or {}).get("continue") or "")
    return error


def error_from_answer(code: int, body: bytes, content_type: str = "") -> ApiError:
    """The error for an answer with an HTTP error code, whether its body is a Status or not."""
    return error_from_status(_status_in(body) or _generic_status(code, body, content_type), code)


def kubectl_line(reason: str, text: str, details: Mapping[str, Any]) -> str:
    """The line that kubectl prints for a Status."""
    if reason == "Unauthorized":
        return f"error: You must be logged in to the server ({text})"
    if reason == "Invalid":
        return _invalid_line(text, details)
    return f"Error from server ({reason}): {text}" if reason else f"Error from server: {text}"


def _invalid_line(text: str, details: Mapping[str, Any]) -> str:
    kind, name, causes = details.get("kind", ""), details.get("name", ""), details.get("causes") or ()
    line = "The request is invalid"
    if kind or name:
        line = f'The {kind} "{name}" is invalid'
    elif text and not causes:
        line += f": {text}"
    lines = (printable(f"{cause.get('field', '')}: {cause.get('message', '')}") for cause in causes)
    told = list(dict.fromkeys(lines))
    if not told:
        return line
    return f"{line}: {told[0]}" if len(told) == 1 else "\n* ".join((f"{line}:", *told))


def _status_in(body: bytes) -> dict[str, Any] | None:
    import json

    try:
        document = json.loads(body)
    except ValueError:
        return None
    if isinstance(document, dict) and document.get("kind") == "Status":
        return document
    return None


def _generic_status(code: int, body: bytes, content_type: str) -> dict[str, Any]:
    said = _body_text(body, content_type)
    default = ("", f"the server responded with the status code {code} but did not return more information")
    reason, text = GENERIC.get(code, default)
    if code >= 500 and code not in GENERIC:
        reason = "InternalError"
        text = 'an error on the server ("{}") has prevented the request from succeeding'
    return {"code": code, "reason": reason, "message": text.format(said)}


def _body_text(body: bytes, content_type: str) -> str:
    """One printable line of a body that is no Status; a page of HTML (a proxy's) gives its title."""
    import re

    text = body[:MAX_BODY_TEXT].decode("utf-8", "replace")
    if "html" in content_type or text.lstrip()[:1] == "<":
        title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
        text = title[1] if title else re.sub(r"<[^>]*>", " ", text)
    return " ".join(printable(text).split()) or "unknown"


def printable(text: str) -> str:
    """Text of the server without what a terminal would obey; lines stay lines."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)
