"""kubectl ctx-import"""

import sys
from collections.abc import Iterable, Sequence

import click

from kubectl_ns_tools.commands.edits import report
from kubectl_ns_tools.commands.help import heading
from kubectl_ns_tools.commands.options import kubeconfig_options, output_option, preview_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import Choice, KubectlCommand
from kubectl_ns_tools.commands.terminal import out, out_names, say, warn
from kubectl_ns_tools.kubeconfig.transfer.import_plan import CONFLICT_POLICIES, FAIL, Step, Wishes
from kubectl_ns_tools.kubeconfig.transfer.importing import import_entries, place_of_import
from kubectl_ns_tools.kubeconfig.transfer.sources import Source, read_source
from kubectl_ns_tools.output.imports import (
    cautions,
    context_names,
    import_document,
    import_lines,
    next_step,
)


@click.command("ctx-import", cls=KubectlCommand)
@click.argument("files", nargs=-1, required=True, metavar="FILE|-...")
@heading("Import options")
@click.option("--only", multiple=True, metavar="NAME|PATTERN", help="Only contexts that match, and theirs.")
@click.option("--prefix", default="", metavar="TEXT", help="Put this before the name of each entry.")
@click.option("--rename", "renames", multiple=True, metavar="OLD=NEW", help="Another name for a context.")
@click.option(
    "--on-conflict", type=Choice(CONFLICT_POLICIES), default=FAIL, show_default=True, metavar="POLICY",
    help="When the name of a context is taken: fail, rename, replace or skip.",
)  # fmt: skip
@click.option("--into", metavar="FILE", help="The file to add to; it may be a new one.")
@heading("Output options")
@preview_option
@output_option("text", "name", "json", "yaml")
@kubeconfig_options
def command(
    session: Session,
    *,
    files: tuple[str, ...],
    only: tuple[str, ...],
    prefix: str,
    renames: tuple[str, ...],
    on_conflict: str,
    into: str | None,
    output: str,
    dry_run: bool,
) -> None:
    """Add the contexts, clusters and users of other kubeconfigs to yours.

    Examples:
      # One, under a better name
      kubectl ctx-import admin.conf --rename kubernetes-admin@kubernetes=blue
      # Several; see first what would be added
      kubectl ctx-import *.conf --on-conflict=rename --dry-run
      # From another machine, with something before each name
      ssh host cat .kube/config | kubectl ctx-import - --prefix host-

    They go into the file that kubectl would add to, or into the one named with --into; all of them or none.
    current-context stays as it is. `-` is standard input, where relative paths are taken from the working
    directory; in a file they keep their meaning.

    A context always points at its own cluster and user: where such a name is taken by another one, they are
    added as NAME-2, NAME-3 and so on. What is there already is not added again. When the name of a context
    is taken, --on-conflict says what to do: `fail` writes nothing, `rename` gives it a free name as above,
    `skip` leaves it out, `replace` puts it in the place of yours, with its cluster and user where no other
    context uses those.
    """
    if prefix and renames:
        raise click.UsageError("--prefix and --rename cannot be used together")
    sources = [read_source(path, sys.stdin.buffer.read) for path in files]
    wishes = Wishes(prefix, _renames(renames, sources), on_conflict, only)
    view, target = place_of_import(session.view, into)
    steps, changes = import_entries(view, target, sources, wishes, session.writer(dry_run))
    _show(steps, output, dry_run)
    if output == "text" and dry_run:
        report(changes, dry_run, "")
    for text in cautions(steps):
        warn(text)
    if not dry_run and target in session.locations.paths and (hint := next_step(steps)):
        say(hint)


def _show(steps: Sequence[Step], output: str, dry_run: bool) -> None:
    say(import_lines(steps, dry_run=dry_run))
    if output == "name":
        out_names(context_names(steps))
    elif output != "text":
        from kubectl_ns_tools.output.document import document_text

        out(document_text(import_document(steps), output))


def _renames(words: Iterable[str], sources: Iterable[Source]) -> dict[str, str]:
    names = {name for source in sources for name in source.sections["contexts"]}
    return dict(_rename(word, names) for word in words)


def _rename(word: str, names: set[str]) -> tuple[str, str]:
    """OLD and NEW may have an `=` in them: OLD is the shortest that is the name of a context."""
    parts = word.split("=")
    ways = [("=".join(parts[:at]), "=".join(parts[at:])) for at in range(1, len(parts))]
    if not ways or not all(new for _, new in ways[:1]):
        raise click.UsageError(f"--rename is written OLD=NEW, not {word!r}")
    return next((way for way in ways if way[0] in names and way[1]), ways[0])
