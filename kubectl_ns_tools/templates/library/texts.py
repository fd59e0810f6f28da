"""The texts of files and folders."""

import os
from pathlib import Path

from kubectl_ns_tools.errors import NotFound, Refused
from kubectl_ns_tools.templates.library.draft import Source

SUFFIXES = (".yaml", ".yml", ".json")


def read_path(path: Path, *, label: str = "", expands: bool = False, shown: str = "") -> list[Source]:
    """The text of a file, or of each .yaml, .yml and .json file of a folder, sorted by name.

    shown: how the path is called in errors, instead of by itself. Raises NotFound in kubectl's words, and
    Refused for what cannot be read and for a folder without such files.
    """
    name = shown or str(path)
    if not os.path.isdir(path):
        return [Source(read_text(path), name, label, expands)]
    try:
        files = sorted(each for each in path.iterdir() if is_template_file(each))
    except OSError as error:
        raise Refused(f'the folder "{name}" cannot be read: {error.strerror}') from error
    if not files:
        raise Refused(f'the folder "{name}" has no {", ".join(SUFFIXES[:2])} or {SUFFIXES[2]} file')
    return [Source(read_text(each), os.path.join(name, each.name), label, expands, name) for each in files]


def is_template_file(path: Path) -> bool:
    """Whether a file in a folder counts: YAML or JSON by its ending, and not hidden."""
    return path.suffix in SUFFIXES and not path.name.startswith(".") and path.is_file()


def read_text(path: Path) -> str:
    """The text of a file. Raises NotFound and Refused."""
    try:
        return decoded(path.read_bytes(), str(path))
    except FileNotFoundError as error:
        raise NotFound(f'the path "{path}" does not exist') from error
    except IsADirectoryError as error:
        raise Refused(f'the path "{path}" is a directory', "name a file") from error
    except OSError as error:
        raise Refused(f'the path "{path}" cannot be read: {error.strerror}') from error


def decoded(content: bytes, source: str) -> str:
    """The text of a file's content. Raises Refused where it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused(f"{source}:{line}: not UTF-8 text") from error
