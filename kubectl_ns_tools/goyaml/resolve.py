"""What a plain scalar means to kubectl.

Source: resolve.go of go.yaml.in/yaml/v2 (sigs.k8s.io/yaml/goyaml.v2), through YAMLToJSON.
"""

import math
import re
from typing import TypeAlias

Plain: TypeAlias = str | int | float | bool | None

_WORDS: dict[str, bool | float | None] = {
    **{word: True for name in ("y", "yes", "true", "on") for word in (name, name.capitalize(), name.upper())},
    **{
        word: False
        for name in ("n", "no", "false", "off")
        for word in (name, name.capitalize(), name.upper())
    },
    **{word: None for word in ("", "~", "null", "Null", "NULL")},
    **{word: math.nan for word in (".nan", ".NaN", ".NAN")},
    **{sign + word: math.inf for sign in ("", "+") for word in (".inf", ".Inf", ".INF")},
    **{"-" + word: -math.inf for word in (".inf", ".Inf", ".INF")},
}
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_BASES = (16, 2, 8, 10)


def resolve(text: str) -> Plain:
    """The value of a plain (unquoted, untagged) scalar: text that looks like a date stays text."""
    if text in _WORDS:
        return _WORDS[text]
    if not text[0].isascii() or text[0] not in "+-.0123456789":
        return text
    bare = text.replace("_", "")
    integer = _integer(bare)
    if integer is not None:
        return integer
    return _float(bare) if _FLOAT.match(bare) else text


def _integer(text: str) -> int | None:
    match = _INTEGER.match(text)
    if not match:
        return None
    digits, base = next((part, base) for part, base in zip(match.groups()[1:], _BASES, strict=True) if part)
    value = int(match[1] + digits, base)
    return value if -(2**63) <= value < 2**64 else None


def _float(text: str) -> float | str:
    value = float(text)
    return value if math.isfinite(value) else text  # strconv.ParseFloat: value out of range
