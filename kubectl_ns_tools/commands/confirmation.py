"""The question before a change, in kubectl's form."""

from kubectl_ns_tools.commands.terminal import ask, is_interactive
from kubectl_ns_tools.errors import Refused

_YES = ("y", "yes")


def confirm(subject: str, action: str) -> None:
    """Ask whether to go on. subject: what it is about; action: what would be done, as in "was deleted".

    Raises Refused for any other answer than yes, and where nobody can be asked.
    """
    if not is_interactive():
        raise Refused(
            f"{subject} not {action} unconfirmed, and there is no terminal to ask on",
            "look with --dry-run, then pass --yes",
        )
    # kubectl pkg/cmd/delete: --interactive
    if ask("Do you want to continue? (y/N):").lower() not in _YES:
        raise Refused(f"not confirmed; nothing was {action}")
