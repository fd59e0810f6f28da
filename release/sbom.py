"""What is in an archive, as a software bill of materials: ARCHIVE.cdx.json beside it (CycloneDX).

python -m release.sbom [--dist dist] [--python PATH]     # of each archive of this platform

The distributions are read off the archive itself by the CycloneDX project's own tool. It does not see what is
not Python's: the interpreter, OpenSSL, machine code; these are added here.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from kubectl_ns_tools import __version__
from release import checkout, sums
from release.errors import CannotRelease, told
from release.interpreter import Interpreter, interpreter

ROOT = Path(__file__).parents[1]
_ASK_FOR_OPENSSL = "import ssl; print(ssl.OPENSSL_VERSION.split()[1])"
_PROGRAM = "lib/python/bin/python3"

Document = dict[str, Any]


def write(archive: Path, python: Interpreter) -> Path:
    """Writes the archive's; python: the interpreter that it was made with."""
    found = bill(archive, python)
    text = json.dumps(found, indent=1, sort_keys=True) + "\n"
    if problem := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"no CycloneDX 1.6 came of {archive.name}: {problem}")
    path = archive.with_name(archive.name.removesuffix(".tar.gz") + ".cdx.json")
    path.write_text(text)
    return path


def bill(archive: Path, python: Interpreter) -> Document:
    with tempfile.TemporaryDirectory() as scratch:
        machine_code = list(_unpack(archive, Path(scratch)))
        found = _distributions(Path(scratch))
    added = [*_runtime(python, machine_code), *machine_code]
    whole = _whole(archive)
    parts = [component["bom-ref"] for component in found["components"] + added]
    found["components"] += added
    found["metadata"]["component"] = whole
    found["dependencies"].append({"ref": whole["bom-ref"], "dependsOn": sorted(parts)})
    found["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, sums.digest(archive))}"
    return found


def _unpack(archive: Path, scratch: Path) -> Iterator[Document]:
    """Lays what describes the distributions into the folder; gives a component per file of machine code."""
    with tarfile.open(archive) as tar:
        for member in tar:
            path = Path(member.name)
            if path.name == "METADATA" and path.parent.suffix == ".dist-info":
                (scratch / path.parent.name).mkdir()
                (scratch / path.parent.name / path.name).write_bytes(_content(tar, member))
            elif member.isfile() and (member.name == _PROGRAM or {".so", ".dylib"} & set(path.suffixes)):
                digest = hashlib.sha256(_content(tar, member)).hexdigest()
                hashes = [{"alg": "SHA-256", "content": digest}]
                yield {"type": "file", "bom-ref": member.name, "name": member.name, "hashes": hashes}


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    assert file
    return file.read()


def _distributions(folder: Path) -> Document:
    """What the tool finds there. It asks an interpreter where to look; this one knows a single place."""
    stand_in = folder / "python"
    stand_in.write_text(f"#!/bin/sh\necho '{json.dumps([str(folder)])}'\n")
    stand_in.chmod(0o755)
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--sv=1.6", "--output-reproducible"]
    environ = os.environ | {"SOURCE_DATE_EPOCH": str(checkout.epoch(ROOT))}
    done = subprocess.run(
        [*command, "--no-validate", stand_in], env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotRelease(f"cyclonedx-py failed:\n{done.stderr}")
    found: Document = json.loads(done.stdout)
    return found


def _runtime(python: Interpreter, machine_code: list[Document]) -> Iterator[Document]:
    yield _known("platform", "python", "python", python.version)
    if any("_ssl" in component["name"] or "libssl" in component["name"] for component in machine_code):
        command = [str(python.program), "-I", "-c", _ASK_FOR_OPENSSL]
        version = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        yield _known("library", "openssl", "openssl", version)


def _known(kind: str, vendor: str, name: str, version: str) -> Document:
    """A component under the names by which databases of vulnerabilities know it."""
    return {
        "type": kind,
        "bom-ref": f"{name}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:generic/{name}@{version}",
        "cpe": f"cpe:2.3:a:{vendor}:{name}:{version}:*:*:*:*:*:*:*",
    }


def _whole(archive: Path) -> Document:
    return {
        "type": "application",
        "bom-ref": archive.name,
        "name": archive.name.partition("_")[0],
        "version": __version__,
        "purl": f"pkg:github/kubectl-ns-tools/kubectl-ns-tools@v{__version__}",
        "licenses": [{"license": {"id": "Apache-2.0"}}],
        "hashes": [{"alg": "SHA-256", "content": sums.digest(archive)}],
    }


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="release.sbom", description="Write archives' bills of materials.")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="the folder of the archives")
    parser.add_argument("--python", type=Path, default=Path(sys.executable), help="what they were made with")
    options = parser.parse_args(arguments)
    with told():
        python = interpreter(options.python)
        name = f"*_v{__version__}_{python.system}_{python.architecture}.tar.gz"
        for archive in sorted(options.dist.glob(name)):
            print(write(archive, python))


if __name__ == "__main__":
    main(sys.argv[1:])
