"""The second half of a deletion: delete exactly the namespace of the plan. progress follows it to its end."""

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiConflict
from kubectl_ns_tools.cluster.namespaces import NAMESPACES, get_namespace
from kubectl_ns_tools.cluster.objects import delete_object
from kubectl_ns_tools.deletion.plan import DeletionPlan
from kubectl_ns_tools.errors import Refused


def delete(connection: Connection, plan: DeletionPlan, *, dry_run: bool = False) -> tuple[str, ...]:
    """Asks the server to delete the namespace of the plan and no other. A dry run asks admission only.

    Returns the server's warnings about it. Raises Refused when the namespace was re-created since the plan
    was made, ApiNotFound when it is gone.
    """
    known = tuple(connection.warnings)  # of the preview's lists: deprecated kinds, no news to anybody
    try:
        delete_object(connection, NAMESPACES, plan.namespace, uid=plan.uid, dry_run=dry_run)
    except ApiConflict as error:
        _explain_conflict(connection, plan, error)
    return tuple(warning for warning in connection.warnings if warning not in known)


def _explain_conflict(connection: Connection, plan: DeletionPlan, error: ApiConflict) -> None:
    """A conflict is either another uid, or an old server that has the namespace Terminating already."""
    metadata = get_namespace(connection, plan.namespace)["metadata"]
    if metadata["uid"] != plan.uid:
        raise Refused(
            f'namespace "{plan.namespace}" was deleted and re-created since the preview; nothing was deleted',
            f"the preview was of uid {plan.uid}, now there is {metadata['uid']}: look again",
        ) from error
    if not metadata.get("deletionTimestamp"):
        raise error
