"""docs/exit-codes.md has every code, in the words of the program, each with what gives it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kubectl_ns_tools import errors
from kubectl_ns_tools.errors import ExitCode, joint_code
from tests.builders import Kubeconfig
from tests.docs import pages

TEXT = pages.text("exit-codes.md")


def test_the_table_is_that_of_the_program() -> None:
    assert pages.rows(pages.before_sections(TEXT)) == [[f"{code:d}", code.meaning] for code in ExitCode]


@pytest.mark.parametrize("code", ExitCode, ids=lambda code: code.name)
def test_each_has_a_section_whose_examples_give_it(code: ExitCode) -> None:
    """The examples themselves are replayed with those of the other documents."""
    section = pages.section(TEXT, f"{code:d}")
    shown = re.findall(r"^exit code (\d+)$", section, re.MULTILINE)
    asked = re.findall(r'; echo "exit code \$(?:\?|\{PIPESTATUS\[0\]\})"$', section, re.MULTILINE)
    assert set(shown) == ({f"{code:d}"} if code is not ExitCode.LOCKED else set())
    assert len(shown) == len(asked)


def test_the_example_of_a_lock_is_what_happens(scratch_home: Path) -> None:
    """Not replayed with the others, as the age in it may be another one."""
    config = Kubeconfig().context("blue@kubernetes").write(scratch_home / ".kube" / "config")
    commands = pages.commands(pages.section(TEXT, f"{ExitCode.LOCKED:d}"))
    path = os.pathsep.join([str(pages.ROOT / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
    lines = [line.replace("kubectl ctx-set", "kubectl-ctx_set") for line, _ in commands]
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)], env={**os.environ, "PATH": path}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    shown = done.stderr.replace(str(scratch_home), "~")
    assert re.sub(r"\d+ s old", "5 s old", shown) == "".join(output for _, output in commands)
    assert done.returncode == ExitCode.LOCKED
    assert config.exists()


@pytest.mark.parametrize(
    ("failures", "code"),
    [
        ([errors.TimedOut("a"), errors.TimedOut("b")], ExitCode.TIMEOUT),
        ([errors.TimedOut("a"), errors.Refused("b")], ExitCode.FAILED),
        ([errors.TimedOut("a"), errors.Interrupted("b"), errors.Refused("c")], ExitCode.INTERRUPTED),
    ],
    ids=["of one kind", "of two kinds", "interrupted"],
)
def test_several_failures_have_one_code(failures: list[errors.NsToolsError], code: ExitCode) -> None:
    assert joint_code(failures) == code
