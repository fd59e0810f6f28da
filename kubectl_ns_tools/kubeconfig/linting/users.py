"""What is wrong with a user.

Source: client-go tools/clientcmd/validation.go (validateAuthInfo), plugin/pkg/client/auth.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from kubectl_ns_tools.kubeconfig.linting.contents import (
    check_certificate,
    check_key,
    content_findings,
    path_findings,
)
from kubectl_ns_tools.kubeconfig.linting.findings import Finding
from kubectl_ns_tools.kubeconfig.linting.places import PlacedEntry
from kubectl_ns_tools.kubeconfig.transfer.paths import folder_of

_EXEC_VERSIONS = tuple(f"client.authentication.k8s.io/{version}" for version in ("v1", "v1beta1"))
_INTERACTIVE_MODES = ("Never", "IfAvailable", "Always")
_BUILT_IN_PROVIDER = "oidc"  # gcp and azure went with 1.26
_CERTIFICATE = ("client-certificate", "client-certificate-data")
_KEY = ("client-key", "client-key-data")
_IMPERSONATED = ("as-uid", "as-groups", "as-user-extra")
_CREDENTIALS = (*_CERTIFICATE, "token", "tokenFile", "username", "password", "exec", "auth-provider")


def user_findings(entry: PlacedEntry, at: datetime, search_path: str | None) -> Iterator[Finding]:
    """at: the present; search_path: where programs are looked for."""
    yield from _methods(entry)
    yield from _key_pair(entry)
    yield from content_findings(entry, "client-certificate", check_certificate, at)
    yield from content_findings(entry, "client-key", check_key, at)
    if entry.get("tokenFile"):
        yield from path_findings(entry, "tokenFile", None, at)
    plugin, provider = entry.body.get("exec"), entry.body.get("auth-provider")
    if isinstance(plugin, dict):
        for field, problem in _plugin(entry, plugin):
            yield entry.finding("exec-plugin", problem, *field.split("."))
        yield from _program(entry, plugin, search_path)
    if isinstance(provider, dict) and provider.get("name") != _BUILT_IN_PROVIDER:
        problem = f'no Auth Provider found for name "{provider.get("name") or ""}"'
        yield entry.finding("auth-provider", problem, "auth-provider")


def _methods(entry: PlacedEntry) -> Iterator[Finding]:
    if entry.get("token") and (entry.get("username") or entry.get("password")):
        problem = "more than one authentication method found; found [token basicAuth], only one is allowed"
        yield entry.finding("several-methods", problem, "token")
    if not any(entry.body.get(field) for field in _CREDENTIALS):
        yield entry.finding("no-credentials", "no credentials: kubectl asks for user name and password")
    impersonated = next((field for field in _IMPERSONATED if entry.body.get(field)), "")
    if impersonated and not entry.get("as"):
        problem = "requesting uid, groups or user-extra without impersonating a user"
        yield entry.finding("impersonation", problem, impersonated)


def _key_pair(entry: PlacedEntry) -> Iterator[Finding]:
    certificate = next((field for field in _CERTIFICATE if entry.get(field)), "")
    key = next((field for field in _KEY if entry.get(field)), "")
    if certificate and not key:
        problem = (
            "client-key-data or client-key must be specified to use the clientCert authentication method"
        )
        yield entry.finding("no-key", problem, certificate)
    if key and not certificate:
        yield entry.finding("no-certificate", "a client key without its certificate is not used", key)


def _plugin(entry: PlacedEntry, plugin: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(field, problem) of what kubectl refuses before it starts the plugin."""
    if entry.body.get("auth-provider"):
        yield "auth-provider", "authProvider cannot be provided in combination with an exec plugin"
    if not plugin.get("command"):
        yield "exec", "command must be specified to use exec authentication plugin"
    version, mode = plugin.get("apiVersion"), plugin.get("interactiveMode")
    if not version:
        yield "exec", "apiVersion must be specified to use exec authentication plugin"
    elif version not in _EXEC_VERSIONS:
        yield "exec.apiVersion", f'exec plugin: invalid apiVersion "{version}"'
    if mode and mode not in _INTERACTIVE_MODES:
        yield "exec.interactiveMode", f'invalid interactiveMode: "{mode}"'
    elif not mode and version == _EXEC_VERSIONS[0]:  # older versions have a default
        yield "exec", "interactiveMode must be specified to use exec authentication plugin"
    variables = plugin.get("env")
    for variable in variables if isinstance(variables, list) else ():
        if isinstance(variable, dict) and not variable.get("name"):
            yield "exec.env", "env variable name must be specified to use exec authentication plugin"


def _program(entry: PlacedEntry, plugin: Mapping[str, Any], search_path: str | None) -> Iterator[Finding]:
    command, hint = plugin.get("command"), plugin.get("installHint")
    if isinstance(command, str) and command and not _is_there(command, entry.path, search_path):
        first = hint.strip().partition("\n")[0] if isinstance(hint, str) else ""
        problem = f"exec: executable {command} not found"
        yield entry.finding("no-program", problem, "exec", "command", hint=first)


def _is_there(command: str, kubeconfig: str, search_path: str | None) -> bool:
    if os.sep in command:
        path = os.path.join(folder_of(kubeconfig), command)
        return os.path.isfile(path) and os.access(path, os.X_OK)
    return shutil.which(command, path=search_path) is not None
