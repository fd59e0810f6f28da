"""Where a template or a file of objects is: built in by name, at a path, or on stdin."""

import os
from pathlib import Path

from kubectl_ns_tools.errors import NotFound, Refused, did_you_mean
from kubectl_ns_tools.templates.expansion import Source

BUILTIN_FOLDER = Path(__file__).parent / "builtin"
DEFAULT_TEMPLATE = "default"
_SUFFIXES = (".yaml", ".yml", ".json")
_STDIN = "STDIN"  # kubectl's name for it in errors


def builtin_names() -> list[str]:
    """The names of the built-in templates."""
    return sorted(path.stem for path in BUILTIN_FOLDER.glob("*.yaml"))


def find_template(name: str, stdin: str) -> Source:
    """The template that `name` means: `-` for `stdin`, a path, or the name of a built-in.

    A name with a slash or with the ending of a YAML or JSON file is a path; a built-in comes before a file
    of the same name. Raises NotFound with the names there are, Refused for a file that cannot be read.
    """
    if name == "-":
        return Source(stdin, _STDIN, expands=True)
    if name in builtin_names():
        path = BUILTIN_FOLDER / f"{name}.yaml"
        return Source(_read(path), f"builtin/{path.name}", name, expands=True)
    path = Path(name)
    if not ("/" in name or path.suffix in _SUFFIXES or os.path.exists(name)):
        raise NotFound(
            f"there is no template {name!r}", did_you_mean(name, builtin_names(), "built-in templates")
        )
    return Source(_read(path), name, path.name, expands=True)


def find_file(name: str, stdin: str) -> Source:
    """The objects of a file, or of `stdin` for `-`; only a `kind: Template` among them is expanded."""
    return Source(stdin, _STDIN) if name == "-" else Source(_read(Path(name)), name)


def _read(path: Path) -> str:
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
