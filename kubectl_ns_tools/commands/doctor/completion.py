"""Completion: whether kubectl finds what completes the words of our commands."""

from collections.abc import Collection, Iterator, Mapping

from kubectl_ns_tools.commands.completion.completers import commands_there, completers_missing
from kubectl_ns_tools.output.doctor import Finding, ok, warning

_AREA = "completion"


def completion_findings(commands: Collection[str], environ: Mapping[str, str]) -> Iterator[Finding]:
    """Nothing for commands that are not on PATH."""
    there = commands_there(commands, environ)
    missing = completers_missing(commands, environ)
    if missing:
        text = f"kubectl finds no completer for {len(missing)} of {len(there)}: {', '.join(missing)}"
        yield warning(_AREA, text, "kubectl ns-tools completion install")
    elif there:
        yield ok(_AREA, f"kubectl finds the completers of {len(there)} commands")
