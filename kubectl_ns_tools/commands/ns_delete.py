"""kubectl ns-delete: show all that goes with namespaces, ask, delete exactly it, follow it to its end."""

from typing import Any

import click

from kubectl_ns_tools.commands.deletion.wish import DeletionWish
from kubectl_ns_tools.commands.help import heading
from kubectl_ns_tools.commands.options import (
    cluster_options,
    dry_run_option,
    duration,
    output_option,
    yes_option,
)
from kubectl_ns_tools.commands.protection import confirm_context_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand


@click.command("ns-delete", cls=KubectlCommand)
@click.argument("words", nargs=-1, metavar="[NAME|PATTERN...]")
@heading("Selection options")
@click.option("-l", "--selector", default="", metavar="SELECTOR", help="Only namespaces with these labels.")
@click.option("--expired", is_flag=True, help="Only namespaces whose time is over; see kubectl ns-list.")
@click.option(
    "--contexts", multiple=True, metavar="PATTERN",
    help="In each of these contexts; a name or a glob, may be repeated.",
)  # fmt: skip
@click.option(
    "--only", multiple=True, metavar="KIND[/NAME]",
    help="Delete these objects only, and leave the namespace; may be repeated.",
)  # fmt: skip
@click.option(
    "--except", "excepted", multiple=True, metavar="KIND[/NAME]",
    help="Delete everything but these objects and what they own, and leave the namespace; may be repeated.",
)  # fmt: skip
@heading("Preview options")
@dry_run_option
@click.option("--plan", metavar="FILE", help="Delete nothing, save what would be deleted.")
@click.option("--apply", metavar="FILE", help="Delete exactly what was saved with --plan.")
@click.option(
    "--allow-drift", is_flag=True, help="With --apply: also what was added and changed since the plan."
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Refuse when something could not be seen or checked.")
@heading("Safety options")
@click.option("--backup", metavar="DIR", help="Where to save everything before. [the user's state folder]")
@click.option("--no-backup", is_flag=True, help="Save nothing before; there is no way back then.")
@click.option(
    "--allow-incomplete-backup", "allow_incomplete", is_flag=True,
    help="Go on where you may not read everything that is to be saved.",
)  # fmt: skip
@click.option(
    "--retain-volumes", "retain", is_flag=True,
    help="Set the reclaim policy of its volumes to Retain before, so that their data stay.",
)  # fmt: skip
@click.option(
    "--scale-down-first", "scale_down", is_flag=True,
    help="Scale workloads to 0 and wait for their pods' orderly end before.",
)  # fmt: skip
@click.option(
    "--custom-resources-first", "custom_first", is_flag=True,
    help="Delete custom resources before the rest, while their controllers are still there.",
)  # fmt: skip
@heading("Confirmation options")
@yes_option
@click.option(
    "--expect", type=click.IntRange(min=0), metavar="NUMBER",
    help="How many namespaces it must be; with --yes, that answers for several.",
)  # fmt: skip
@confirm_context_option
@click.option(
    "--override-protection", "override", is_flag=True,
    help="Delete namespaces that are protected by annotation or in the settings.",
)  # fmt: skip
@heading("Progress options")
@click.option("--wait/--no-wait", default=True, help="Whether to wait until it is gone. [wait]")
@click.option(
    "--timeout", type=duration, default="5m", show_default=True, metavar="DURATION",
    help="How long to wait until all of it is gone; 0 waits for ever.",
)  # fmt: skip
@click.option(
    "--parallel", type=click.IntRange(1, 64), default=4, show_default=True, metavar="NUMBER",
    help="How many namespaces to delete at the same time.",
)  # fmt: skip
@heading("Options for a stuck namespace")
@click.option(
    "--force-finalize", "finalize", is_flag=True,
    help="For one that is stuck in Terminating: let it go without the API groups of --give-up.",
)  # fmt: skip
@click.option(
    "--give-up", "groups", multiple=True, metavar="GROUP",
    help="With --force-finalize: a broken API group whose content is left to its fate; may be repeated.",
)  # fmt: skip
@heading("Output options")
@output_option("table", "wide", "tree", "name", "json", "yaml", "html")
@cluster_options
def command(session: Session, **values: Any) -> None:
    """Delete namespaces after showing everything that goes with them, what blocks, and who else is hurt. Asks
    for the name to be typed, and saves a backup first.

    Examples:
      # See what would go, and stop there
      kubectl ns-delete blue --dry-run
      # Delete it, after its name was typed
      kubectl ns-delete blue
      # In a script: those whose time is over, three of them
      kubectl ns-delete 'pr-*' --expired --yes --expect 3

    Lists every object of every kind, custom resources too, by owner; says what it could not see, what will
    block, what is left behind and who else is hurt; asks for the name to be typed, for several namespaces
    their number; saves everything that can be re-created for kubectl ns-restore; deletes exactly what was
    shown and no other namespace of the same name; and shows progress until it is gone.

    A PATTERN is a glob of whole names. default, kube-system, kube-public and kube-node-lease are refused, and
    no pattern stands for them. -l and --expired narrow down what the names and patterns stand for.

    Refused without --override-protection: namespaces with the annotation kubectl-ns-tools/protected=true, and
    those of `protected-namespaces` in ~/.config/kubectl-ns-tools/config.yaml. In a context that `protected`
    names there, its name is to be typed too, whatever --yes says.

    More examples:
      # The preview as a page for a change request; as names for a program
      kubectl ns-delete blue --dry-run -o html > blue.html
      kubectl ns-delete blue --dry-run -o name

      # Several: those of a label, those of a name in several clusters
      kubectl ns-delete -l team=blue
      kubectl ns-delete blue --contexts 'dev-*'
      # Waiting ten minutes at most
      kubectl ns-delete blue --yes --timeout 10m

      # Decide now, delete later, and nothing else than that
      kubectl ns-delete blue --plan blue.json --strict
      kubectl ns-delete --apply blue.json

      # Keep the data; let operators clean up; end in an orderly way
      kubectl ns-delete blue --retain-volumes
      kubectl ns-delete blue --custom-resources-first --scale-down-first
      # A part of it; the namespace stays
      kubectl ns-delete blue --only job --only pod/debug
      kubectl ns-delete blue --except persistentvolumeclaim --except secret/tls

      # Stuck, as the server of an API group is gone for good
      kubectl ns-delete blue --force-finalize --give-up metrics.k8s.io
    """
    wish = DeletionWish(**values)
    if wish.contexts and session.context:
        raise click.UsageError("--context and --contexts exclude each other")
    wish.check()
    if wish.finalize:
        from kubectl_ns_tools.commands.deletion.finalizing import finalize

        finalize(session, wish)
        return
    from kubectl_ns_tools.commands.deletion.deleting import delete_all

    delete_all(session, wish)
