"""Strings to scalars that YAML 1.1 and YAML 1.2 readers agree on."""

import json
import re

from kubectl_ns_tools.goyaml.resolve import resolve

# Letters first, then nothing that is syntax anywhere; a colon only where no space can follow it.
_SAFE = re.compile(r"[A-Za-z0-9_./](?:[A-Za-z0-9_./@%+=~-]|:(?=[A-Za-z0-9_./@%+=~-]))*\Z")
# What may stand unquoted where no flow collection is around it: prose, with single spaces.
SAFE_TEXT = re.compile(
    r"[A-Za-z0-9_./](?:[A-Za-z0-9_./@%+=~()<>;?'\"-]|[:,](?=[A-Za-z0-9_./])|,? (?=[A-Za-z0-9_./(]))*\Z"
)
# Numbers, dates, base-60 and everything else that some YAML reader would not leave a string.
_NUMBER_LIKE = re.compile(r"[-+.]?[0-9][0-9_:.,TtZz eExXoObBa-fA-F+-]*\Z|[-+]?\.(?:inf|nan)\Z", re.IGNORECASE)
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def is_safe_plain(text: str, safe: re.Pattern[str] = _SAFE) -> bool:
    """Whether `text` may stand unquoted, in block and in flow, and be the same string to every reader."""
    if not safe.match(text) or text.startswith("...") or not text.strip("."):  # 1.1's floats are dots, too
        return False
    return isinstance(resolve(text), str) and not _NUMBER_LIKE.match(text)


def quoted(text: str, style: str = "") -> str:
    """`text` as a one-line scalar; style: the quotes to keep ("'" or '"'), "" for none where that is safe."""
    if style == "" and is_safe_plain(text):
        return text
    if style == "'" and text.isprintable() and text.isascii():
        return "'" + text.replace("'", "''") + "'"
    return json_quoted(text)


def json_quoted(text: str) -> str:
    """`text` in double quotes, valid as JSON and as YAML of either version."""
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
