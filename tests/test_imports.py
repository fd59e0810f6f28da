"""What a command imports decides how fast it feels: an allow-list per command, in a process of its own.

click and PyYAML are what every command needs; what they bring is the measure, and what a command may
import beyond it is listed here, each with its reason.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import Kubeconfig

ROOT = Path(__file__).parents[1]
REPORT = """
import json, sys
print("MODULES " + json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""
BASE = f"import click, click.shell_completion, yaml\n{REPORT}"
RUN = f"""
import sys
from kubectl_ns_tools.main import run
code = run(sys.argv[1], sys.argv[2:])
{REPORT}
sys.exit(code)
"""

ALLOWED = {
    "kubectl_ns_tools": "us",
    "json": "quoting, JSON kubeconfigs, the history",
    "_json": "part of json",
    "dataclasses": "the values that go from room to room",
    "copy": "the model of a file that is edited",
    "locale": "gettext, by which click finds its messages",
    "unicodedata": "other people's text on a terminal",
    "signal": "SIGTERM must release the lock",
    "hashlib": "the name of the history's file",
}
CONTEXT_COMMANDS: dict[str, tuple[str, ...]] = {
    "ctx-current": (),
    "ctx-list": (),
    "ctx-switch": ("b",),
    "ctx-set": ("b", "--namespace", "blue"),
}


def modules_of(script: str, *arguments: str) -> set[str]:
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.rpartition("MODULES ")[2]))


@pytest.mark.parametrize("name", CONTEXT_COMMANDS)
def test_a_context_command_imports_only_what_is_allowed(name: str, tmp_path: Path) -> None:
    config = Kubeconfig().context("a").context("b").current("a").write(tmp_path / "config")
    modules = modules_of(RUN, name, *CONTEXT_COMMANDS[name], "--kubeconfig", str(config))
    extra = {module for module in modules - modules_of(BASE) if not module.startswith("_")}
    assert extra <= set(ALLOWED), extra - set(ALLOWED)
    assert not modules & {"kubernetes", "tabulate", "urllib3", "ssl", "asyncio"}


def test_what_kubectl_wrote_is_read_without_a_yaml_parser(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("contexts:\n- context:\n    cluster: c\n  name: a\ncurrent-context: a\nkind: Config\n")
    for name in ("ctx-current", "ctx-list"):
        assert "yaml" not in modules_of(RUN, name, "--kubeconfig", str(config))


def test_the_measure_itself_is_light() -> None:
    assert not modules_of(BASE) & {"kubernetes", "tabulate", "urllib3", "ssl", "asyncio", "logging", "http"}
