"""What a command knows of its surroundings: the kubeconfig, the context, the way to the cluster."""

import os
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from kubectl_ns_tools.kubeconfig.locations import Locations, locate
from kubectl_ns_tools.kubeconfig.state import cache_folder
from kubectl_ns_tools.kubeconfig.view import View, load_view

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection
    from kubectl_ns_tools.kubeconfig.editing.writer import Writer


class Session:
    """The values of the shared options; everything else is read when it is first asked for.

    request_timeout: seconds for one request, None for the default of the cluster package. plugin_patience:
    seconds for an exec plugin to answer, None for no limit, as where somebody may have to log in.
    """

    def __init__(
        self,
        kubeconfig: str | None = None,
        context: str | None = None,
        request_timeout: float | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self.kubeconfig = kubeconfig
        self.context = context
        self.request_timeout = request_timeout
        self.environ = environ
        self.plugin_patience: float | None = None
        self.is_quiet = False  # of broken files, where a command has a better place to tell of them

    @cached_property
    def locations(self) -> Locations:
        """The kubeconfig files that count, by kubectl's rules."""
        return locate(self.kubeconfig, self.environ)

    @cached_property
    def view(self) -> View:
        """The merged view of the files; broken files have become warnings on stderr."""
        from kubectl_ns_tools.commands.terminal import warn

        view = load_view(self.locations)
        for problem in () if self.is_quiet else view.problems:
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

    def writer(self, dry_run: bool = False) -> "Writer":
        """What changes kubeconfigs, and remembers how to undo it; dry_run: changes nothing."""
        from kubectl_ns_tools.commands.terminal import warn
        from kubectl_ns_tools.kubeconfig.editing.writer import Writer
        from kubectl_ns_tools.kubeconfig.undo.journal import Journal

        return Writer(Journal(self.environ), dry_run, warn)

    def connect(self, *, to_read: bool = False) -> "Connection":
        """A connection to the context's cluster, or to the cluster around us when we run in a pod without
        any kubeconfig, as kubectl does.

        to_read: nothing will be changed there, so that a token which an exec plugin gave to an earlier
        command will do until it expires. Who changes something is asked who he is, as by kubectl.
        """
        from kubectl_ns_tools.cluster.connection import connect, connect_in_cluster

        if self._in_pod:
            return connect_in_cluster(request_timeout=self.request_timeout)
        config = self.view.self_contained(self.context_name)
        cache = cache_folder(self.environ, "credentials") if to_read else ""
        return connect(
            config, request_timeout=self.request_timeout, cache=cache, plugin_patience=self.plugin_patience
        )

    @property
    def _in_pod(self) -> bool:
        return self.context is None and self.view.is_empty and "KUBERNETES_SERVICE_HOST" in self.environ
