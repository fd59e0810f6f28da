"""The built-in picker on a real terminal."""

import json
import re
import signal
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import ExitCode
from tests.builders import Kubeconfig
from tests.commands import screen as keys
from tests.commands.conftest import BIN
from tests.commands.picker.conftest import EVIL, SHOWN

ROWS = ["  broken   cluster missing", "* dev", f"  {SHOWN}", "  prod-eu", "  prod-us", "  日本-east"]


def rows(shown: list[str]) -> list[str]:
    return [line[2:] for line in shown[2 : shown.index("─" * 80)]]


def test_the_current_context_is_marked_and_highlighted_with_a_preview(screen) -> None:
    picker = screen().shows("server      https://127.0.0.1:1").points_at("* dev")  # it comes in pieces
    assert picker.lines[0] == "context>"
    assert picker.lines[1].startswith("  6/6   ")
    # pyte keeps an empty cell after a wide character
    assert [line.replace(" 本", "本") for line in rows(picker.lines)] == ROWS
    assert picker.lines[-4:] == [
        "cluster     local",
        "user        me",
        "namespace   mine",
        "server      https://127.0.0.1:1",
    ]


def test_typing_filters_and_enter_switches(screen, current) -> None:
    picker = screen().shows("server").press("rodus").points_at("  prod-us")
    picker.until(lambda: rows(picker.lines) == ["  prod-us"])  # what it points at is drawn first
    assert picker.press(keys.ENTER).ended() == 0
    assert current() == "prod-us"
    assert 'Switched to context "prod-us".' in picker.sent


def test_letters_can_be_taken_back(screen) -> None:
    picker = screen().shows("server").press("zzz").shows("  0/6")
    assert picker.pointed == ""
    picker.press(keys.ENTER).press("\x7f\x7f\x7f").shows("  6/6").points_at("* dev")


def test_a_namespace_is_set_with_the_context_that_is_chosen(screen, config: Path) -> None:
    assert screen("-n", "blue").shows("server").press("us").points_at("  prod-us").press("\r").ended() == 0
    value = json.loads(config.read_text())
    assert value["current-context"] == "prod-us"
    assert value["contexts"][1]["context"]["namespace"] == "blue"


@pytest.mark.parametrize(
    ("pressed", "row"),
    [
        (keys.DOWN, 2),
        (keys.UP, 0),
        (keys.UP * 9, 0),
        (keys.CONTROL_N * 2, 3),
        (keys.CONTROL_N * 2 + keys.CONTROL_P, 2),
        (keys.HOME, 0),
        (keys.END, 5),
        (keys.PAGE_DOWN, 5),
        (keys.PAGE_DOWN + keys.PAGE_UP, 0),
    ],
    ids="down up top ctrl-n ctrl-p home end page-down page-up".split(),
)
def test_keys_move(screen, current, pressed: str, row: int) -> None:
    names = ["broken", "dev", EVIL, "prod-eu", "prod-us", "日本-east"]
    picker = screen().shows("server").press(pressed).points_at(ROWS[row][:6])
    assert picker.press(keys.ENTER).ended() == 0
    assert current() == names[row]


@pytest.mark.parametrize("key", [keys.ESCAPE, keys.CONTROL_C], ids=["escape", "control-c"])
def test_leaving_writes_nothing(screen, untouched, key: str) -> None:
    picker = screen().shows("server").press("prod").points_at("  prod").press(key)
    assert picker.ended() == ExitCode.INTERRUPTED
    assert "error: interrupted; nothing was changed" in picker.sent
    assert untouched()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_too(screen, untouched, number: signal.Signals) -> None:
    picker = screen().shows("server")
    picker.child.kill(number)
    assert picker.ended() == ExitCode.INTERRUPTED
    assert picker.sent.count("\x1b[?1049h") == picker.sent.count("\x1b[?1049l") == 1
    assert untouched()


def test_the_end_of_the_terminal_is_the_end(screen, untouched) -> None:
    picker = screen().shows("server")
    picker.child.kill(signal.SIGHUP)
    assert picker.ended() == ExitCode.INTERRUPTED
    assert untouched()


@pytest.mark.parametrize("pressed", [keys.ESCAPE, keys.ENTER, keys.CONTROL_C])
def test_the_terminal_is_as_it_was(screen, tmp_path: Path, pressed: str) -> None:
    script = f"stty -g >{tmp_path}/before; {BIN}/kubectl-ctx_switch; stty -g >{tmp_path}/after"
    picker = screen("-c", script, program=Path("/bin/sh")).shows("server").press(pressed)
    picker.ended()
    assert (tmp_path / "before").read_text() == (tmp_path / "after").read_text() != ""
    assert picker.sent.endswith("\r\n")
    assert re.findall(r"\x1b\[\?(1049|2004|25|7)([hl])", picker.sent)[-4:] == [
        ("7", "h"), ("25", "h"), ("1049", "l"), ("2004", "l"),
    ]  # fmt: skip


