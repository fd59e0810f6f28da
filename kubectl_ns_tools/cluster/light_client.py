"""Requests by sockets, ssl and http1.py alone: what the common cluster needs, loaded in no time.

One connection carries one request at a time; those that are free wait in a pool, the last used on top.
"""

import contextlib
import ssl
from _weakref import ref  # what weakref has too, for more than a millisecond
from collections.abc import Iterator

from kubectl_ns_tools.cluster import http1
from kubectl_ns_tools.cluster.channel import Channel, dial, encrypted
from kubectl_ns_tools.cluster.endpoint import Endpoint
from kubectl_ns_tools.cluster.exchange import Answer, Clock, Dropped, Headers
from kubectl_ns_tools.cluster.faults import is_drop, timed_out, unreachable
from kubectl_ns_tools.cluster.tls import Identity, client_context

POOL_SIZE = 32  # connections kept, not a limit


class LightClient:
    """The connections to one cluster with one client certificate."""

    def __init__(self, endpoint: Endpoint, identity: Identity | None) -> None:
        self._endpoint = endpoint
        self._idle = _idle_of(self)
        self._closed = False
        self._tls: ssl.SSLContext | None = None
        if endpoint.server.startswith("https:"):
            self._tls = client_context(endpoint.authority, insecure=endpoint.insecure, identity=identity)

    def send(self, method: str, target: str, headers: Headers, body: bytes | None, clock: Clock) -> Answer:
        data = http1.request(method, target, self._endpoint.host_header, headers, body)
        channel = self._fresh_channel(clock) or self._new_channel(clock)
        try:
            with translated(self._endpoint.server, clock):
                channel.send(data)
                head = http1.read_head(channel)
                pieces = http1.body_of(head, method, channel)
        except BaseException:
            channel.close()
            raise
        reading = _Body(self, channel, head, pieces)
        return Answer(self._endpoint.server, head.status, head.headers, reading, clock)

    def close(self) -> None:
        self._closed = True
        while channel := self._taken():
            channel.close()

    @property
    def server(self) -> str:
        """Its name for messages."""
        return self._endpoint.server

    def give_back(self, channel: Channel) -> None:
        """A connection whose answer was read to its end."""
        if self._closed or len(self._idle) >= POOL_SIZE:
            channel.close()
        else:
            self._idle.append(channel)

    def _taken(self) -> Channel | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _fresh_channel(self, clock: Clock) -> Channel | None:
        """An idle connection that the server has not closed meanwhile."""
        while channel := self._taken():
            if channel.is_fresh():
                channel.clock = clock
                return channel
            channel.close()
        return None

    def _new_channel(self, clock: Clock) -> Channel:
        endpoint = self._endpoint
        try:
            sock = dial(endpoint.host, endpoint.port, clock)
        except TimeoutError as error:
            raise timed_out(endpoint.server, clock.elapsed()) from error
        except OSError as error:
            raise unreachable(endpoint.server, error) from error
        if self._tls:
            with translated(endpoint.server, clock):
                sock = encrypted(sock, self._tls, endpoint.certified_name, clock)
        return Channel(sock, clock)


# The idle connections of each client, so that they are closed when it is forgotten. A __del__ may be too late
# for that where it goes with others in a cycle (an exception and its frames): the sockets may go first.
_IDLE: dict[ref[LightClient], list[Channel]] = {}


def _idle_of(client: LightClient) -> list[Channel]:
    """A place for them; append and pop are one step to other threads."""
    return _IDLE.setdefault(ref(client, _close_idle), [])


def _close_idle(forgotten: ref[LightClient]) -> None:
    for channel in _IDLE.pop(forgotten):
        channel.close()


class _Body:
    """The rest of an answer, whose connection goes back to the pool at its end."""

    def __init__(
        self, client: LightClient, channel: Channel, head: http1.Head, pieces: Iterator[bytes]
    ) -> None:
        self._client = client
        self._channel: Channel | None = channel
        self._reusable = head.keeps_alive
        self._pieces = pieces

    def read(self) -> bytes:
        if self._channel is None:
            return b""
        with translated(self._client.server, self._channel.clock):
            piece = next(self._pieces, b"")
        if not piece:
            self._end(self._channel)
        return piece

    def close(self) -> None:
        if self._channel is not None:
            self._channel.close()

    def _end(self, channel: Channel) -> None:
        if self._reusable:
            self._channel = None
            self._client.give_back(channel)
        else:
            channel.close()


@contextlib.contextmanager
def translated(server: str, clock: Clock) -> Iterator[None]:
    """Turn the faults of an open connection into ours."""
    try:
        yield
    except TimeoutError as error:
        raise timed_out(server, clock.elapsed()) from error
    except OSError as error:
        if is_drop(error):
            raise Dropped(unreachable(server, error)) from error
        raise unreachable(server, error) from error
