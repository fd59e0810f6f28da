"""Parts of URLs, in and out. urllib.parse, which takes long to load, is asked for the unusual only."""

from collections.abc import Mapping
from typing import NamedTuple


class Parts(NamedTuple):
    """scheme: in lower case, "" for none; netloc: host and port, no user's name; path: with its "/"."""

    scheme: str
    netloc: str
    path: str

    @property
    def host(self) -> str:
        """Without brackets and port."""
        if self.netloc.startswith("["):
            return self.netloc[1:].partition("]")[0]
        return self.netloc.partition(":")[0]

    @property
    def port(self) -> int:
        """0 for none."""
        return int(self._after_host[1:] or 0)

    @property
    def has_host(self) -> bool:
        """Whether there is a host, and after it a port or nothing."""
        if not self.host or " " in self.netloc or not self.netloc.isprintable():
            return False
        after = self._after_host
        return after in ("", ":") or (after[0] == ":" and _is_port(after[1:]))

    @property
    def _after_host(self) -> str:
        if self.netloc.startswith("["):
            return self.netloc.partition("]")[2] if "]" in self.netloc else "["
        return self.netloc[len(self.host) :]


def split(url: str) -> Parts:
    """The parts of a server's URL; query and fragment, which it should not have, are left out."""
    scheme, _, rest = url.partition("://")
    whole = rest.partition("#")[0].partition("?")[0]
    netloc, slash, path = whole.partition("/")
    return Parts(scheme.lower(), netloc.rpartition("@")[2], slash + path)


def escaped(text: str, safe: str = "") -> str:
    """Text as it may stand in a path; safe: what may stand there besides letters, digits and `_.-~`."""
    if _is_plain(text):
        return text
    from urllib.parse import quote

    return quote(text, safe=safe)


def query_of(values: Mapping[str, str]) -> str:
    """NAME=VALUE&…"""
    if all(map(_is_plain, values.values())):
        return "&".join(f"{name}={value}" for name, value in values.items())
    from urllib.parse import urlencode

    return urlencode(values)


def _is_plain(text: str) -> bool:
    return text.isascii() and (not text or text.replace("-", "").replace(".", "").isalnum())


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text) < 1 << 16
