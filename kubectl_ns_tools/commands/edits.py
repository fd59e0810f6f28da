"""What a command says of its edits of a kubeconfig: the diff of a dry run, or what was done."""

from collections.abc import Sequence

from kubectl_ns_tools.commands.terminal import out, say
from kubectl_ns_tools.kubeconfig.undo.journal import FileChange


def report(changes: Sequence[FileChange], dry_run: bool, message: str) -> None:
    """The message on stderr; for a dry run the diff on stdout instead, secrets masked."""
    if not dry_run:
        say(message)
    elif diff := _diff(changes):
        out(diff)
    else:
        say("Nothing would change.")


def show_diff(changes: Sequence[FileChange]) -> None:
    """The diff on stderr, for a question that follows."""
    if diff := _diff(changes):
        say(diff)


def _diff(changes: Sequence[FileChange]) -> str:
    from kubectl_ns_tools.output.diff import unified_diff

    return unified_diff(changes)
