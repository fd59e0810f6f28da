"""The plain calls do what the whole commands do, to the letter."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kubectl_ns_tools.commands import plain
from kubectl_ns_tools.main import run
from tests.builders import Kubeconfig

Calls = tuple[tuple[str, ...], ...]


@pytest.fixture
def outcome(scratch_home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[bytes, Calls], list[Any]]:
    """Runs commands one after the other on a kubeconfig: the code and the words of each, and the file."""
    config = scratch_home / ".kube" / "config"

    def invoke(data: bytes, calls: Calls) -> list[Any]:
        shutil.rmtree(scratch_home)
        config.parent.mkdir(parents=True)
        config.write_bytes(data)
        codes = [(run(name, arguments), capsys.readouterr()) for name, *arguments in calls]
        return [*codes, config.read_bytes()]

    return invoke


VALID = Kubeconfig().context("a").context("b-1").context("b-2").context("-").current("a").value()
SWITCH, CURRENT = ("ctx-switch", "b-1"), ("ctx-current",)


@pytest.mark.parametrize(
    "calls",
    [
        pytest.param((SWITCH, CURRENT), id="switch"),
        pytest.param((SWITCH, ("ctx-switch", "-"), CURRENT), id="back"),
        pytest.param((("ctx-switch", "a"), ("ctx-switch", "-")), id="nothing to go back to"),
        pytest.param((("ctx-switch", "b"),), id="several match"),
        pytest.param((("ctx-switch", "1"), CURRENT), id="a part of a name"),
        pytest.param((("ctx-switch", ""),), id="empty name"),
        pytest.param((("ctx-switch", "zzz"),), id="unknown"),
        pytest.param((("ctx-switch", "--help"),), id="a flag"),
    ],
)
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(str(VALID).replace("'", '"').encode(), id="one line"),
        pytest.param(b"contexts:\n- context: {cluster: c}\n  name: b-1\n", id="no current context"),
        pytest.param(b"contexts:\n- name: b-1\n- name: b-1\n", id="a file that kubectl refuses"),
        pytest.param(
            b"current-context: \xc3\xa9\ncontexts:\n- name: \xc3\xa9\n- name: b-1\n", id="not ASCII"
        ),
        pytest.param(b"", id="empty"),
    ],
)
def test_a_plain_call_is_the_command(
    outcome: Callable[[bytes, Calls], list[Any]], data: bytes, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    plainly = outcome(data, calls)
    monkeypatch.setattr(plain, "call_plainly", lambda name, arguments: False)
    assert plainly == outcome(data, calls)
