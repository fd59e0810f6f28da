"""kubectl ctx-set"""

from collections.abc import Iterable, Mapping

import click

from kubectl_ns_tools.commands.edits import report
from kubectl_ns_tools.commands.options import kubeconfig_options, preview_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.terminal import warn
from kubectl_ns_tools.errors import did_you_mean
from kubectl_ns_tools.kubeconfig.changes import set_context, set_shells_context
from kubectl_ns_tools.kubeconfig.names import check_namespace
from kubectl_ns_tools.kubeconfig.view import load_view
from kubectl_ns_tools.output.escape import escape

_FIELDS = ("cluster", "user", "namespace")


@click.command("ctx-set", cls=KubectlCommand)
@click.argument("name", metavar="[NAME|--current]", required=False)
@click.option("--current", is_flag=True, help="Change the current context.")
@click.option("--cluster", metavar="NAME", help="The cluster of the context; it must be in the kubeconfig.")
@click.option("--user", metavar="NAME", help="The user of the context; it must be in the kubeconfig.")
@click.option("-n", "--namespace", metavar="NAME", help="The default namespace of the context.")
@click.option(
    "--unset", multiple=True, metavar="FIELD[,FIELD]...",
    help="Take out cluster, user or namespace; may be repeated.",
)  # fmt: skip
@preview_option
@kubeconfig_options
def command(
    session: Session,
    *,
    name: str | None,
    current: bool,
    unset: tuple[str, ...],
    dry_run: bool,
    **fields: str | None,
) -> None:
    """Create a context, or change the cluster, user or namespace of one.

    Examples:
      # A context for the namespace blue
      kubectl ctx-set blue --cluster kubernetes --user kubernetes-admin -n blue
      # Another namespace for one that is there
      kubectl ctx-set blue@kubernetes --namespace green
      # The current one has no namespace of its own any more
      kubectl ctx-set --current --unset namespace

    A new context needs --cluster and --user. An existing one keeps what is not named. Without cluster or
    user it is of no use until it has one again; --unset takes them out all the same, with a warning.

    In a shell of ctx-shell, --current changes the context of that shell alone, and NAME the one that
    everybody else sees.
    """
    if bool(name) == current:
        raise click.UsageError("give either the context's name or --current")
    given = {key: value for key, value in fields.items() if value is not None}
    gone = _unset(unset, given)
    if given.get("namespace"):
        check_namespace(given["namespace"])
    elif given.pop("namespace", None) is not None:  # kubectl, too, takes "" for none
        gone.append("namespace")
    writer = session.writer(dry_run)
    if current and session.locations.overlay:
        target, done = session.view.require_current(), "modified in this shell"
        changes = set_shells_context(session.view, writer, given, gone)
    else:
        view = load_view(session.locations.outside) if session.locations.overlay else session.view
        target = name or view.require_current()
        done = "modified" if target in view.contexts else "created"
        changes = set_context(view, writer, target, given, gone)
        _tell_what_stays(session, target)
    for field in sorted({"cluster", "user"} & set(gone)):
        warn(f'context "{target}" is of no use until it has a {field} again')
    report(changes, dry_run, f'Context "{escape(target)}" {done}.')


def _unset(listed: Iterable[str], given: Mapping[str, str]) -> list[str]:
    """The fields that --unset names. Raises UsageError for others, and for those that are set as well."""
    fields = [field.strip() for each in listed for field in each.split(",")]
    for field in fields:
        if field not in _FIELDS:
            hint = did_you_mean(field, _FIELDS, "fields there are")
            raise click.UsageError(f'--unset: a context has no field "{escape(field)}" ({hint})')
        if field in given:
            raise click.UsageError(f"--{field} and --unset {field} exclude each other")
    return list(dict.fromkeys(fields))


def _tell_what_stays(session: Session, name: str) -> None:
    """In a ctx-shell, that its own copy of a context hides what was changed."""
    seen = session.view.contexts.get(name)
    if seen is not None and seen.path not in session.locations.outside.paths:
        warn(
            f'this shell keeps its own copy of context "{name}"; change that with: kubectl ctx-set --current'
        )
