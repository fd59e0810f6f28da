"""kubectl ctx-set"""

import click

from kubectl_ns_tools.commands.options import kubeconfig_options
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.terminal import say
from kubectl_ns_tools.kubeconfig.changes import set_context
from kubectl_ns_tools.kubeconfig.names import check_namespace
from kubectl_ns_tools.output.escape import escape


@click.command("ctx-set")
@click.argument("name")
@click.option("--cluster", metavar="NAME", help="The cluster of the context; it must be in the kubeconfig.")
@click.option("--user", metavar="NAME", help="The user of the context; it must be in the kubeconfig.")
@click.option("-n", "--namespace", metavar="NAME", help="The default namespace of the context.")
@kubeconfig_options
def command(session: Session, name: str, **fields: str | None) -> None:
    """Create a context, or change the cluster, user or namespace of one.

    A new context needs --cluster and --user. An existing one keeps what is not named.

    \b
    Examples:
      kubectl ctx-set blue@kubernetes --cluster kubernetes --user kubernetes-admin --namespace blue
      kubectl ctx-set blue@kubernetes --namespace green
    """
    given = {key: value for key, value in fields.items() if value is not None}
    if not name:
        raise click.UsageError("the context's name is empty")
    if given.get("namespace"):
        check_namespace(given["namespace"])
    done = "modified" if name in session.view.contexts else "created"
    set_context(session.view, session.writer(), name, given)
    say(f'Context "{escape(name)}" {done}.')
