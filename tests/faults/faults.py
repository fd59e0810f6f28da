"""What can go wrong with one exchange. Each is called by its name in the list of what a proxy has seen."""

import json
from urllib.parse import parse_qs, urlsplit

from tests.faults.proxy import Exchange, Fault

FOR_EVER = 120.0  # longer than any patience in a test; a proxy that ends wakes the sleepers
_JSON = ("Content-Type", "application/json")
REASONS = {403: "Forbidden", 429: "TooManyRequests", 500: "InternalError", 503: "ServiceUnavailable"}


def dropped(exchange: Exchange) -> None:
    """The connection ends, and the API server knows nothing of the request."""
    exchange.hang_up()


def dropped_after(exchange: Exchange) -> None:
    """The API server does it, and the connection ends without the answer."""
    exchange.ask()
    exchange.hang_up()


def hanging(exchange: Exchange) -> None:
    """No answer ever; the API server knows nothing of the request."""
    exchange.wait(FOR_EVER)
    exchange.hang_up()


def hanging_after(exchange: Exchange) -> None:
    """The API server does it, and the answer never comes."""
    exchange.ask()
    hanging(exchange)


def cut(exchange: Exchange) -> None:
    """Half of the body, then the end of the connection."""
    status, headers, body = exchange.ask()
    exchange.head(status, [*headers, ("Content-Length", str(len(body)))])
    exchange.send(body[: len(body) // 2])
    exchange.hang_up()


def stalled(exchange: Exchange) -> None:
    """Half of the body, then nothing."""
    status, headers, body = exchange.ask()
    exchange.head(status, [*headers, ("Content-Length", str(len(body)))])
    exchange.send(body[: len(body) // 2])
    hanging(exchange)


def truncated(exchange: Exchange) -> None:
    """A whole answer whose JSON ends in the middle."""
    status, headers, body = exchange.ask()
    exchange.whole(status, body[: len(body) // 2], headers)


def not_json(exchange: Exchange) -> None:
    """A page of somebody in between, with a code of success."""
    exchange.whole(200, b"<html><title>Sign in</title></html>", [("Content-Type", "text/html")])


def slow(pause: float, piece: int) -> Fault:
    """The right answer in pieces of so many bytes, with pauses of so many seconds."""

    def slow(exchange: Exchange) -> None:
        status, headers, body = exchange.ask()
        exchange.head(status, [*headers, ("Content-Length", str(len(body)))])
        for start in range(0, len(body), piece):
            exchange.send(body[start : start + piece])
            if exchange.wait(pause):
                break

    return slow


def refused(code: int, *, retry_after: int | None = None) -> Fault:
    """The API server's own refusal: 403, 429, 500, 503; retry_after in seconds."""

    def refused(exchange: Exchange) -> None:
        headers = [] if retry_after is None else [("Retry-After", str(retry_after))]
        exchange.whole(code, _status(code, REASONS[code], "the fault proxy says no"), [_JSON, *headers])

    return _named(refused, f"refused_{code}")


def expired(*, offering_the_rest: bool = False) -> Fault:
    """410 to a page of a list. offering_the_rest: with a token for it, of which the list is inconsistent."""

    def expired(exchange: Exchange) -> None:
        token = parse_qs(urlsplit(exchange.target).query).get("continue", [""])[0]
        offered = {"continue": token} if offering_the_rest else {}
        message = "The provided continue parameter is too old"
        exchange.whole(410, _status(410, "Expired", message, **offered), [_JSON])

    return expired


def _named(function: Fault, name: str) -> Fault:
    function.__name__ = name
    return function


def _status(code: int, reason: str, message: str, **metadata: str) -> bytes:
    body = {
        "kind": "Status", "apiVersion": "v1", "metadata": metadata, "status": "Failure",
        "reason": reason, "message": message, "code": code,
    }  # fmt: skip
    return json.dumps(body).encode()
