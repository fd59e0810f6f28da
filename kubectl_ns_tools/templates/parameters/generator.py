"""Values of parameters with `generate: expression`.

The language is OpenShift's (library-go pkg/template/generator/expressionvalue.go): literal text in which
`[a-z0-9]{8}` stands for eight characters of a set; \\w, \\d, \\a and \\A in the brackets are sets by name.
Unlike the original, a range includes its last character, and `[abc]` means these three.
"""

import re
import secrets
import string

_LETTERS = string.ascii_lowercase + string.ascii_uppercase
_ORDER = _LETTERS + string.digits
_NAMED = {
    r"\w": _ORDER + "_",
    r"\d": string.digits,
    r"\a": _ORDER,
    r"\A": "~!@#$%^&*()-_+={}[]\\|<,>.?/\"';:`",
}
_GENERATED = re.compile(r"\[([a-zA-Z0-9\-\\]+)\]\{([0-9]+)\}")
_MEMBER = re.compile(r"(\\[wdaA])|([a-zA-Z0-9])-([a-zA-Z0-9])|([a-zA-Z0-9])")
_LONGEST = 255


def generate(expression: str) -> str:
    """A fresh value. Raises ValueError, saying what is wrong with the expression."""
    return _GENERATED.sub(lambda match: _characters(match[1], int(match[2])), expression)


def _characters(members: str, length: int) -> str:
    if not 1 <= length <= _LONGEST:
        raise ValueError(f"the length {length} is not within 1-{_LONGEST}")
    alphabet = sorted(_alphabet(members))
    return "".join(secrets.choice(alphabet) for _ in range(length))


def _alphabet(members: str) -> set[str]:
    found, at = set[str](), 0
    while at < len(members):
        match = _MEMBER.match(members, at)
        if not match:
            raise ValueError(f"[{members}] is not a set of characters")
        found.update(_set_of(match))
        at = match.end()
    return found


def _set_of(match: re.Match[str]) -> str:
    name, first, last, single = match.groups()
    if name or single:
        return _NAMED.get(name, single)
    start, end = _ORDER.index(first), _ORDER.index(last)
    if start > end:
        raise ValueError(f"invalid range specified: {first}-{last}")
    return _ORDER[start : end + 1]
