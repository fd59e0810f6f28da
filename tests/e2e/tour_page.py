"""The tour as a page of the documentation: each step with its commands and what they printed."""

from tests.e2e.tour import Command, Step

_HEAD = """\
# The tour

The everyday journey, walked on a new cluster with the real kubectl beside our commands. `make demo` walks it
before your eyes. A test walks it at each change and compares it with this page, which `make readme` writes.
"""

Walked = tuple[Step, list[str]]


def page(tour: list[Walked]) -> str:
    """The page; tour: the steps with what each of their commands printed."""
    return _HEAD + "".join(_section(step, outputs) for step, outputs in tour)


def _section(step: Step, outputs: list[str]) -> str:
    blocks = [_shown(command, output) for command, output in zip(step.commands, outputs, strict=True)]
    title = step.title[0].upper() + step.title[1:]
    return f"\n## {step.number}. {title}\n\n```console\n{''.join(blocks)}```\n"


def _shown(command: Command, output: str) -> str:
    given = f" <<'EOF'\n{command.stdin}EOF" if command.stdin else ""
    return f"$ {command.line}{given}\n{output}" + ("" if output.endswith("\n") or not output else "\n")
