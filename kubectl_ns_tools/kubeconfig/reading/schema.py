"""What kubectl's decoder accepts in a kubeconfig: the types of its fields.

Source: client-go tools/clientcmd/api/v1/types.go. Unknown fields may hold anything, and null stands for the
empty value of every type.
"""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias


class Text(NamedTuple):
    """A scalar type. go_type: as kubectl calls it."""

    go_type: str


class Struct(NamedTuple):
    """An object with these fields, and others that nobody looks at. name: of the Go type."""

    name: str
    fields: Mapping[str, "Kind"]

    @property
    def go_type(self) -> str:
        return f"v1.{self.name}"


class ListOf(NamedTuple):
    """A list of one type."""

    item: "Kind"

    @property
    def go_type(self) -> str:
        return f"[]{self.item.go_type}"


class MapOf(NamedTuple):
    """An object whose values are of one type."""

    value: "Kind"

    @property
    def go_type(self) -> str:
        return f"map[string]{self.value.go_type}"


Kind: TypeAlias = Text | Struct | ListOf | MapOf

STRING, BOOL, DATA, ANYTHING = Text("string"), Text("bool"), Text("[]uint8"), Text("runtime.RawExtension")
_MODE = Text("v1.ExecInteractiveMode")  # a string
STRINGS = ListOf(STRING)
EXTENSIONS = ListOf(Struct("NamedExtension", {"name": STRING, "extension": ANYTHING}))

_PREFERENCES = Struct("Preferences", {"colors": BOOL, "extensions": EXTENSIONS})
_AUTH_PROVIDER = Struct("AuthProviderConfig", {"name": STRING, "config": MapOf(STRING)})
_EXEC = Struct(
    "ExecConfig",
    {
        "apiVersion": STRING,
        "command": STRING,
        "args": STRINGS,
        "env": ListOf(Struct("ExecEnvVar", {"name": STRING, "value": STRING})),
        "installHint": STRING,
        "interactiveMode": _MODE,
        "provideClusterInfo": BOOL,
    },
)
_CONTEXT: dict[str, Kind] = {
    "cluster": STRING,
    "user": STRING,
    "namespace": STRING,
    "extensions": EXTENSIONS,
}
_CLUSTER: dict[str, Kind] = {
    "server": STRING,
    "tls-server-name": STRING,
    "insecure-skip-tls-verify": BOOL,
    "certificate-authority": STRING,
    "certificate-authority-data": DATA,
    "proxy-url": STRING,
    "disable-compression": BOOL,
    "extensions": EXTENSIONS,
}
_USER: dict[str, Kind] = {
    "client-certificate": STRING,
    "client-certificate-data": DATA,
    "client-key": STRING,
    "client-key-data": DATA,
    "token": STRING,
    "tokenFile": STRING,
    "as": STRING,
    "as-uid": STRING,
    "as-groups": STRINGS,
    "as-user-extra": MapOf(STRINGS),
    "username": STRING,
    "password": STRING,
    "auth-provider": _AUTH_PROVIDER,
    "exec": _EXEC,
    "extensions": EXTENSIONS,
}

# list key -> (key of the body in an item, Go's name of the item type, fields of the body)
SECTIONS = {
    "clusters": ("cluster", "NamedCluster", _CLUSTER),
    "users": ("user", "NamedAuthInfo", _USER),
    "contexts": ("context", "NamedContext", _CONTEXT),
}
CONFIG = Struct(
    "Config",
    {
        "current-context": STRING,
        "preferences": _PREFERENCES,
        "extensions": EXTENSIONS,
        **{
            section: ListOf(
                Struct(go_type, {"name": STRING, key: Struct(go_type.removeprefix("Named"), body)})
            )
            for section, (key, go_type, body) in SECTIONS.items()
        },
    },
)


def is_string(kind: Kind) -> bool:
    """Whether a value of this type is text."""
    return kind in (STRING, _MODE)
