"""HTTP/1.1 messages (RFC 9112), as far as a client of an API server needs them: bytes in, values out.

The standard library's http.client does this too, and more, but loads the email package for the headers: a
tenth of what a light command may take. Faults are Go's net/http in words, as kubectl prints them.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from kubectl_ns_tools.cluster.exchange import Headers
from kubectl_ns_tools.cluster.faults import WireError, broken, malformed, quoted

CHUNK = 1 << 16
LONGEST_LINE = 1 << 20
MOST_HEADERS = 1000
GZIP = 31  # zlib's MAX_WBITS, and 16 for gzip's own head and tail
BODILESS = (101, 204, 304)

VERSIONS = {b"HTTP/1.0": "1.0", b"HTTP/1.1": "1.1"}
# Sets of bytes rather than regular expressions, which take longer to compile than an answer to read.
IN_NAMES = b"!#$%&'*+.^_`|~-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
IN_SIZES = b"0123456789ABCDEFabcdef"


class Source(Protocol):
    """Where the bytes of an answer come from."""

    def line(self, most: int) -> bytes:
        """The next line without its end; WireError for a longer one, or if the stream ends in it."""

    def some(self, most: int) -> bytes:
        """At least one byte and at most so many, what is there first; b"" at the end of the stream."""


class Fields(Mapping[str, str]):
    """Headers by their names in any spelling; several of one name are joined by commas."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def add(self, name: str, value: str) -> None:
        before = self._values.get(name.lower())
        self._values[name.lower()] = value if before is None else f"{before}, {value}"

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class Head(NamedTuple):
    """What comes before the body. version: "1.0" or "1.1"."""

    version: str
    status: int
    headers: Fields

    @property
    def keeps_alive(self) -> bool:
        """Whether the connection may carry another request afterwards."""
        framings = ("Content-Length" in self.headers) + ("Transfer-Encoding" in self.headers)
        # neither: it ends with the connection; both: somebody in between may be lying (RFC 9112, 6.1)
        if self.version == "1.0" or (framings != 1 and self.status not in BODILESS):
            return False
        return "close" not in self.headers.get("Connection", "").lower()


def request(method: str, target: str, host: str, headers: Headers, body: bytes | None) -> bytes:
    """The bytes of a whole request. Header values must have been checked for line ends."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers)]
    if body is not None or method in ("POST", "PUT", "PATCH"):
        lines.append(f"Content-Length: {len(body or b'')}")
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "replace") + (body or b"")


def read_head(source: Source) -> Head:
    """The head of the final answer: those of the interim ones (1xx) are passed over."""
    while True:
        head = _one_head(source)
        if head.status == 101 or head.status >= 200:
            return head


def body_of(head: Head, method: str, source: Source) -> Iterator[bytes]:
    """The pieces of the body as they arrive, none of them empty; WireError when it is cut off."""
    pieces = _framed(head, method, source)
    if head.headers.get("Content-Encoding", "").lower() == "gzip":
        return _decompressed(pieces)
    return pieces


def _one_head(source: Source) -> Head:
    line = source.line(LONGEST_LINE)
    version, status, *_ = [*line.split(b" ", 2), b""]
    if version not in VERSIONS or len(status) != 3 or not status.isdigit() or status < b"100":
        raise broken(malformed(line.decode("latin-1")))
    return Head(VERSIONS[version], int(status), _fields(source))


def _fields(source: Source) -> Fields:
    fields, lines = Fields(), list[bytes]()
    while line := source.line(LONGEST_LINE):
        if line[:1] in (b" ", b"\t") and lines:
            lines[-1] += b" " + line.strip()  # folded, which only old proxies still do
        else:
            lines.append(line)
        if len(lines) > MOST_HEADERS:
            raise WireError("net/http: server response headers exceeded the limit")
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not name or name.translate(None, IN_NAMES):
            told = quoted(line.decode("latin-1"))
            how = f" line: {told[1:-1]}" if colon else f": missing colon: {told}"
            raise broken(f"malformed MIME header{how}")
        fields.add(name.decode(), value.strip(b" \t").decode("latin-1"))
    return fields


def _framed(head: Head, method: str, source: Source) -> Iterator[bytes]:
    """The body by the first rule of RFC 9112, 6.3, that fits."""
    if method == "HEAD" or head.status in BODILESS:
        return iter(())
    if coding := head.headers.get("Transfer-Encoding", ""):
        if coding.lower() != "chunked":
            raise broken(f'unsupported transfer encoding: "{coding}"')
        return _chunked(source)
    if length := head.headers.get("Content-Length", ""):
        return _sized(source, _length(length))
    return _until_the_end(source)


def _length(text: str) -> int:
    said = {part.strip() for part in text.split(",")}  # the same again is the same
    number = said.pop()
    if said or not (number.isascii() and number.isdigit()):
        raise broken(f'bad Content-Length "{text}"')
    return int(number)


def _sized(source: Source, length: int) -> Iterator[bytes]:
    while length:
        piece = source.some(min(length, CHUNK))
        if not piece:
            raise WireError("unexpected EOF")
        length -= len(piece)
        yield piece


def _chunked(source: Source) -> Iterator[bytes]:
    while size := _chunk_size(source):
        yield from _sized(source, size)
        if source.line(LONGEST_LINE):
            raise WireError("malformed chunked encoding")
    while source.line(LONGEST_LINE):
        pass  # trailers


def _chunk_size(source: Source) -> int:
    digits = source.line(LONGEST_LINE).partition(b";")[0].strip()
    if not digits or len(digits) > 15 or digits.translate(None, IN_SIZES):
        raise WireError("invalid byte in chunk length")
    return int(digits, 16)


def _until_the_end(source: Source) -> Iterator[bytes]:
    while piece := source.some(CHUNK):
        yield piece


def _decompressed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """What is in a gzip stream, which may have several members (RFC 1952, 2.2)."""
    import zlib

    member, rest, begun = zlib.decompressobj(GZIP), b"", False
    try:
        for piece in pieces:
            rest, begun = piece, True
            while rest:
                if found := member.decompress(rest):
                    yield found
                rest = member.unused_data
                if member.eof:
                    member, begun = zlib.decompressobj(GZIP), bool(rest)
    except zlib.error as error:
        raise WireError("gzip: invalid header") from error
    if begun:
        raise WireError("unexpected EOF")
