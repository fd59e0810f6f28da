"""`.env` files: one NAME=VALUE per line.

As `oc process --param-file` reads them (github.com/joho/godotenv): `#` begins a comment, `export` may stand
in front, single quotes keep everything, double quotes know the usual escapes by backslash, and both may hold
several lines. Unlike there, no value is looked into for `$OTHER`.
"""

import re
from collections.abc import Iterator

from kubectl_ns_tools.errors import Refused

_SPACE = re.compile(r"(?:[ \t\r]*(?:#[^\n]*)?(?:\n|\Z))*[ \t]*")
_NAME = re.compile(r"(?:export[ \t]+)?([A-Za-z0-9_]+)[ \t]*=[ \t]*")
_VALUE = re.compile(
    r"""'(?P<single>[^']*)'[ \t\r]*(?:\#[^\n]*)?(?=\n|\Z)
    |"(?P<double>(?:[^"\\]|\\.)*)"[ \t\r]*(?:\#[^\n]*)?(?=\n|\Z)
    |(?P<plain>[^'"\n][^\n]*|)(?=\n|\Z)""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"(?:^|\s)#.*")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CHARACTERS = {"n": "\n", "r": "\r", "t": "\t"}
_ASSIGNS = re.compile(_SPACE.pattern + _NAME.pattern)


def looks_like_dotenv(text: str) -> bool:
    """Whether its first line that is neither empty nor a comment is an assignment."""
    return bool(_ASSIGNS.match(text))


def parse_dotenv(text: str, source: str) -> Iterator[tuple[str, str, int]]:
    """Each name, its value and its line. Raises Refused with file and line for what is no assignment."""
    at = _end(_SPACE.match(text))
    while at < len(text):
        line = text.count("\n", 0, at) + 1
        name = _NAME.match(text, at)
        value = _VALUE.match(text, name.end()) if name else None
        if not (name and value):
            problem = "a quote is not closed, or something follows it" if name else "write NAME=VALUE"
            raise Refused(f"{source}:{line}: {problem}")
        yield name[1], _meaning(value), line
        at = _end(_SPACE.match(text, value.end()))


def _meaning(value: re.Match[str]) -> str:
    if value["single"] is not None:
        return value["single"]
    if value["double"] is not None:
        return _ESCAPED.sub(lambda match: _CHARACTERS.get(match[1], match[1]), value["double"])
    return _COMMENT.sub("", value["plain"]).strip()


def _end(match: "re.Match[str] | None") -> int:
    return match.end() if match else 0
