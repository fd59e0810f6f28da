"""What a command knows of its surroundings: the kubeconfig, the context, the way to the cluster."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from kubectl_ns_tools.kubeconfig.journal import Journal
from kubectl_ns_tools.kubeconfig.locations import Locations, locate
from kubectl_ns_tools.kubeconfig.view import View, load_view
from kubectl_ns_tools.kubeconfig.writer import Writer

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection


@dataclass
class Session:
    """The values of the shared options; everything else is read when it is first asked for.

    request_timeout: seconds for one request, None for the default of the cluster package.
    """

    kubeconfig: str | None = None
    context: str | None = None
    request_timeout: float | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @cached_property
    def locations(self) -> Locations:
        """The kubeconfig files that count, by kubectl's rules."""
        return locate(self.kubeconfig, self.environ)

    @cached_property
    def view(self) -> View:
        """The merged view of the files; broken files have become warnings on stderr."""
        from kubectl_ns_tools.commands.terminal import warn

        view = load_view(self.locations)
        for problem in view.problems:
            warn(problem)
        return view

    @property
    def context_name(self) -> str:
        """The context in use: the flag's, else the current one. Raises NotFound if none is set."""
        return self.context or self.view.require_current()

    @property
    def namespace(self) -> str:
        """The namespace in use: the context's, in a pod without kubeconfig the pod's, else `default`."""
        if self._in_pod:
            from kubectl_ns_tools.cluster.connection import namespace_of_pod

            return namespace_of_pod()
        return self.view.namespace_of(self.context_name)

    def writer(self, dry_run: bool = False) -> Writer:
        """What changes kubeconfigs, and remembers how to undo it; dry_run: changes nothing."""
        return Writer(Journal(self.environ), dry_run)

    def connect(self) -> "Connection":
        """A connection to the context's cluster, or to the cluster around us when we run in a pod without
        any kubeconfig, as kubectl does."""
        from kubectl_ns_tools.cluster.connection import connect, connect_in_cluster

        if self._in_pod:
            return connect_in_cluster(request_timeout=self.request_timeout)
        config = self.view.self_contained(self.context_name)
        return connect(config, request_timeout=self.request_timeout)

    @property
    def _in_pod(self) -> bool:
        return self.context is None and self.view.is_empty and "KUBERNETES_SERVICE_HOST" in self.environ
