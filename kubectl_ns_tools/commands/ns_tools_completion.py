"""kubectl ns-tools completion"""

import os
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import click

from kubectl_ns_tools.commands.options import plain_options, preview_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import Choice, KubectlCommand
from kubectl_ns_tools.commands.terminal import out, say, warn
from kubectl_ns_tools.errors import NotFound
from kubectl_ns_tools.output.escape import escape

if TYPE_CHECKING:
    from kubectl_ns_tools.commands.completion.completers import Completer

_SCRIPTS = ("bash", "fish", "zsh")
_KUBECTLS_OWN = (
    "What follows kubectl is completed once kubectl's own completion is on, such as by\n"
    "  source <(kubectl completion bash)\n"
    "in ~/.bashrc; see: kubectl completion --help. For an alias: complete -o default -F __start_kubectl k"
)


@click.command("completion", cls=KubectlCommand, short_help="Have Tab complete names and flags.")
@click.argument(
    "what", type=Choice(["install", "uninstall", *_SCRIPTS]), metavar="install|uninstall|bash|fish|zsh"
)
@click.option("--dir", "folder", metavar="DIR", help="The folder for the completers. [that of each command]")
@preview_option
@plain_options
@click.pass_obj
def command(
    commands: Collection[str], session: Session, *, what: str, folder: str | None, dry_run: bool
) -> None:
    """Have Tab complete contexts, namespaces, templates, parameters and flags.

    Examples:
      # After an installation by krew; pip and pipx have done it already
      kubectl ns-tools completion install
      # What would be written, and where
      kubectl ns-tools completion install --dry-run
      # Also for the executables themselves (kubectl-ctx_switch), in ~/.bashrc
      eval "$(kubectl ns-tools completion bash)"

    kubectl (1.26 or newer) completes what follows a plugin's name by asking an executable that is called like
    the plugin: kubectl_complete-ctx_switch. `install` puts one beside each of our commands on PATH that has
    none, `uninstall` removes what `install` has written, and nothing else. A file of somebody else's is never
    overwritten.

    `bash`, `fish` and `zsh` print a script for commands that are called by their own names.

    Namespaces are asked of the cluster, which has a second to answer, and are kept for ten.
    """
    if what in _SCRIPTS:
        _print_script(what, commands, bool(folder or dry_run))
    elif what == "install":
        _install(session, commands, folder or "", dry_run)
    else:
        _uninstall(session, commands, folder or "", dry_run)


def _print_script(shell: str, commands: Collection[str], has_options: bool) -> None:
    from kubectl_ns_tools.commands.completion.completers import executable
    from kubectl_ns_tools.commands.completion.scripts import script

    if has_options:
        raise click.UsageError("--dir and --dry-run are for install and uninstall")
    out(script(shell, map(executable, commands)).rstrip("\n"))


def _install(session: Session, commands: Collection[str], folder: str, dry_run: bool) -> None:
    from kubectl_ns_tools.commands.completion.completers import commands_there, completers_missing, install

    there = commands_there(commands, session.environ)
    if not there:
        raise NotFound("none of our commands is on PATH", "add the folder that has kubectl-ns_tools to PATH")
    _tell(install(commands, session.environ, folder, dry_run=dry_run), dry_run)
    missing = [] if dry_run else completers_missing(commands, session.environ)
    if missing:
        place = f"{os.path.abspath(folder)} is not in PATH"
        warn(f"kubectl does not find the completers of {', '.join(missing)}: {place}")
    elif not dry_run:
        say(f"kubectl finds the completers of {len(there)} commands.")
    say(_KUBECTLS_OWN)


def _uninstall(session: Session, commands: Collection[str], folder: str, dry_run: bool) -> None:
    from kubectl_ns_tools.commands.completion.completers import uninstall

    removed = uninstall(commands, session.environ, folder, dry_run=dry_run)
    _tell(removed, dry_run)
    if not removed:
        say("There is nothing to remove.")


def _tell(completers: "Sequence[Completer]", dry_run: bool) -> None:
    for each in completers:
        out(escape(f"{each.path} {each.done}{' (dry run)' if dry_run else ''}"))
