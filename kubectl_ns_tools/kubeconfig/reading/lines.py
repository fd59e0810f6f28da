"""The lines that the scanner knows: a small part of YAML.

Block style, one key or item a line, plain or quoted scalars that end on their line, printable ASCII. As no
scalar goes on in the next line, each line can be taken apart by itself.
"""

import re
from collections.abc import Iterator
from typing import Any

# Printable but for the colon; nor is there a backtick in it, as re is quick with sets of three ranges only.
RUN = rb"[!-9;-_a-~]"
# A colon only before, and a space only between what belongs to the same scalar.
MORE = RUN + rb"*(?:(?::+| +(?!#))" + RUN + rb"+)*"
QUOTED = rb'"[ !#-\[\]-~]*"|' + rb"'[ -&(-~]*'"
_VALUE = QUOTED + rb"|\{\}|\[\]|(?:--?[A-Za-z]|[A-Za-z0-9/+._])" + MORE
_END = rb"(?: +#[\t -~]*| *)(?:\r?\n|\Z)"
# Groups: the indentation, the dash with the spaces after it, a key, its value; or, without a key, a scalar.
ENTRY = re.compile(
    rb"( *)(- +)?(?:([A-Za-z][A-Za-z0-9_./-]{0,99}):(?: +(" + _VALUE + rb"))?|(" + _VALUE + rb"))" + _END
)
NOTHING = re.compile(rb" *(?:#[\t -~]*)?(?:\r?\n|\Z)")
EMPTY = (b"{}", b"[]")
# What resolve() might not leave a string: numbers, and the words of its table.
ODD_WORD = rb"(?i:y|n|yes|no|on|off|true|false|null)"
ODD = re.compile(rb"[-+.0-9]|" + ODD_WORD + rb"\Z")
_BASE64 = bytes(range(0x30, 0x3A)) + bytes(range(0x41, 0x5B)) + bytes(range(0x61, 0x7B)) + b"+/"
_PADDING = (b"", b"=", b"==")


def lines_of(data: bytes) -> "Iterator[re.Match[bytes]]":
    """The lines with something in them, taken apart by ENTRY, of a part of a file that was understood."""
    at = 0
    while at < len(data):
        if line := ENTRY.match(data, at):
            yield line
        at = data.find(b"\n", at) + 1 or len(data)


def is_nothing(line: bytes) -> bool:
    """Whether a line of a file that was understood is blank, or a comment."""
    return NOTHING.fullmatch(line) is not None


def plain_value(value: bytes) -> Any:
    """What a plain scalar, or a key, means to kubectl."""
    if not ODD.match(value):
        return value.decode()
    from kubectl_ns_tools.goyaml.resolve import resolve  # with all of goyaml, for a file that may not need it

    return resolve(value.decode())


def text_of(value: bytes) -> str:
    """The text of a scalar that is a string: what is in its quotes, if it has some."""
    return (value[1:-1] if value[0] in b"\"'" else value).decode()


def is_base64(value: bytes) -> bool:
    """Whether Go's decoder takes it, which is not strict about the last bits."""
    rest = value.translate(None, _BASE64)
    return len(value) % 4 == 0 and rest in _PADDING and value.endswith(rest)
