from collections.abc import Callable

from kubectl_ns_tools.errors import ExitCode


def test_without_a_command_it_shows_what_there_is(run: Callable[..., object]) -> None:
    shown = run("ns-tools").stdout
    assert shown == run("ns-tools", "--help").stdout
    for name in ("doctor", "completion", "config", "version"):
        assert f"\n  {name} " in shown


def test_an_unknown_one_is_a_mistake(run: Callable[..., object]) -> None:
    failed = run("ns-tools", "xyz", code=ExitCode.USAGE)
    assert failed.stderr == (
        "error: no such command 'xyz': there is: completion, config, doctor, version\n"
        "See 'kubectl ns-tools --help' for usage.\n"
    )
