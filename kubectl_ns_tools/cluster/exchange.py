"""One request and its answer, whichever HTTP client carries them: the terms between Transport and client."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from kubectl_ns_tools.cluster.faults import timed_out
from kubectl_ns_tools.errors import Unreachable

Headers = Sequence[tuple[str, str]]


class Clock:
    """The time limits of one request: to connect, between two pieces of the answer, and in all."""

    def __init__(self, connect: float, silence: float, total: float) -> None:
        self.connect = min(connect, total)
        self.silence = min(silence, total)
        self.total = total
        self._end = time.monotonic() + total

    def remaining(self) -> float:
        return self._end - time.monotonic()

    def elapsed(self) -> float:
        return self.total - self.remaining()

    def next_wait(self) -> float:
        """How long the next piece may take."""
        return max(0.001, min(self.silence, self.remaining()))

    def to_connect(self) -> float:
        """How long the connection may take."""
        return max(0.001, min(self.connect, self.next_wait()))


class Dropped(Exception):
    """The connection broke before the answer was complete; `as_error` is what to raise if it stays so."""

    def __init__(self, as_error: Unreachable) -> None:
        super().__init__(as_error.message)
        self.as_error = as_error


class Body(Protocol):
    """The body of an answer, as an HTTP client gives it."""

    def read(self) -> bytes:
        """The next bytes, decompressed; b"" at the end. Raises Unreachable or Dropped."""

    def close(self) -> None:
        """Drop the connection unless the body was read to its end."""


class Answer:
    """An answer whose head is here and whose body comes in pieces.

    headers: by any spelling of their names, several of one name joined by ", "; authorization: what the
    request was sent with.
    """

    authorization = ""

    def __init__(
        self, server: str, status: int, headers: Mapping[str, str], body: Body, clock: Clock
    ) -> None:
        self.status = status
        self.headers = headers
        self._server = server
        self._body = body
        self._clock = clock

    def pieces(self) -> Iterator[bytes]:
        """The body as it arrives, decompressed. Unreachable at the end of the clock, Dropped if cut off."""
        try:
            while piece := self._piece():
                yield piece
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Drop the connection unless the body was read to its end."""
        self._body.close()

    def _piece(self) -> bytes:
        if self._clock.remaining() <= 0:
            raise timed_out(self._server, self._clock.elapsed())
        return self._body.read()


class Client(Protocol):
    """An HTTP client for one cluster and one client certificate; thread-safe."""

    def send(self, method: str, target: str, headers: Headers, body: bytes | None, clock: Clock) -> Answer:
        """Send a request (target: the whole path and query) and wait for the head of the answer.

        Raises Unreachable, or Dropped when the connection broke after the request went out.
        """

    def close(self) -> None:
        """Close the idle connections."""
