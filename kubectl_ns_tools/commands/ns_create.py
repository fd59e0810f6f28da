"""kubectl ns-create: namespaces with everything that a template or a file puts into them, or nothing."""

from typing import Any

import click

from kubectl_ns_tools.commands.help import heading
from kubectl_ns_tools.commands.options import (
    cluster_options,
    dry_run_option,
    duration,
    output_option,
    yes_option,
)
from kubectl_ns_tools.commands.parameters import parameter_options
from kubectl_ns_tools.commands.protection import confirm_context_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.wish import Wish


@click.command("ns-create", cls=KubectlCommand)
@click.argument("names", nargs=-1, metavar="NAME...")
@heading("Template options")
@click.option(
    "-t", "--template", "templates", multiple=True, metavar="TEMPLATE",
    help="A name, a file, a folder, or - for stdin; may be repeated. [default, unless -f is given]",
)  # fmt: skip
@click.option(
    "-f", "--filename", "files", multiple=True, metavar="FILE",
    help="A file or folder of objects, such as an edited dry run, or - for stdin; may be repeated.",
)  # fmt: skip
@parameter_options
@heading("Namespace options")
@click.option(
    "--names-from", metavar="FILE", help="Names of namespaces too, one a line, in a file, or - for stdin."
)  # fmt: skip
@click.option(
    "--label", "labels", multiple=True, metavar="KEY=VALUE",
    help="A label of the namespace; may be repeated.",
)  # fmt: skip
@click.option(
    "--annotation", "annotations", multiple=True, metavar="KEY=VALUE",
    help="An annotation of the namespace; may be repeated.",
)  # fmt: skip
@click.option(
    "--ttl", metavar="DURATION",
    help="How long the namespace is meant to live, like 8h, 3d or 1d12h; kubectl ns-list shows its end.",
)  # fmt: skip
@click.option("--switch", is_flag=True, help="Make it the context's namespace; for one namespace.")
@click.option(
    "--add-context", metavar="CONTEXT",
    help="Create a context like the one in use, with this namespace; --switch makes it the current one.",
)  # fmt: skip
@heading("Creation options")
@dry_run_option
@click.option(
    "--check-rights/--no-check-rights", default=True,
    help="Whether to ask beforehand if you may create everything. [check-rights]",
)  # fmt: skip
@click.option(
    "--keep-on-failure", is_flag=True,
    help="Leave what was created when an object fails, instead of removing it again.",
)  # fmt: skip
@click.option(
    "--wait/--no-wait", default=True, help="Whether to wait until pods are admitted in it. [wait]"
)  # fmt: skip
@click.option(
    "--timeout", type=duration, default="30s", show_default=True, metavar="DURATION",
    help="How long to wait for that, for each namespace; 0 waits for ever.",
)  # fmt: skip
@click.option(
    "--parallel", type=click.IntRange(1, 64), default=8, show_default=True, metavar="NUMBER",
    help="How many namespaces to work on at the same time.",
)  # fmt: skip
@heading("Update options")
@click.option(
    "--diff", is_flag=True,
    help="Change nothing, show what would change; exit code 1 means that there is something.",
)  # fmt: skip
@click.option(
    "--update", is_flag=True,
    help="Apply the template again to namespaces that exist; it is shown and asked for first.",
)  # fmt: skip
@click.option("--all-from", metavar="TEMPLATE", help="With --update or --diff: every namespace made from it.")
@click.option(
    "--force-conflicts", is_flag=True,
    help="With --update: take fields that somebody else has set, too.",
)  # fmt: skip
@heading("Confirmation options")
@yes_option
@confirm_context_option
@heading("Output options")
@output_option("text", "name", "json", "yaml")
@cluster_options
def command(session: Session, **values: Any) -> int:
    """Create namespaces from a template, or from a file of objects: all that it has, in the right order, or
    nothing.

    Examples:
      # A bare namespace
      kubectl ns-create blue
      # With quota, limits and network policies, and an admin
      kubectl ns-create green -t team -p ADMIN_GROUP=team-green
      # For today only, and go there
      kubectl ns-create try-it --ttl 8h --switch

    All that the template has is created with it, in the right order, and the command waits until the first
    pod would be admitted. Before anything is written, all is checked that can be: kinds, names, labels, your
    rights; all problems are told at once. If one object fails, or on Ctrl-C, what was created is removed
    again. Of several namespaces, one that fails does not stop the others.

    NAME may be left out when a file has a Namespace object. A template is plain YAML or JSON, or an OpenShift
    Template. Several make one: an object that is in two of them is merged, and what they disagree on is an
    error.

    A template is looked for by its name in the folders of $KUBECTL_NS_TOOLS_TEMPLATES, in
    ~/.config/kubectl-ns-tools/templates, among the ConfigMaps labelled kubectl-ns-tools/template=true in the
    namespace kubectl-ns-tools (or $KUBECTL_NS_TOOLS_TEMPLATES_NAMESPACE), and among the built-in ones: ci,
    default, restricted, sandbox, team.

    A namespace that exists is refused, unless with --update: then the template is applied again, with the
    parameters that the namespace remembers where none are given now, and what the template no longer has is
    deleted. Values of Secrets and generated ones stay as they are. What would change is shown first. Fields
    that somebody else has set to something else are told, and left alone without --force-conflicts.

    Filled in are ${NAMESPACE}, ${REQUESTER} (who the API server says you are), ${CONTEXT} and ${DATE}. At a
    terminal you are asked for parameters that are required and missing.

    More examples:
      # Many, each with a label
      kubectl ns-create --names-from teams.txt -t team --label cost-center=17

      # What would the template change by now? Exit code 1: something
      kubectl ns-create green --diff
      # And do it, for one, or for all that were made from it
      kubectl ns-create green --update
      kubectl ns-create --update --all-from team

      # Have the YAML first, edit it, create from it
      kubectl ns-create orange --dry-run=client -o yaml > orange.yaml
      kubectl ns-create -f orange.yaml
    """
    wish = Wish(**values)
    if wish.is_update or wish.all_from is not None:
        from kubectl_ns_tools.commands.updating import update_all

        return update_all(session, wish)
    if wish.force_conflicts:
        raise click.UsageError("--force-conflicts is for --update")
    from kubectl_ns_tools.commands.creating import create_all

    create_all(session, wish)
    return 0
