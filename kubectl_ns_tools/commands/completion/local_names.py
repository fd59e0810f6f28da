"""Names that are on this machine: of contexts, clusters, users, backups, and of what a command has itself."""

import os
from collections.abc import Iterable

from kubectl_ns_tools.commands.completion.typed import Typed
from kubectl_ns_tools.kubeconfig.locations import locate
from kubectl_ns_tools.kubeconfig.state import files_by_age, state_folder
from kubectl_ns_tools.kubeconfig.view import load_view


def contexts(typed: Typed) -> Iterable[str]:
    return typed.session.view.contexts


def clusters(typed: Typed) -> Iterable[str]:
    return typed.session.view.clusters


def users(typed: Typed) -> Iterable[str]:
    return typed.session.view.users


def contexts_of_files(typed: Typed) -> Iterable[str]:
    """Those of the kubeconfigs that ctx-import was given."""
    for path in typed.texts("files"):
        yield from load_view(locate(os.path.expanduser(path), {})).contexts


def backed_up(typed: Typed) -> Iterable[str]:
    """The namespaces of which there is a backup, by the names of the files (deletion/backup/shelf.py)."""
    from kubectl_ns_tools.deletion.backup.shelf import SUFFIX

    paths = files_by_age(state_folder(os.environ, "backups"))
    return sorted({os.path.basename(path).rsplit("-", 2)[0] for path in paths if path.endswith(SUFFIX)})


def orders(typed: Typed) -> Iterable[str]:
    """What `ns-list --sort-by` takes."""
    from kubectl_ns_tools.output.namespace_order import order_names

    return order_names()


def fields(typed: Typed) -> Iterable[str]:
    """What `ctx-set --unset` takes, after those of the same word."""
    before, comma, _ = typed.incomplete.rpartition(",")
    return [
        f"{before}{comma}{field}"
        for field in ("cluster", "user", "namespace")
        if field not in before.split(",")
    ]
