"""kubectl ns-list: the namespaces, and what plain kubectl does not say of them."""

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from kubectl_ns_tools.commands.help import heading
from kubectl_ns_tools.commands.listing import Gathered, OneContext, SeveralContexts, Wanted, not_listed
from kubectl_ns_tools.commands.options import cluster_options, output_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.terminal import out, say, warn
from kubectl_ns_tools.errors import ExitCode

if TYPE_CHECKING:
    from kubectl_ns_tools.output.namespaces import Listed


def _order(_context: click.Context, _parameter: click.Parameter, text: str | None) -> str:
    if text is None:
        return ""
    from kubectl_ns_tools.output.namespace_order import order_named, order_names

    order = order_named(text)
    if not order:
        from kubectl_ns_tools.errors import did_you_mean

        hint = did_you_mean(text, order_names(), "there are")
        raise click.BadParameter(f"there is no order by {text!r}: {hint}")
    return order


@click.command("ns-list", cls=KubectlCommand)
@heading("Selection options")
@click.option("-l", "--selector", default="", metavar="SELECTOR", help="Only namespaces with these labels.")
@click.option("--expired", is_flag=True, help="Only namespaces whose time is over.")
@click.option(
    "--contexts", "patterns", multiple=True, metavar="PATTERN",
    help="List these contexts, at the same time; a name or a glob, may be repeated.",
)  # fmt: skip
@heading("Output options")
@click.option(
    "--sort-by", "order", callback=_order, metavar="COLUMN",
    help="name, age (youngest first), created (oldest first), status, template, drift, owner, quota (fullest "
    "first), expires or context; .metadata.name and the like are understood.",
)  # fmt: skip
@click.option("-w", "--watch", "watched", is_flag=True, help="Go on, and show what changes, until Ctrl-C.")
@output_option("table", "wide", "name", "json", "yaml")
@cluster_options
def command(
    session: Session,
    *,
    selector: str,
    expired: bool,
    order: str,
    patterns: tuple[str, ...],
    watched: bool,
    output: str,
) -> int:
    """List the namespaces of the cluster with status, age, template and quota; a star marks the current one.

    Examples:
      # All of them
      kubectl ns-list
      # The names of those with a label
      kubectl ns-list -l team=blue -o name
      # Those whose time is over, the oldest first
      kubectl ns-list --expired --sort-by expires

    Besides status and age it shows the template that a namespace was made from, the quota that is used
    most, when it expires, and why it is stuck when it is being deleted.

    `-o wide` adds who asked for it, and DRIFT: `older` where the template has changed since, `unknown` where
    it is not to be found. `-o json` and `-o yaml` give the objects, each with a `summary` of the same.

    With --contexts, each row names its context. One that cannot be listed is a warning, and the exit code 1;
    it gets 10 seconds for an answer unless --request-timeout says otherwise.

    --watch looks every two seconds and shows rows that are new or not as before; one that is no longer
    listed has the status `Gone`.

    More examples:
      # Of several clusters at once
      kubectl ns-list --contexts 'dev-*' -o wide
      # As they come and go, until Ctrl-C
      kubectl ns-list --watch
    """
    if patterns and session.context:
        raise click.UsageError("--context and --contexts exclude each other")
    if watched and output in ("json", "yaml"):
        raise click.UsageError(f"--watch writes lines, not {output.upper()}: use -o wide, or name")
    if patterns and output == "name":
        raise click.UsageError("-o name does not say of which context it is: use -o json with --contexts")
    wanted = Wanted(
        selector,
        quotas=output != "name" or order == "quota",
        drift=output in ("wide", "json", "yaml") or order == "drift",
    )
    source = _source(session, patterns, wanted)
    if watched:
        from kubectl_ns_tools.commands.list_watching import watch

        watch(source, functools.partial(_chosen, expired=expired, order=order), output)
    gathered = source.gather()
    _show(gathered, _chosen(gathered.rows, expired, order), output)
    return ExitCode.FAILED if gathered.failures else ExitCode.OK


def _source(session: Session, patterns: Sequence[str], wanted: Wanted) -> OneContext | SeveralContexts:
    if not patterns:
        return OneContext(session, wanted)
    from kubectl_ns_tools.kubeconfig.patterns import matching

    return SeveralContexts(session, matching(patterns, session.view.contexts), wanted)


def _chosen(rows: "list[Listed]", expired: bool, order: str) -> "list[Listed]":
    if expired:
        from kubectl_ns_tools.deletion.clock import now
        from kubectl_ns_tools.output.expiry import is_expired

        rows = [row for row in rows if is_expired(row.namespace, now())]
    if order:
        from kubectl_ns_tools.output.namespace_order import in_order

        rows = in_order(rows, order)
    return rows


def _show(gathered: Gathered, rows: "list[Listed]", output: str) -> None:
    from kubectl_ns_tools.deletion.clock import now
    from kubectl_ns_tools.output.namespaces import render_namespaces

    if rows or output in ("json", "yaml"):
        out(render_namespaces(rows, output, now()))
    elif output != "name" and not gathered.failures:
        say("No resources found")
    for context, error in gathered.failures.items():
        warn(not_listed(context, error))
