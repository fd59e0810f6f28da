"""What commands do to kubeconfigs: by our room, and by kubectl, for the same outcome."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from kubectl_ns_tools.kubeconfig.changes import set_context, set_namespace, use_context
from kubectl_ns_tools.kubeconfig.deleting import delete_contexts, plan_deletion
from kubectl_ns_tools.kubeconfig.editing.writer import Writer
from kubectl_ns_tools.kubeconfig.renaming import plan_renaming, rename_context
from kubectl_ns_tools.kubeconfig.view import View
from tests.kubeconfig.properties.kubeconfigs import names, namespaces


@dataclass(frozen=True)
class Operation:
    """ours: on a view; kubectl: the arguments of `kubectl config`; is_deletion: of the context `name`."""

    name: str
    ours: Callable[[View, Writer], object]
    kubectl: tuple[str, ...]
    is_deletion: bool = False

    def __repr__(self) -> str:
        return " ".join(self.kubectl)


def switch(name: str) -> Operation:
    return Operation(name, lambda view, writer: use_context(view, writer, name), ("use-context", "--", name))


def switch_with_namespace(name: str, namespace: str) -> Operation:
    return Operation(
        name,
        lambda view, writer: set_namespace(view, writer, view.context(name).name, namespace),
        ("set-context", f"--namespace={namespace}", "--", name),
    )


def unset_fields(name: str) -> Operation:
    return Operation(
        name,
        lambda view, writer: set_context(
            view, writer, view.context(name).name, {}, unset=("namespace", "user")
        ),
        ("set-context", "--namespace=", "--user=", "--", name),
    )


def create_or_modify(name: str, cluster: str, user: str, namespace: str) -> Operation:
    fields = {"cluster": cluster, "user": user} | ({"namespace": namespace} if namespace else {})
    options = (f"--{key}={value}" for key, value in fields.items())
    return Operation(
        name,
        lambda view, writer: set_context(view, writer, name, fields),
        ("set-context", *options, "--", name),
    )


def rename(name: str, new: str) -> Operation:
    def ours(view: View, writer: Writer) -> None:
        rename_context(plan_renaming(view, name, new), view, writer)

    return Operation(name, ours, ("rename-context", "--", name, new))


def delete(name: str) -> Operation:
    def ours(view: View, writer: Writer) -> None:
        delete_contexts(plan_deletion(view, [view.context(name).name]), view, writer)

    return Operation(name, ours, ("delete-context", "--", name), is_deletion=True)


@st.composite
def operations_on(draw: st.DrawFn, view: View) -> Operation:
    """One that can be done in this view, or that kubectl and we refuse."""
    existing = st.sampled_from(sorted(view.contexts)) if view.contexts else st.nothing()
    anyone = existing | existing | names
    kinds = [st.builds(switch, anyone), st.builds(rename, anyone, names | anyone), st.builds(delete, anyone)]
    if view.contexts:
        kinds += [st.builds(switch_with_namespace, existing, namespaces), st.builds(unset_fields, existing)]
    if view.clusters and view.users:
        clusters, users = (st.sampled_from(sorted(entries)) for entries in (view.clusters, view.users))
        kinds.append(st.builds(create_or_modify, anyone, clusters, users, namespaces | st.just("")))
    return draw(st.one_of(kinds))
