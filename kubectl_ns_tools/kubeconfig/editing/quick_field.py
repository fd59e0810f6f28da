"""A field of an entry edited in its lines, where the scanner has understood them: no parser is needed."""

import re

from kubectl_ns_tools.kubeconfig.reading.lines import lines_of, plain_value

_WORD = r"[A-Za-z][A-Za-z0-9_./@-]*"


def with_field(lines: bytes, body: str, field: str, value: str) -> bytes | None:
    """The lines of a list's item, whose `body` has the field with this value, as the Editor would write it.

    None where that is for the Editor: the body is not in block style, or ends with something nested.
    """
    last: re.Match[bytes] | None = None
    for line in _body_lines(lines, body):
        if line is None:
            last = None  # something nested
        elif line[3] == field.encode():
            return _replaced(lines, line, value)
        else:
            last = line
    return None if last is None else _appended(lines, last, field, value)


def written(value: str, style: str) -> str:
    """What `goyaml.quoted` gives, which need not be loaded for the usual names."""
    if _is_word(value):
        return f"{style}{value}{style}"
    from kubectl_ns_tools.goyaml import quoted

    return quoted(value, style)


def _is_word(text: str) -> bool:
    return bool(re.fullmatch(_WORD, text)) and isinstance(plain_value(text.encode()), str)


def _body_lines(lines: bytes, body: str) -> "list[re.Match[bytes] | None]":
    """The lines of the body's own fields; None in the place of what is nested in them."""
    found: list[re.Match[bytes] | None] = []
    outer = inner = -1
    for line in lines_of(lines):
        column = len(line[1]) + len(line[2] or b"")
        if outer < 0:
            outer = column if line[3] == body.encode() and line[4] is None else -1
        elif column <= outer:
            break
        else:
            inner = column if inner < 0 else inner
            found.append(line if column == inner and not line[2] else None)
    return found


def _replaced(lines: bytes, line: "re.Match[bytes]", value: str) -> bytes | None:
    if line[4] is None:
        return None
    start, end = line.span(4)
    style = chr(lines[start]) if lines[start] in b"\"'" else ""
    return lines[:start] + written(value, style).encode() + lines[end:]


def _appended(lines: bytes, last: "re.Match[bytes]", field: str, value: str) -> bytes | None:
    end_of_line = re.search(rb"\r?\n\Z", last[0])
    if last[4] is None or not end_of_line or not _is_word(value):
        return None
    line = b" " * len(last[1]) + f"{field}: {value}".encode() + end_of_line[0]
    return lines[: last.end()] + line + lines[last.end() :]
