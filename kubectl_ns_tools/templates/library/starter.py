"""The beginning of a template of one's own, with comments that teach."""

from pathlib import Path

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.templates.library.shelves import is_template_name

_FILE = Path(__file__).parent / "starter.yaml"
_PLACEHOLDER = "STARTER"


def starter(name: str) -> str:
    """The text of a template with this name. Raises Refused for what can be no name."""
    return _FILE.read_text(encoding="utf-8").replace(_PLACEHOLDER, checked_name(name))


def checked_name(name: str) -> str:
    """A name that a file, a label and a comment can have. Raises Refused."""
    if not is_template_name(name) or len(name) > 63 or name[-1] in "._-":
        raise Refused(
            f"{name!r} cannot be the name of a template",
            "letters, digits, dots, dashes and underscores; a letter or a digit at both ends; at most 63",
        )
    return name
