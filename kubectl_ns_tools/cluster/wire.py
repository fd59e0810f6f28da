"""The form of requests and answers: URLs, JSON, lines, Warning headers. Pure functions."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kubectl_ns_tools.cluster.urls import query_of
from kubectl_ns_tools.errors import Unreachable

# RFC 9111's form that the API server writes: 299 - "text"
WARNING = r'\b299 \S+ "((?:[^"\\]|\\.)*)"'


def target(path: str, query: Mapping[str, str] | None) -> str:
    """The path and query of a request line."""
    return f"{path}?{query_of(query)}" if query else path


def encoded(body: Mapping[str, Any]) -> bytes:
    """A JSON body."""
    return json.dumps(body, separators=(",", ":")).encode()


def decoded(body: bytes, source: str) -> dict[str, Any]:
    """The JSON object in a body; Unreachable, naming the request, when there is none."""
    try:
        document = json.loads(body)
    except ValueError:
        # not chained: the decoder's error carries the text, which may be a Secret
        document = None
    if isinstance(document, dict):
        return document
    raise Unreachable(
        f"Unable to connect to the server: the answer to {source} ({len(body)} bytes) is not a JSON object",
        "it was cut off, or something between here and the API server answered in its place",
    )


def split_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a stream; a last line without an end is yielded too."""
    rest: list[bytes] = []
    for piece in pieces:
        head, *tail = piece.split(b"\n")
        rest.append(head)
        for line in tail:
            if whole := b"".join(rest).strip():
                yield whole
            rest = [line]
    if whole := b"".join(rest).strip():
        yield whole


def warning_texts(header: str) -> list[str]:
    """The texts of a Warning header, several of which the HTTP client has joined by commas."""
    return [re.sub(r"\\(.)", r"\1", text) for text in re.findall(WARNING, header)]
