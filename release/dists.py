"""The wheel and the sdist of a release.

python -m release.dists DIST     # of the commit, into the folder
"""

import gzip
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from release import checkout
from release.errors import CannotRelease, told


def build(root: Path, dist: Path) -> list[Path]:
    """Builds both from the commit, with `build` of the PyPA; the same commit gives the same bytes."""
    when = checkout.commit_time(root)
    with tempfile.TemporaryDirectory() as scratch:
        source, made = Path(scratch, "source"), Path(scratch, "made")
        checkout.export(root, source)
        _build(source, made, when)
        [sdist] = made.glob("*.tar.gz")
        sdist.write_bytes(levelled(sdist.read_bytes(), when))
        dist.mkdir(parents=True, exist_ok=True)
        return [Path(shutil.move(path, dist / path.name)) for path in sorted(made.iterdir())]


def levelled(archive: bytes, when: int) -> bytes:
    """The same sdist without whose it was and when it was made; setuptools leaves that out of wheels only."""
    out = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(archive)) as old,
        gzip.GzipFile(fileobj=out, mode="wb", mtime=when) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as new,
    ):
        for member in sorted(old.getmembers(), key=lambda member: member.name):
            member.mtime, member.uid, member.gid, member.uname, member.gname = when, 0, 0, "", ""
            member.pax_headers = {}
            new.addfile(member, old.extractfile(member) if member.isfile() else None)
    return out.getvalue()


def _build(source: Path, made: Path, when: int) -> None:
    command = [sys.executable, "-m", "build", "--outdir", str(made), str(source)]
    environ = {**os.environ, "SOURCE_DATE_EPOCH": str(when)}
    done = subprocess.run(command, env=environ, umask=0o022, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotRelease(f"`build` failed:\n{done.stdout}{done.stderr}")


def main(arguments: list[str]) -> None:
    with told():
        for path in build(Path(__file__).parents[1], Path(*arguments)):
            print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
