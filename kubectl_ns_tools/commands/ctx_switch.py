"""kubectl ctx-switch"""

from collections.abc import Collection

import click

from kubectl_ns_tools.commands.edits import report
from kubectl_ns_tools.commands.options import kubeconfig_options, preview_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.switching import switch, switched
from kubectl_ns_tools.commands.terminal import is_interactive
from kubectl_ns_tools.errors import NotFound
from kubectl_ns_tools.kubeconfig.names import check_namespace
from kubectl_ns_tools.kubeconfig.undo.history import History
from kubectl_ns_tools.kubeconfig.view import View, load_view

_MOST_LISTED = 20


@click.command("ctx-switch", cls=KubectlCommand)
@click.argument("name", metavar="[NAME|-|PATTERN]", required=False)
@click.option("-n", "--namespace", metavar="NAME", help="Also make this the context's default namespace.")
@preview_option
@kubeconfig_options
def command(session: Session, *, name: str | None, namespace: str | None, dry_run: bool) -> None:
    """Make another context the current one; `-` goes back to the one before, in this shell.

    Examples:
      # Choose from all of them
      kubectl ctx-switch
      # By its name, a unique part of it or a pattern; with another namespace
      kubectl ctx-switch blue@kubernetes
      kubectl ctx-switch blue -n green
      # And back
      kubectl ctx-switch -

    What is not a context's name is a glob of one ('*-eu'), or a part of one. Of several that match, or of
    all when nothing is given, one is chosen in a picker: type to filter, arrows to move, Enter to choose,
    Esc to leave. Without a terminal there is no picker, and several that match are an error that lists
    them. KUBECTL_NS_TOOLS_PICKER=fzf has fzf draw it. A context that is called `-` is found by '[-]'.

    Only these values change in the file: comments, order and quotes stay as they are.
    """
    if namespace is not None:
        check_namespace(namespace)
    view, target = _chosen(session, name)
    changes = switch(session, view, target, namespace or "", dry_run=dry_run)
    report(changes, dry_run, switched(target, namespace or ""))


def _chosen(session: Session, name: str | None) -> tuple[View, str]:
    """The context that is meant, and what the files were when it was chosen."""
    if name == "":
        raise click.UsageError("the context's name is empty")
    if name == "-":
        return session.view, History(session.locations, session.environ).previous_context()
    names = list(session.view.contexts) if name is None else _matching(session.view, name)
    if name is not None and len(names) == 1:
        return session.view, names[0]
    _check_can_choose(session.view, name, names)
    target = _picked(session, names)
    # The picker may have stood there for long: what counts is what the files are now.
    return load_view(session.locations), target


def _matching(view: View, name: str) -> list[str]:
    if name in view.contexts:
        return [name]
    from kubectl_ns_tools.kubeconfig.patterns import meant_by

    return meant_by(name, view.contexts) or [view.context(name).name]  # which raises, with the nearest name


def _check_can_choose(view: View, name: str | None, names: Collection[str]) -> None:
    if not names:
        raise NotFound(f"there is no context in {', '.join(view.locations.paths)}")
    if is_interactive():
        return
    if name is None:
        raise click.UsageError(
            "no context is named, and there is no terminal to choose one on: give its name "
            "(kubectl ctx-list -o name lists them)"
        )
    listed = [*sorted(names)[:_MOST_LISTED]]
    more = [f"and {len(names) - _MOST_LISTED} more"] if len(names) > _MOST_LISTED else []
    raise NotFound(
        f'no context exists with the name: "{name}"; {len(names)} match it',
        "give the whole name, or more of it",
        [*listed, *more],
    )


def _picked(session: Session, names: Collection[str]) -> str:
    from kubectl_ns_tools.commands.picker import pick
    from kubectl_ns_tools.kubeconfig.config import load_config
    from kubectl_ns_tools.output.choices import context_choices

    choices = context_choices(session.view, names, load_config(session.environ))
    return pick(choices, "context", session.environ)
