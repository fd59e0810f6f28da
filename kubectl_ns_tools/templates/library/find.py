"""What is meant by the name of a template or of a file of objects on the command line."""

from pathlib import Path

from kubectl_ns_tools.templates.library.draft import Source
from kubectl_ns_tools.templates.library.library import Library, TemplateInfo
from kubectl_ns_tools.templates.library.texts import SUFFIXES, read_path

DEFAULT_TEMPLATE = "default"
STDIN = "STDIN"  # kubectl's name for it in errors


def find_template(name: str, library: Library, stdin: str) -> tuple[TemplateInfo | None, list[Source]]:
    """The texts of the template that `name` means: `-` for `stdin`, a path, or a name of the library.

    What has a slash or the ending of a YAML or JSON file is a path, and nothing else is: no file of the
    working directory gets in the way of a template by accident. The first part of the result is None unless
    the library had it. Raises NotFound with the names there are, Refused for a file that cannot be read.
    """
    if name == "-":
        return None, [Source(stdin, STDIN, expands=True)]
    path = Path(name)
    if "/" in name or path.suffix in SUFFIXES:
        return None, read_path(path, label=path.name, expands=True)
    return library.find(name)


def find_files(name: str, stdin: str) -> list[Source]:
    """The objects of a file or of a folder, or of `stdin` for `-`; only a `kind: Template` among them is
    expanded."""
    return [Source(stdin, STDIN)] if name == "-" else read_path(Path(name))
