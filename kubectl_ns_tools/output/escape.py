"""Other people's text made safe for a terminal."""

import unicodedata

# Cc: control; Cf: format (bidirectional overrides, zero width); Cs: lone surrogates; Zl, Zp: separators.
_SHOWN_AS_CODE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"  # part of ordinary words and emoji


def escape(text: str) -> str:
    """`text` with every character that could steer a terminal written as its code (`\\x1b`, `\\u202e`)."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in _JOINERS or unicodedata.category(character) not in _SHOWN_AS_CODE:
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
