"""The hooks of pre-commit run what `make setup` has installed, and fetch nothing."""

import shlex
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]


def test_each_hook_runs_a_program_of_the_environment() -> None:
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert local["repo"] == "local"
    for hook in local["hooks"]:
        program = Path(shlex.split(hook["entry"])[0])
        assert (hook["language"], program.parent) == ("system", Path(".venv/bin"))
        assert (Path(sys.executable).parent / program.name).exists(), hook["id"]


def test_make_checks_what_the_hooks_check() -> None:
    """`make test` does not call pre-commit; style, types and layers are in both."""
    makefile = (ROOT / "Makefile").read_text()
    for command in ("ruff check", "ruff format --check", "mypy", "lint-imports"):
        assert f"$(BIN)/{command}\n" in makefile
        assert f".venv/bin/{command}" in (ROOT / ".pre-commit-config.yaml").read_text()
