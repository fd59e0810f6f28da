"""The console blocks of a document: replayed, compared, written anew.

A block is fenced as ```console; a line that begins with `$ ` is a command, what follows is its output.
"""

import re
from collections.abc import Callable

Run = Callable[[str], str]

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SYSTEM = re.compile(r"(?<=^\$ kubectl ns-status kube-system\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n", re.MULTILINE)


def replayed(document: str, run: Run) -> str:
    """The document with the output of every command as it is now; `run` gives it for a shell line."""
    return _BLOCK.sub(lambda block: f"```console\n{_block(block[1], run)}```", document)


def commands(document: str) -> list[str]:
    """Every command of the document, in order."""
    return [command for block in _BLOCK.findall(document) for command in _COMMAND.findall(block)]


def with_blocks_of(original: str, translation: str) -> str:
    """The translation with the console blocks of the original, which has as many."""
    blocks = iter(_BLOCK.findall(original))
    carried = _BLOCK.sub(lambda _: f"```console\n{next(blocks)}```", translation)
    assert next(blocks, None) is None, "the translation has fewer console blocks than the original"
    return carried


def normalised(document: str) -> str:
    """The document without what differs from run to run: times, ports, generated names, events (which come
    when they come), how much is in kube-system, progress, widths of columns."""
    document = _SYSTEM.sub(lambda table: re.sub(r"\d+$", "N", table[0], flags=re.MULTILINE), document)
    document = re.sub(r"^\[\d+s\] .*\n", "", document, flags=re.MULTILINE)
    document = re.sub(r"\b\d{8}T\d{6}Z-[0-9a-f]{8}\b", "TIME-UID", document)
    document = re.sub(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME", document)
    document = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", document)
    # before ages, which a part of them may look like
    document = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", "UID", document)
    document = re.sub(r"\bweb-[0-9a-z]{8,10}(?:-[0-9a-z]{5})?\b", "web-HASH", document)
    document = re.sub(r"\b\d+(?:\.\d+)?(?:ms|s|m|h|d)(?:\d+[smh])?\b", "AGE", document)
    # of objects that came in the same second, either may be the last
    document = re.sub(r"^  \S+/\S+ was \w+ AGE ago.*$", "  OBJECT was changed AGE ago", document, flags=re.M)
    document = re.sub(r"\b\d+ (events|objects)\b|^(events +)\d+", r"N \1\2", document, flags=re.MULTILINE)
    return re.sub(r" {2,}", "  ", document)


def _block(text: str, run: Run) -> str:
    parts = []
    for command in _COMMAND.findall(text):
        output = run(command)
        parts.append(f"$ {command}\n{output}" + ("" if output.endswith("\n") or not output else "\n"))
    return "\n".join(parts) if "\n\n$ " in text else "".join(parts)
