"""Parameters that are filled in for every template, without being asked for.

NAMESPACE, REQUESTER (who the API server says you are), CONTEXT and DATE (today in UTC, 2026-01-31); EXPIRES
(the moment when TTL is over) for a template that has a parameter TTL; and what OpenShift fills in for its
project-request templates (openshift-apiserver, pkg/project/apiserver/registry/projectrequest/delegated):
PROJECT_NAME, PROJECT_REQUESTING_USER and PROJECT_ADMIN_USER where the template declares them. Its
PROJECT_DISPLAYNAME and PROJECT_DESCRIPTION come from the request there, and are ordinary parameters here.

Nobody gives NAMESPACE or PROJECT_NAME. What else a template declares under one of these names is its own
parameter, with our value as its last default. REQUESTER and CONTEXT may be given when we do not know them.
"""

import functools
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiNotFound
from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.templates.parameters.lifetime import expiry

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

NAMESPACES = frozenset({"NAMESPACE", "PROJECT_NAME"})
_PROJECTS = frozenset({"PROJECT_NAME", "PROJECT_REQUESTING_USER", "PROJECT_ADMIN_USER"})
MAY_BE_UNKNOWN = frozenset({"CONTEXT", "REQUESTER"})


class NotKnown(Exception):
    """A value that cannot be filled in; the text says why."""


@dataclass(frozen=True)
class Surroundings:
    """Where and when a template is filled in, and by whom. at: in UTC. The functions raise NotKnown."""

    at: datetime
    context: Callable[[], str]
    requester: Callable[[], str]

    def value(self, name: str, namespace: str | None) -> str:
        """What is filled in for a name of `filled_names`, EXPIRES aside. Raises NotKnown."""
        if name in NAMESPACES:
            if namespace is None:
                raise NotKnown("the namespace is not named yet: kubectl ns-create NAME")
            return namespace
        if name == "DATE":
            return self.at.strftime("%Y-%m-%d")
        return self.context() if name == "CONTEXT" else self.requester()

    def expiry(self, lifetime: str) -> str:
        """When a namespace ends that lives for so long from now on, "" for one without an end."""
        try:
            return expiry(lifetime, self.at) if lifetime else ""
        except ValueError as error:
            raise NotKnown(f"TTL: {error}") from error


def filled_names(declared: Collection[str]) -> set[str]:
    """The names that are filled in, for templates that declare these."""
    expires = {"EXPIRES"} if "TTL" in declared and "EXPIRES" not in declared else set()
    return {"NAMESPACE", "DATE", *MAY_BE_UNKNOWN, *expires, *_PROJECTS.intersection(declared)}


def requester_of(connect: Callable[[], "Connection"], *, offline: bool) -> Callable[[], str]:
    """Who the API server says we are, asked once and only when it is called.

    offline: whether a cluster may be missing, so that no trouble with it is an error. A server that does not
    tell (Kubernetes before 1.27), or does not want to, is none in any case.
    """
    accepted = NsToolsError if offline else (ApiForbidden, ApiNotFound)

    @functools.cache
    def ask() -> tuple[str, str]:
        from kubectl_ns_tools.cluster.permissions import who_am_i

        try:
            return who_am_i(connect()), ""
        except accepted as error:
            return "", error.message

    def requester() -> str:
        name, why = ask()
        if not name:
            raise NotKnown(
                f"the API server does not say who you are ({why})" if why else "the API server gives no name"
            )
        return name

    return requester
