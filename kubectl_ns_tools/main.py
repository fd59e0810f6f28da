"""The entry of every executable: the table of commands and the one error boundary."""

import contextlib
import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from kubectl_ns_tools.errors import ExitCode, NsToolsError

if TYPE_CHECKING:
    import click

# Command, as the user types it after `kubectl`, to the module that has it as `command`.
COMMANDS = {
    "ctx-current": "kubectl_ns_tools.commands.ctx_current",
    "ctx-delete": "kubectl_ns_tools.commands.ctx_delete",
    "ctx-exec": "kubectl_ns_tools.commands.ctx_exec",
    "ctx-export": "kubectl_ns_tools.commands.ctx_export",
    "ctx-import": "kubectl_ns_tools.commands.ctx_import",
    "ctx-lint": "kubectl_ns_tools.commands.ctx_lint",
    "ctx-list": "kubectl_ns_tools.commands.ctx_list",
    "ctx-rename": "kubectl_ns_tools.commands.ctx_rename",
    "ctx-set": "kubectl_ns_tools.commands.ctx_set",
    "ctx-shell": "kubectl_ns_tools.commands.ctx_shell",
    "ctx-switch": "kubectl_ns_tools.commands.ctx_switch",
    "ctx-undo": "kubectl_ns_tools.commands.ctx_undo",
    "ns-backup": "kubectl_ns_tools.commands.ns_backup",
    "ns-create": "kubectl_ns_tools.commands.ns_create",
    "ns-delete": "kubectl_ns_tools.commands.ns_delete",
    "ns-list": "kubectl_ns_tools.commands.ns_list",
    "ns-restore": "kubectl_ns_tools.commands.ns_restore",
    "ns-status": "kubectl_ns_tools.commands.ns_status",
    "ns-switch": "kubectl_ns_tools.commands.ns_switch",
    "ns-template": "kubectl_ns_tools.commands.ns_template",
    "ns-tools": "kubectl_ns_tools.commands.ns_tools",
}


_OFTEN = ("ctx-current", "ctx-switch")
_ON_WINDOWS = (
    "this needs what Windows does not have (docs/installation.md says which commands do); it runs in WSL"
)


def main(name: str) -> None:
    """Run the command `name` (a key of COMMANDS) with the process's arguments, and exit with its code."""
    # At Python's 700, a tenth of a short run is the search for garbage among modules that were just loaded.
    gc.set_threshold(50_000)
    _leave(run(name, sys.argv[1:]))


def _leave(code: int) -> NoReturn:
    """End the process without clearing its memory away first, which would take a tenth of a short run.

    There is nothing else to be done: our threads are daemons, and files are closed where they are used.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):  # none, gone, or closed
            stream.flush()
    os._exit(code)


def run(name: str, arguments: Sequence[str]) -> int:
    """Run a command; the exit code is returned, every error has become text on stderr.

    A command returns nothing, or the exit code that it wants.
    """
    try:
        return _invoke(name, arguments)
    except BrokenPipeError:
        # The reader (head, less) has enough. Python's own flush at exit must not complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FAILED  # as click does where it meets it first
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return ExitCode.INTERRUPTED
    except NsToolsError as error:
        return _fail(error, "--debug" in arguments)
    except ModuleNotFoundError as error:
        return _fail(_missing(error), "--debug" in arguments)
    except Exception as error:
        return _fail(_bug(error), "--debug" in arguments)


def _invoke(name: str, arguments: Sequence[str]) -> int:
    if arguments and arguments[0].startswith("__complete") and _is_answered(name, arguments):
        return ExitCode.OK
    if _is_plain(name, arguments):
        sys.stdout.flush()
        return ExitCode.OK
    import click

    command: click.Command = importlib.import_module(COMMANDS[name]).command
    try:
        # obj: for the commands that are about the suite itself
        code = command.main(
            list(arguments), prog_name=f"kubectl {name}", standalone_mode=False, obj=tuple(COMMANDS)
        )
        sys.stdout.flush()
    except click.Abort:
        print("interrupted", file=sys.stderr)
        return ExitCode.INTERRUPTED
    except click.ClickException as error:
        return _usage(error)
    return code or ExitCode.OK


def _is_answered(name: str, arguments: Sequence[str]) -> bool:
    """Whether a shell only wanted to know what could be called; it has its answer then."""
    from kubectl_ns_tools.commands.completion.answering import answer_shell

    return answer_shell(name, COMMANDS[name], arguments)


def _is_plain(name: str, arguments: Sequence[str]) -> bool:
    """Whether this was one of the plain calls that run all day; it is done then."""
    if name not in _OFTEN:
        return False
    from kubectl_ns_tools.commands.plain import call_plainly

    return call_plainly(name, arguments)


def _usage(error: "click.ClickException") -> int:
    from kubectl_ns_tools.commands.spelling import usage_message

    context = getattr(error, "ctx", None)
    print(f"error: {usage_message(error)}", file=sys.stderr)
    if context is not None:
        print(f"See '{context.command_path} --help' for usage.", file=sys.stderr)
    return ExitCode.USAGE


def _fail(error: NsToolsError, debug: bool) -> int:
    from kubectl_ns_tools.output.failure import failure

    if debug:
        import traceback

        traceback.print_exception(error)
    print(failure(error), file=sys.stderr)
    return error.exit_code


def _missing(error: ModuleNotFoundError) -> NsToolsError:
    hint = "install the suite with its dependencies: pip install kubectl-ns-tools (in a checkout: make setup)"
    hint = _ON_WINDOWS if os.name == "nt" else hint
    failed = NsToolsError(f"the Python package {error.name!r} is missing for {sys.executable}", hint)
    failed.__cause__ = error
    return failed


def _bug(error: Exception) -> NsToolsError:
    hint = _ON_WINDOWS if os.name == "nt" else "this is a bug in kubectl-ns-tools; --debug shows where"
    failed = NsToolsError(f"unexpected {type(error).__name__}: {error}", hint)
    failed.__cause__ = error
    return failed
