"""Programs that stand for the real ones where a test needs a fault, or has no minutes to spare."""

from pathlib import Path


def script(path: Path, *lines: str) -> Path:
    """An executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return path


class FakeGo:
    """A `go` that "builds" at once; it writes down its arguments and its environment."""

    def __init__(self, folder: Path) -> None:
        self.calls = folder / "calls"
        self.environ = folder / "environ"
        self.bin = folder / "bin"
        self._gate = folder / "gate"
        self._release = "1.26.0"
        self._after = [":"]

    def of_release(self, release: str) -> "FakeGo":
        self._release = release
        return self

    def never_done(self) -> "FakeGo":
        """It hangs with a half-written program."""
        self._after = ["sleep 1000"]
        return self

    def held(self) -> "FakeGo":
        """It does not end before `let_go`."""
        self._after = [f'while [ ! -e "{self._gate}" ]; do sleep 0.05; done']
        return self

    def let_go(self) -> None:
        self._gate.touch()

    def failing(self, text: str) -> "FakeGo":
        self._after = [f"echo '{text}'", "exit 1"]
        return self

    def install(self) -> str:
        """Writes the program; returns a PATH that has it first."""
        script(
            self.bin / "go",
            f'[ "$1" = version ] && echo "go version go{self._release} linux/amd64" && exit',
            f'echo "$@" >> "{self.calls}"',
            f'env > "{self.environ}"',
            'while [ "$1" != -o ]; do shift; done',
            'echo half > "$2"; chmod +x "$2"',
            *self._after,
        )
        return f"{self.bin}:/usr/bin:/bin"

    @property
    def built(self) -> list[str]:
        """The packages that it was asked to build, in order."""
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        return [line.split()[-1] for line in lines]
