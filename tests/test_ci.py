""".ci/run gets what make cannot fetch, and then calls `make test`. Programs that change the system, and make
itself, are stand-ins here, which write down how they were called."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "run"
UPDATE = "apt-get update -qq"
INSTALL = "apt-get install -qq -y --no-install-recommends"
# A package is called as its program is, but for chromium-driver and man-db; bash-completion has none.
INSTALLS = (
    f'PATH={os.defpath}; [ $1 = install ] && for each; do ln -sf make "{{0}}/$each"; done\n'
    '[ ! -e "{0}/chromium-driver" ] || mv "{0}/chromium-driver" "{0}/chromedriver"\n'
    '[ ! -e "{0}/man-db" ] || mv "{0}/man-db" "{0}/man"\n'
    '[ ! -e "{0}/bash-completion" ] || mv "{0}/bash-completion" "$BASH_COMPLETION"'
)


@dataclass(frozen=True)
class Ran:
    code: int
    calls: list[str]
    stderr: str


@pytest.fixture
def ci(tmp_path: Path) -> Callable[..., Ran]:
    """ci(there, root, apt): runs the script where these programs are there.

    apt: what the stand-in for apt-get does, as shell code; None for a system without it.
    """

    def run(there: str, *, root: bool = True, apt: str | None = "", **variables: str) -> Ran:
        folder, log = tmp_path / "bin", tmp_path / "calls"
        folder.mkdir()
        for name in ("bash", "dirname"):
            (folder / name).symlink_to(shutil.which(name) or "")
        scripts = {"id": f"echo {0 if root else 1000}", "make": f'echo "make $*" >>{log}'}
        scripts |= dict.fromkeys(there.split(), "")
        if apt is not None:
            scripts["apt-get"] = f'echo "apt-get $*" >>{log}\n{apt.format(folder)}'
        for name, text in scripts.items():
            with (folder / name).open("x") as file:  # never through a link to a real program
                file.write(f"#!{shutil.which('bash')}\n{text}\n")
            (folder / name).chmod(0o755)
        done = subprocess.run(
            [shutil.which("bash") or "", SCRIPT],
            env={"PATH": str(folder), "BASH_COMPLETION": str(folder / "completing"), **variables},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return Ran(done.returncode, log.read_text().splitlines() if log.exists() else [], done.stderr)

    return run


@pytest.mark.parametrize("variables", [{}, {"CI": "true"}])
def test_what_is_there_is_not_installed(ci: Callable[..., Ran], variables: dict[str, str]) -> None:
    assert ci("zsh fish fzf chromium chromedriver mandoc man completing", **variables) == Ran(
        0, ["make test"], ""
    )


@pytest.mark.parametrize("variables", [{}, {"CI": "true"}])
def test_what_is_missing_is_installed(ci: Callable[..., Ran], variables: dict[str, str]) -> None:
    ran = ci("zsh chromium", apt=INSTALLS, **variables)
    assert ran == Ran(
        0, [UPDATE, f"{INSTALL} fish fzf mandoc chromium-driver man-db bash-completion", "make test"], ""
    )


@pytest.mark.parametrize(
    ("root", "apt"), [(False, ""), (True, None), (True, "exit 100"), (True, "[ $1 = update ]")]
)
def test_what_cannot_be_installed_is_told_and_needed_in_ci(
    ci: Callable[..., Ran], root: bool, apt: str | None, tmp_path: Path
) -> None:
    ran = ci("zsh fish chromedriver mandoc man", root=root, apt=apt)
    assert (ran.code, ran.calls[-1]) == (0, "make test")
    assert (
        ran.stderr
        == "warning: not installed, so that their tests cannot run: fzf chromium bash-completion \n"
    )
    shutil.rmtree(tmp_path / "bin")
    (tmp_path / "calls").unlink()
    ran = ci("zsh fish chromedriver mandoc man", root=root, apt=apt, CI="true")
    assert ran.code == 1
    assert "make test" not in ran.calls
    assert ran.stderr.endswith("error: in CI they must run; install them before .ci/run\n")
