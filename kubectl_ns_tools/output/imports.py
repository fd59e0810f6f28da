"""What an import does, in words and as a document."""

import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from kubectl_ns_tools.kubeconfig.transfer.import_plan import UNCHANGED, Step
from kubectl_ns_tools.output.document import document
from kubectl_ns_tools.output.escape import escape


def import_lines(steps: Sequence[Step], *, dry_run: bool) -> str:
    """A line for each entry, in kubectl's form."""
    return "\n".join(_line(step) + (" (dry run)" if dry_run else "") for step in steps)


def import_document(steps: Sequence[Step]) -> dict[str, Any]:
    """The same for programs."""
    items = [
        {
            "kind": step.entry.kind,
            "name": step.target,
            "action": step.action,
            "source": step.entry.source.name,
            "sourceName": step.entry.name,
        }
        for step in steps
    ]
    return document("ImportResult", {"items": items})


def context_names(steps: Sequence[Step]) -> list[str]:
    """The contexts that are there now, by the names that they go by."""
    return [
        step.target
        for step in steps
        if step.entry.kind == "context" and (step.is_written or step.action == UNCHANGED)
    ]


def next_step(steps: Sequence[Step]) -> str:
    """How to make a new context the current one; "" when there is none."""
    names = [step.target for step in steps if step.entry.kind == "context" and step.is_written]
    if not names:
        return ""
    which = f"it with: kubectl ctx-switch {shlex.quote(names[0])}"
    return f"Switch to {escape(which)}" if len(names) == 1 else "Switch to one with: kubectl ctx-switch NAME"


def cautions(steps: Sequence[Step]) -> Iterator[str]:
    """What one should know of what was let in: the programs that kubectl would run for it, and paths that
    nobody knows the folder of."""
    for step in steps:
        if step.is_written:
            named = f'{step.entry.kind} "{step.target}"'
            yield from (f"{named} {text}" for text in _programs(step))
            for key, path in step.entry.uncertain_paths:
                folder = step.entry.source.folder
                yield f"{named}: {key} {path} is relative, and was taken from the working directory, {folder}"


def _line(step: Step) -> str:
    line = f'{step.entry.kind} "{escape(step.entry.name)}" {step.action}'
    return line if step.target == step.entry.name else f'{line} as "{escape(step.target)}"'


def _programs(step: Step) -> Iterator[str]:
    """Arguments are not shown, as some hold a secret."""
    plugin, provider = step.body.get("exec"), step.body.get("auth-provider")
    if isinstance(plugin, dict) and plugin.get("command"):
        arguments = len(plugin.get("args") or ())
        more = f", with {arguments} argument{'s' if arguments > 1 else ''}" if arguments else ""
        yield f"runs a program when it is used: {plugin['command']}{more}"
    if isinstance(provider, dict):
        command = (provider.get("config") or {}).get("cmd-path")
        runs = f", which runs {command}" if command else ""
        yield f'uses the auth provider "{provider.get("name") or ""}"{runs}'
