"""All that is published of a version, made from a commit: archives with bills of materials, wheel, sdist and
SHA256SUMS in dist/, krew's manifests in plugins/.

python -m release [--python PATH]     # `make release`
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from release import archives, checks, dists, manifests, sbom, sums
from release.errors import told
from release.interpreter import interpreter

ROOT = Path(__file__).parents[1]


def release(root: Path, python: Path) -> list[Path]:
    """Makes it all anew; gives the files of dist/. python: the interpreter that the archives get."""
    dist = root / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    packed = interpreter(python)
    for archive in archives.build(dist, python):
        sbom.write(archive, packed)
    dists.build(root, dist)
    sums.write(dist)
    for name in manifests.index(dist, root / "plugins"):
        print(f"no {name}: it is built on such a machine, or by the release workflow", file=sys.stderr)
    return sorted(dist.iterdir())


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="release", description="Make all that is published of a version.")
    parser.add_argument("--python", type=Path, default=Path(sys.executable), help="what the archives get")
    options = parser.parse_args(arguments)
    with told():
        if findings := [*checks.clean(ROOT), *checks.version(ROOT)]:
            sys.exit("\n".join(f"error: {finding}" for finding in findings))
        for path in release(ROOT, options.python):
            print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
