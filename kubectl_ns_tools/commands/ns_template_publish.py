"""kubectl ns-template publish"""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kubectl_ns_tools.commands.confirmation import confirm
from kubectl_ns_tools.commands.help import heading
from kubectl_ns_tools.commands.linting import refuse_errors
from kubectl_ns_tools.commands.options import cluster_options, dry_run_option, output_option, yes_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.templating import Templating
from kubectl_ns_tools.commands.terminal import out, say, warn
from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.output.escape import escape

if TYPE_CHECKING:
    from kubectl_ns_tools.templates.library.draft import Source
    from kubectl_ns_tools.templates.library.library import TemplateInfo

_SAID = {"client": " (dry run)", "server": " (server dry run)", "none": ""}


@click.command("publish", cls=KubectlCommand, short_help="Put a template into the cluster, for everybody.")
@click.argument("template")
@heading("Template options")
@click.option("--name", metavar="NAME", help="The name to publish it under. [its own name, or its file's]")
@click.option(
    "-n", "--namespace", metavar="NAME",
    help="The namespace for it. [the first of $KUBECTL_NS_TOOLS_TEMPLATES_NAMESPACE, or kubectl-ns-tools]",
)  # fmt: skip
@click.option("--delete", is_flag=True, help="Withdraw the published template of this name.")
@heading("Confirmation options")
@click.option(
    "--force", is_flag=True,
    help="Publish in spite of what lint finds, and over what somebody else has written.",
)  # fmt: skip
@yes_option
@heading("Output options")
@dry_run_option
@output_option("text", "name", "json", "yaml")
@cluster_options
def command(
    session: Session,
    *,
    template: str,
    name: str | None,
    namespace: str | None,
    delete: bool,
    force: bool,
    yes: bool,
    dry_run: str,
    output: str,
) -> None:
    """Put a template into the cluster, where everybody finds it by its name.

    Examples:
      # From a file
      kubectl ns-template publish ./web.yaml
      # See what would be written
      kubectl ns-template publish ./web.yaml --name web-v2 --dry-run=server
      # Withdraw it
      kubectl ns-template publish web --delete

    It becomes a ConfigMap with the label kubectl-ns-tools/template=true. TEMPLATE is a name, a file, a
    folder, or - for stdin. It is checked first, as by lint; with an error in it, it is not published. Whoever
    may read ConfigMaps in the namespace can use it: kubectl ns-create blue -t NAME.
    """
    from kubectl_ns_tools.templates.library.published import DEFAULT_NAMESPACE, published_namespaces
    from kubectl_ns_tools.templates.library.shelves import BuiltinShelf

    looked_in = published_namespaces(session.environ)
    home = namespace or next(iter(looked_in), DEFAULT_NAMESPACE)
    if delete:
        _withdraw(session, name or template, home, yes=yes, dry_run=dry_run)
        return
    templating = Templating(session, offline=dry_run == "client")
    info, sources = templating.find(template)
    refuse_errors(templating, sources, force=force)
    name = name or _name_of(info, sources)
    _publish(templating, name, home, sources, dry_run=dry_run, force=force, output=output)
    if name in BuiltinShelf().names():
        say(f"template {name!r} is found before the built-in one now")
    if home not in looked_in:
        warn(f'nobody looks in the namespace "{home}" unless $KUBECTL_NS_TOOLS_TEMPLATES_NAMESPACE names it')


def _publish(
    templating: Templating,
    name: str,
    namespace: str,
    sources: "Sequence[Source]",
    *,
    dry_run: str,
    force: bool,
    output: str,
) -> None:
    from kubectl_ns_tools.output.objects import objects_text, without_managers
    from kubectl_ns_tools.templates.library.publishing import configmap, joined, publish

    made = configmap(name, namespace, joined([source.text for source in sources]))
    verb = "published"
    if dry_run != "client":
        made, created = publish(templating.connection, made, dry_run=dry_run == "server", force=force)
        made = without_managers(made)
        verb = "published" if created else "published again"
    if output in ("json", "yaml"):
        out(objects_text([made], output))
        return
    out(escape(f"configmap/{name}" if output == "name" else f"configmap/{name} {verb}{_SAID[dry_run]}"))
    if output == "text" and dry_run == "none":
        say(escape(f"everybody who may read it: kubectl ns-create NAME -t {shlex.quote(name)}"))


def _withdraw(session: Session, name: str, namespace: str, *, yes: bool, dry_run: str) -> None:
    from kubectl_ns_tools.templates.library.publishing import withdraw

    if dry_run == "none" and not yes:
        say(escape(f'the template "{name}" in namespace "{namespace}" will be withdrawn'))
        confirm("the template was", "withdrawn")
    if dry_run != "client":
        withdraw(session.connect(), name, namespace, dry_run=dry_run == "server")
    out(escape(f"configmap/{name} deleted{_SAID[dry_run]}"))


def _name_of(info: "TemplateInfo", sources: "Sequence[Source]") -> str:
    """The name that it is found by; of a file the one that it calls itself, else what the file is called."""
    from kubectl_ns_tools.templates.library.draft import read_draft

    if info.origin != "file":
        return info.name
    named = [piece.manifest.name for piece in read_draft(sources).pieces if piece.declared is not None]
    if named and named[0]:
        return named[0]
    if info.name == "-":
        raise Refused("what comes from stdin has no name", "--name NAME")
    return Path(info.name).stem
