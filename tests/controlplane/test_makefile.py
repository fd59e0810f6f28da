"""The Makefile's targets are what its help says."""

import os
import re
import subprocess
from pathlib import Path

from tests.controlplane import versions

TOP = Path(__file__).parents[2]


def test_the_default_target_lists_every_target_in_one_line() -> None:
    # `make test` may have started us: its flags and its habit of naming directories are not wanted here.
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(["make"], cwd=TOP, env=environ, capture_output=True, text=True, check=True)
    listed = [line.split()[1] for line in done.stdout.splitlines()]
    phony = re.search(r"^\.PHONY: (.*)$", (TOP / "Makefile").read_text(), re.MULTILINE)
    assert phony
    assert sorted(listed) == sorted(phony[1].split())


def test_the_ci_runs_exactly_make_test() -> None:
    script = TOP / ".ci" / "run"
    assert script.read_text().splitlines()[-1] == "exec make test"
    assert script.stat().st_mode & 0o111


def test_the_older_kubernetes_is_the_oldest_that_can_be_built() -> None:
    makefile = (TOP / "Makefile").read_text()
    older = re.search(r"^OLDER = \$\(or \$\(KUBERNETES\),(\S+)\)$", makefile, re.MULTILINE)
    assert older
    assert older[1] == versions.minors()[-1]
