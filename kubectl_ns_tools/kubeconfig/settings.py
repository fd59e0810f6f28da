"""Every setting that the suite reads, in one table: the keys of config.yaml and the environment variables.
What is in effect, and where it comes from, is read off it; so is the page of the documentation."""

import enum
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kubectl_ns_tools.kubeconfig.config import CONTEXTS, NAMESPACES, Config, load_config

_USERINFO = re.compile(r"(?<=//)[^/@\s]*@|^[^/@\s]*@")


class Origin(enum.Enum):
    """Where a setting is made."""

    FILE = "file"
    VARIABLE = "environment"


class Setting(NamedTuple):
    """name: the key or the variable; default: what holds where it is not made, as a person would write it;
    what: what it is good for, a sentence."""

    name: str
    origin: Origin
    default: str
    what: str


class Effective(NamedTuple):
    """A setting with the value that is in effect. source: "default", "environment", or the file:LINE."""

    setting: Setting
    value: str
    source: str


_KEYS = {
    CONTEXTS: ("", "Globs of contexts in which what changes something asks for the context's name."),
    NAMESPACES: ("", "Globs of namespaces that are deleted only with --override-protection."),
}
_VARIABLES = {
    "KUBECONFIG": ("~/.kube/config", "The kubeconfig files, as kubectl takes them."),
    "KUBERC": ("~/.kube/kuberc", "kubectl's own settings: their policy for credential plugins; or off."),
    "KUBECTL_KUBERC": ("true", "With false these are not read, as by kubectl."),
    "KUBECTL_NS_TOOLS_TEMPLATES": ("", "Folders of templates, looked in first; separated by colons."),
    "KUBECTL_NS_TOOLS_TEMPLATES_NAMESPACE": (
        "kubectl-ns-tools", "Namespaces whose published templates count, separated by commas; empty: none.",
    ),
    "KUBECTL_NS_TOOLS_PICKER": ("builtin", "What draws the picker of ctx-switch and ns-switch; or fzf."),
    "KUBECTL_NS_TOOLS_SHELL": ("", "Set by ctx-shell: the private kubeconfig of the shell that we are in."),
    "KUBECTL_NS_TOOLS_DEPTH": ("0", "Set by ctx-shell: how many of its shells are around us."),
    "KUBECTL_NS_TOOLS_CONTEXT": ("", "Set by ctx-exec, for what runs there: the context."),
    "XDG_CONFIG_HOME": ("~/.config", "Has the folder kubectl-ns-tools with config.yaml and templates."),
    "XDG_STATE_HOME": (
        "~/.local/state", "Has the folder kubectl-ns-tools with history, undo and the backups of namespaces.",
    ),
    "XDG_CACHE_HOME": ("~/.cache", "Has the folder kubectl-ns-tools with what may be lost."),
    "HOME": ("", "The home that ~ stands for."),
    "NO_COLOR": ("", "No colours, whatever it is set to (https://no-color.org)."),
    "TERM": ("dumb", "The kind of terminal; with dumb there are neither colours nor a picker."),
    "SHELL": ("", "The shell that ctx-shell starts."),
    "ZDOTDIR": ("~", "Where the start-up files of zsh are, for ctx-shell."),
    "HTTPS_PROXY": ("", "The proxy on the way to a server, where the kubeconfig names none."),
    "HTTP_PROXY": ("", "The same for a server without TLS."),
    "NO_PROXY": ("", "The servers that no proxy is on the way to."),
    "KUBERNETES_SERVICE_HOST": ("", "Set in a pod: the API server that is used there without a kubeconfig."),
    "KUBERNETES_SERVICE_PORT": ("", "Its port."),
    "POD_NAMESPACE": ("", "In a pod: the namespace in use, instead of that of its service account."),
}  # fmt: skip
_LOWER_CASE_TOO = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")
SETTINGS = (
    *(Setting(name, Origin.FILE, default, what) for name, (default, what) in _KEYS.items()),
    *(Setting(name, Origin.VARIABLE, default, what) for name, (default, what) in _VARIABLES.items()),
)


def effective(environ: Mapping[str, str]) -> list[Effective]:
    """The settings now. Raises Refused for a config.yaml that is not understood, with its place."""
    return list(_effective(load_config(environ), environ))


def _effective(config: Config, environ: Mapping[str, str]) -> Iterator[Effective]:
    patterns = {CONTEXTS: config.protected, NAMESPACES: config.protected_namespaces}
    for setting in SETTINGS:
        if setting.origin is Origin.FILE:
            line = config.lines.get(setting.name)
            source = f"{config.path}:{line}" if line else "default"
            yield Effective(setting, ", ".join(patterns[setting.name]), source)
        elif (value := _variable(setting.name, environ)) is not None:
            yield Effective(setting, value, Origin.VARIABLE.value)
        else:
            yield Effective(setting, setting.default, "default")


def _variable(name: str, environ: Mapping[str, str]) -> str | None:
    """None where the default holds. An empty one counts only where that means something of its own."""
    spellings = (name, name.lower()) if name in _LOWER_CASE_TOO else (name,)
    found = next((environ[each] for each in spellings if environ.get(each)), None)
    if found is None and name == "KUBECTL_NS_TOOLS_TEMPLATES_NAMESPACE":
        found = environ.get(name)
    return None if found is None else _USERINFO.sub("", found)
