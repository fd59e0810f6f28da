"""Which credential plugins may run, and where they are found.

The former is for kubectl's own settings to say, `credentialPluginPolicy` and `credentialPluginAllowlist` in
~/.kube/kuberc or $KUBERC.

Rules from kubectl 1.36 (pkg/kuberc/kuberc.go, marshal.go) and client-go (plugin/pkg/client/auth/exec). Unlike
there, a file that is no YAML lets no plugin run: a slip of the pen must not.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kubectl_ns_tools.errors import Refused

GROUP, KIND = "kubectl.config.k8s.io", "Preference"
ALLOW_ALL, DENY_ALL, ALLOW_LIST = "AllowAll", "DenyAll", "Allowlist"


class PluginPolicy(NamedTuple):
    """kind: one of the three; allowed: names and paths of programs, for ALLOW_LIST; path: of the settings."""

    kind: str = ALLOW_ALL
    allowed: tuple[str, ...] = ()
    path: str = ""

    def check(self, command: str, program: str) -> None:
        """Raises Refused, in client-go's words, for a plugin that may not run. command: as the kubeconfig has
        it; program: the path of what would run."""
        if self.kind == DENY_ALL:
            raise self._refused(f'plugin "{command}" not allowed: policy set to "{DENY_ALL}"')
        if self.kind == ALLOW_LIST and not self._lists(command, program):
            raise self._refused(
                f'plugin path "{program}" is not permitted by the credential plugin allowlist'
            )

    def _lists(self, command: str, program: str) -> bool:
        if command in self.allowed or program in self.allowed:
            return True
        alike = (each for each in self.allowed if os.path.basename(each) == os.path.basename(program))
        return any(shutil.which(each) == program for each in alike)

    def _refused(self, why: str) -> Refused:
        return Refused(f"getting credentials: {why}", f"{self.path} says so; see kubectl kuberc set --help")


def program_of(command: str) -> str:
    """The path of what would run, "" when there is none. As in Go (os/exec, LookPath) it is looked for by our
    own PATH, whatever the kubeconfig's variables say, and not in the current directory."""
    found = shutil.which(command) or ""
    return found if os.sep in command or os.path.isabs(found) else ""


def read_policy(environ: Mapping[str, str]) -> PluginPolicy:
    """What the settings of this user say. Raises Refused for settings that kubectl would refuse."""
    path = _path(environ)
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        if not environ.get("KUBERC"):
            return PluginPolicy()
        raise Refused(f"kuberc: open {path}: no such file or directory", "mend or unset $KUBERC") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"kuberc: cannot read {path}: {error}", "mend it, or set KUBERC=off") from error
    return next(_policies(text, path), PluginPolicy())


def _path(environ: Mapping[str, str]) -> str:
    named = environ.get("KUBERC")
    if named == "off" or environ.get("KUBECTL_KUBERC", "").lower() == "false":
        return os.devnull
    return named or os.path.join(environ.get("HOME", ""), ".kube", "kuberc")


def _policies(text: str, path: str) -> Iterator[PluginPolicy]:
    from kubectl_ns_tools.goyaml import construct, parse_each

    for document in parse_each(text, path):
        value: Any = construct(document.root, path) if document.root else None
        group = str(value.get("apiVersion")).partition("/")[0] if isinstance(value, dict) else ""
        if group == GROUP and value.get("kind") == KIND:
            yield _policy(value, path)


def _policy(settings: Mapping[str, Any], path: str) -> PluginPolicy:
    kind = settings.get("credentialPluginPolicy") or ""
    entries = settings.get("credentialPluginAllowlist")
    if kind not in ("", ALLOW_ALL, DENY_ALL, ALLOW_LIST):
        raise _misconfigured(path, f'unknown plugin policy: "{kind}"')
    if kind != ALLOW_LIST and entries is not None:
        raise _misconfigured(path, f'plugin policy is "{kind}" but allowlist is non-nil')
    if kind == ALLOW_LIST and not (isinstance(entries, list) and entries):
        raise _misconfigured(path, f'credential plugin policy set to "{ALLOW_LIST}", but allowlist is empty')
    return PluginPolicy(kind or ALLOW_ALL, tuple(_command(each, path) for each in entries or ()), path)


def _command(entry: Any, path: str) -> str:
    """`name` was what kubectl 1.35 called it."""
    found = entry.get("command") or entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(found, str):
        raise _misconfigured(path, "misconfigured credential plugin allowlist: empty allowlist entry")
    if os.path.normpath(found) != found:
        raise _misconfigured(path, f'non-normalized file path: "{found}" vs "{os.path.normpath(found)}"')
    return found


def _misconfigured(path: str, why: str) -> Refused:
    return Refused(f"kuberc error {path}: {why}", "see kubectl kuberc set --help")
