"""kubectl ns-tools config"""

import os

import click

from kubectl_ns_tools.commands.options import output_option, plain_options
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.terminal import out, say
from kubectl_ns_tools.output.escape import escape


@click.command("config", cls=KubectlCommand, short_help="Show the settings, and where each comes from.")
@output_option("table", "wide", "json", "yaml")
@plain_options
def command(session: Session, *, output: str) -> None:
    """Show the settings that are in effect, and where each comes from: file, environment or default.

    Examples:
      # What is in effect
      kubectl ns-tools config
      # And what each of them is good for
      kubectl ns-tools config -o wide
      # For a program
      kubectl ns-tools config -o json

    Settings are the keys of ~/.config/kubectl-ns-tools/config.yaml and environment variables. In that file,
    `protected` has patterns of contexts, and `protected-namespaces` patterns of namespaces:

    \b
      protected: ['*prod*']
      protected-namespaces: ['payments*']

    Passwords in the addresses of proxies are not shown. A key that is not known is an error, with its line,
    so that a slip of the pen never takes a protection away.
    """
    from kubectl_ns_tools.kubeconfig.config import load_config
    from kubectl_ns_tools.kubeconfig.settings import effective
    from kubectl_ns_tools.output.settings import render_settings

    path = load_config(session.environ).path
    out(render_settings(path, effective(session.environ), output))
    if output in ("table", "wide") and not os.path.exists(path):
        say(escape(f"There is no file {path}."))
