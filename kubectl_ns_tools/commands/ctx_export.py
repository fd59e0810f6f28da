"""kubectl ctx-export"""

import sys

import click

from kubectl_ns_tools.commands.edits import report
from kubectl_ns_tools.commands.options import kubeconfig_options, output_option, preview_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.terminal import out, warn
from kubectl_ns_tools.kubeconfig.patterns import matching
from kubectl_ns_tools.kubeconfig.transfer.exporting import exported, token_files, write_export
from kubectl_ns_tools.kubeconfig.undo.journal import Journal
from kubectl_ns_tools.output.document import document_text
from kubectl_ns_tools.output.escape import escape


@click.command("ctx-export", cls=KubectlCommand)
@click.argument("patterns", nargs=-1, required=True, metavar="NAME|PATTERN...")
@click.option("--flatten", is_flag=True, help="Put certificates and keys into it instead of their paths.")
@click.option("--into", metavar="FILE", help="Write to this new file, which only you can read.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@output_option("yaml", "json")
@preview_option
@kubeconfig_options
def command(
    session: Session,
    *,
    patterns: tuple[str, ...],
    flatten: bool,
    into: str | None,
    force: bool,
    output: str,
    dry_run: bool,
) -> None:
    """Make a kubeconfig of some contexts, with their clusters and users and nothing else.

    Examples:
      # See what would be written, without the secrets
      kubectl ctx-export blue@kubernetes --flatten --into blue.yaml --dry-run
      # Write it: one context, with its certificates in it
      kubectl ctx-export blue@kubernetes --flatten --into blue.yaml
      # Some contexts for another machine
      kubectl ctx-export 'kind-*' --flatten | ssh host kubectl ctx-import -

    It has the credentials in it, as `kubectl config view --raw` has. A PATTERN is a context's name or a
    glob. The current context of the new kubeconfig is the only one in it, or the one that is current now.
    Files that it names by relative paths are named so that they are found; --flatten puts their content in,
    except for that of tokenFile, which programs read anew each time.
    """
    if force and into is None:
        raise click.UsageError("--force is for the file of --into")
    config = exported(session.view, matching(patterns, session.view.contexts), into, flatten=flatten)
    text = document_text(config, output)
    for user, path in token_files(config) if flatten else ():
        warn(f'the token of user "{user}" stays in a file of its own: {path}')
    if into is None:
        if sys.stdout.isatty():
            warn("this kubeconfig holds credentials")
        out(text)
        return
    changes = write_export(
        session.view, Journal(session.environ), into, f"{text}\n", force=force, dry_run=dry_run
    )
    count = len(config["contexts"])
    report(changes, dry_run, f"{count} context{'s' if count != 1 else ''} exported to {escape(into)}.")
