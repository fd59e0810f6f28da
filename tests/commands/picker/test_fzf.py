"""The real fzf as the picker, on a real terminal."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import ExitCode
from tests.commands import screen as keys
from tests.commands.conftest import BIN
from tests.commands.picker.conftest import EVIL, SHOWN
from tests.commands.screen import Screen


@pytest.fixture
def fzf(screen) -> Callable[..., Screen]:
    """ctx-switch on a terminal, with fzf."""
    if shutil.which("fzf") is None:
        pytest.skip("fzf is not installed: KUBECTL_NS_TOOLS_PICKER=fzf is NOT tested")

    def start(*arguments: str, **options) -> Screen:
        return screen(*arguments, **{"KUBECTL_NS_TOOLS_PICKER": "fzf", "FZF_DEFAULT_OPTS": "", **options})

    return start


def test_typing_filters_and_enter_switches(fzf, current) -> None:
    picker = fzf().shows("server      https").press("rodus").shows("1/6").shows("cluster     us")
    assert picker.press(keys.ENTER).ended() == 0
    assert current() == "prod-us"


def test_the_current_context_is_marked_and_highlighted_with_a_preview(fzf) -> None:
    picker = fzf().shows("server      https").points_at("* dev").shows("namespace   mine")
    assert picker.pointed == "* dev"


def test_several_matches_open_it_on_those(fzf, current) -> None:
    picker = fzf("PROD").shows("2/2").shows("cluster     eu")
    picker.press(keys.UP).shows("cluster     us").press(keys.ENTER).ended()
    assert current() == "prod-us"


@pytest.mark.parametrize("key", [keys.ESCAPE, keys.CONTROL_C], ids=["escape", "control-c"])
def test_leaving_writes_nothing(fzf, untouched, key: str) -> None:
    picker = fzf().shows("server      https").press(key)
    assert picker.ended() == ExitCode.INTERRUPTED
    assert "error: interrupted; nothing was changed" in picker.sent
    assert untouched()


def test_choosing_nothing_writes_nothing(fzf, untouched) -> None:
    picker = fzf().shows("server      https").press("zzz").shows("0/6").press(keys.ENTER)
    assert picker.ended() == ExitCode.INTERRUPTED
    assert untouched()


def test_a_name_never_steers_the_terminal(fzf, current) -> None:
    picker = fzf().shows("server      https").press("evil").shows(SHOWN).shows("cluster     c")
    assert picker.press(keys.ENTER).ended() == 0
    assert current() == EVIL
    assert "\x1b]0" not in picker.sent
    assert "\x07" not in picker.sent


def test_a_name_is_no_shell_command(fzf, config: Path, tmp_path: Path, current) -> None:
    name = f"'; touch {tmp_path}/stolen; $(touch {tmp_path}/stolen) `touch {tmp_path}/stolen` {{n}} '\""
    text = config.read_text().replace('"prod-us"', '"' + name.replace('"', '\\"') + '"')
    config.write_text(text)
    picker = fzf().shows("server      https").press("stolen").shows("1/6").shows("cluster     us")
    assert picker.press(keys.ENTER).ended() == 0
    assert current() == name
    assert not (tmp_path / "stolen").exists()


def test_the_persons_own_options_change_looks_not_meaning(fzf, current) -> None:
    options = (
        "--multi --print-query --expect=ctrl-x --print0 --tac --nth=5 --ansi --layout=reverse --select-1 "
        "--preview='echo mine' --header=MY-HEADER"
    )
    picker = fzf(FZF_DEFAULT_OPTS=options).shows("MY-HEADER").press("usprod").shows("0/6")
    picker.press("\x15produs").shows("1/6").shows("cluster     us").press(keys.ENTER)
    assert picker.ended() == 0
    assert current() == "prod-us"


def test_its_failure_is_told(fzf, untouched) -> None:
    picker = fzf(FZF_DEFAULT_OPTS="--no-such-option")
    assert picker.ended() == ExitCode.FAILED
    assert "unknown option: --no-such-option" in picker.sent
    assert "error: fzf failed: exit code 2" in picker.sent
    assert untouched()


def test_stdout_stays_clean_and_nothing_is_left(fzf, tmp_path: Path) -> None:
    folder = tmp_path / "tmp"
    folder.mkdir()
    script = f"{BIN}/kubectl-ctx_switch >{tmp_path}/stdout"
    picker = fzf("-c", script, program=Path("/bin/sh"), TMPDIR=str(folder)).shows("server      https")
    assert len(list(folder.iterdir())) == 1
    assert picker.press(keys.ENTER).ended() == 0
    assert (tmp_path / "stdout").read_text() == ""
    assert list(folder.iterdir()) == []


def test_without_fzf_there_is_an_error(screen, untouched, tmp_path: Path) -> None:
    python = tmp_path / "python3"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    picker = screen(KUBECTL_NS_TOOLS_PICKER="fzf", PATH=str(tmp_path))
    assert picker.ended() == ExitCode.NOT_FOUND
    assert "there is no fzf on $PATH" in picker.sent
    assert "unset the variable for the built-in picker" in picker.sent
    assert untouched()


def test_another_picker_is_an_error(screen, untouched) -> None:
    picker = screen(KUBECTL_NS_TOOLS_PICKER="fzy")
    assert picker.ended() == ExitCode.REFUSED
    assert 'error: KUBECTL_NS_TOOLS_PICKER is "fzy"' in picker.sent
    assert "hint: did you mean 'fzf'?" in picker.sent
    assert untouched()