def test_stdout_stays_clean(screen, tmp_path: Path) -> None:
    script = f"{BIN}/kubectl-ctx_switch >{tmp_path}/stdout"
    assert screen("-c", script, program=Path("/bin/sh")).shows("server").press(keys.ENTER).ended() == 0
    assert (tmp_path / "stdout").read_text() == ""


@pytest.mark.parametrize("redirection", ["</dev/null", "2>/dev/null"])
def test_no_picker_without_keyboard_or_screen(screen, untouched, redirection: str) -> None:
    script = f"{BIN}/kubectl-ctx_switch {redirection}"
    picker = screen("-c", script, program=Path("/bin/sh"))
    assert picker.ended() == ExitCode.USAGE
    assert "\x1b" not in picker.sent
    assert untouched()


def test_no_picker_on_a_terminal_that_only_prints(screen, untouched) -> None:
    picker = screen(TERM="dumb")
    assert picker.ended() == ExitCode.REFUSED
    assert "hint: give the name on the command line" in picker.sent
    assert untouched()


def test_a_name_never_steers_the_terminal(screen, current) -> None:
    picker = screen().shows("server").press("evil").points_at(f"  {SHOWN}")
    assert picker.press(keys.ENTER).ended() == 0
    assert current() == EVIL
    assert "\x1b]0" not in picker.sent
    assert "\x07" not in picker.sent
    assert "\u202e" not in picker.sent


def test_what_is_pasted_becomes_one_line(screen) -> None:
    picker = screen().shows("server").press("\x1b[200~prod\n us\x1b[201~").points_at("  prod-us")
    assert picker.lines[0] == "context> prod us"


def test_several_matches_open_it_on_those(screen, current) -> None:
    picker = screen("PROD").shows("server").points_at("  prod-eu")
    assert [line.strip() for line in rows(picker.lines)] == ["prod-eu", "prod-us"]
    picker.press(keys.DOWN).points_at("  prod-us").press(keys.ENTER).ended()
    assert current() == "prod-us"


def test_a_dry_run_shows_what_would_change(screen, untouched) -> None:
    picker = screen("--dry-run").shows("server").press("us").points_at("  prod-us").press(keys.ENTER)
    assert picker.ended() == 0
    assert '+ "current-context": "prod-us"' in picker.sent
    assert untouched()


def test_broken_references_and_protection_are_noted(screen, scratch_home: Path) -> None:
    settings = scratch_home / ".config" / "kubectl-ns-tools" / "config.yaml"
    settings.parent.mkdir(parents=True)
    settings.write_text("protected: ['*prod*']\n")
    picker = screen().shows("server")
    assert "    prod-eu   protected" in picker.lines
    picker.press("broken").points_at("  broken   cluster missing").shows("cluster     gone (missing)")
    picker.until(lambda: picker.lines[-2:] == ["namespace   <none>", "server      <none>"])


@pytest.mark.parametrize(
    ("dimensions", "lines"),
    [
        ((10, 12), ["context>", "  6/6   arro", "    broken", "> * dev"]),
        ((2, 12), ["context>", "> * dev"]),
    ],
    ids=["narrow", "tiny"],
)
def test_a_small_terminal_shows_what_it_can(screen, current, dimensions, lines: list[str]) -> None:
    picker = screen(dimensions=dimensions).points_at("* dev")
    assert picker.lines[: len(lines)] == lines
    assert not any("server" in line for line in picker.lines)
    assert picker.press("us").points_at("  prod-us").press(keys.ENTER).ended() == 0
    assert current() == "prod-us"


def test_it_follows_the_size_of_the_terminal(screen) -> None:
    picker = screen().shows("server")
    picker.resize(8, 40)
    picker.until(lambda: picker.lines[:1] == ["context>"] and "server" not in "".join(picker.lines))
    picker.resize(24, 100)
    picker.shows("─" * 100)


def test_a_context_that_is_gone_meanwhile_is_not_made_current(screen, config: Path) -> None:
    picker = screen().shows("server").press("us").points_at("  prod-us")
    Kubeconfig().context("dev").current("dev").write(config)
    before = config.read_bytes()
    assert picker.press(keys.ENTER).ended() == ExitCode.NOT_FOUND
    assert config.read_bytes() == before


def test_thousands_scroll(screen, scratch_home: Path, current) -> None:
    builder = Kubeconfig()
    for number in range(5000):
        builder.context(f"context-{number:04d}")
    builder.current("context-2500").write(scratch_home / ".kube" / "config")
    picker = screen().shows("server").points_at("* context-2500")
    picker.press(keys.END).points_at("  context-4999")
    picker.press(keys.PAGE_UP).points_at("  context-4987")
    picker.press("4711").points_at("  context-4711").press(keys.ENTER).ended()
    assert current() == "context-4711"
