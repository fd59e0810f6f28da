"""The kubectl that is on PATH, and the Python that runs us."""

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import kubectl_ns_tools
from kubectl_ns_tools.errors import NotFound, NsToolsError

_PATIENCE = 10.0  # seconds; it answers in a tenth of one, but may stand on a slow disk


def find_kubectl(environ: Mapping[str, str]) -> str:
    """The path of the kubectl that a shell would run. Raises NotFound when there is none."""
    import shutil

    found = shutil.which("kubectl", path=environ.get("PATH"))
    if found is None:
        raise NotFound("there is no kubectl on PATH", "install it: https://kubernetes.io/docs/tasks/tools/")
    return found


def client_version(program: str, environ: Mapping[str, str]) -> dict[str, Any]:
    """What `kubectl version --client` says of itself: gitVersion, major, minor and more."""
    import json

    command = [program, "version", "--client", "--output=json"]
    try:
        done = subprocess.run(
            command, env=dict(environ), stdin=subprocess.DEVNULL, capture_output=True, check=True,
            timeout=_PATIENCE,
        )  # fmt: skip
        return dict(json.loads(done.stdout)["clientVersion"])
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError) as error:
        hint = f"see what this says: {program} version --client"
        raise NsToolsError(f"{program} does not tell its version", hint) from error


def python_version() -> str:
    """Of the interpreter that runs us, such as 3.12.4."""
    return ".".join(map(str, sys.version_info[:3]))


def is_packed() -> bool:
    """Whether we run from an archive, with lib/python for the interpreter and lib/app."""
    app = os.path.dirname(os.path.dirname(os.path.realpath(kubectl_ns_tools.__file__)))
    return app == os.path.join(os.path.dirname(os.path.realpath(sys.prefix)), "app")
