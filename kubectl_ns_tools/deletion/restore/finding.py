"""Which backup a person means."""

import os

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiUnauthorized
from kubectl_ns_tools.cluster.namespaces import get_namespace
from kubectl_ns_tools.deletion.backup.contents import Head
from kubectl_ns_tools.deletion.backup.shelf import SUFFIX, BackupInfo, list_backups
from kubectl_ns_tools.errors import NotFound, NsToolsError, Unreachable, did_you_mean


def is_file(word: str) -> bool:
    """Whether it is a path, and not the name of a namespace."""
    return os.sep in word or word.endswith(SUFFIX)


def newest_backup(folder: str, namespace: str, connection: Connection) -> str:
    """The path of the newest usable backup of the namespace that was made on this very cluster.

    Raises NotFound: a namespace of the same name elsewhere is another one, and its backup has to be named.
    """
    found = list_backups(folder, namespace)
    usable = [info for info in found if info.head]
    cluster = cluster_of(connection)
    for info in usable:
        if info.head and is_of(info.head, cluster, connection.server):
            return info.path
    if usable:
        raise NotFound(
            f'there is no backup of namespace "{namespace}" of this cluster in {folder}',
            f"{usable[0].path} is of {usable[0].server}: give the file to restore it here",
        )
    raise _none(folder, namespace, found)


def cluster_of(connection: Connection) -> str:
    """The uid of its namespace kube-system, "" where that may not be read."""
    try:
        return str(get_namespace(connection, "kube-system")["metadata"]["uid"])
    except (ApiUnauthorized, Unreachable):
        raise
    except NsToolsError:
        return ""


def is_of(head: Head, cluster: str, server: str) -> bool:
    """Whether the backup was made on this cluster; by its address where its uid is not known."""
    return head.cluster == cluster if head.cluster and cluster else head.server == server


def _none(folder: str, namespace: str, broken: list[BackupInfo]) -> NotFound:
    there = [info.namespace for info in list_backups(folder) if info.head]
    return NotFound(
        f'there is no backup of namespace "{namespace}" in {folder}',
        did_you_mean(namespace, there, "there are backups of"),
        [info.problem for info in broken],
    )
