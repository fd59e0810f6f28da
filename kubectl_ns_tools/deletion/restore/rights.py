"""Whether the person may create all of a plan, asked before anything is written."""

from collections.abc import Iterator

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiError, ApiUnauthorized
from kubectl_ns_tools.cluster.namespaces import NAMESPACES
from kubectl_ns_tools.cluster.parallel import in_parallel
from kubectl_ns_tools.cluster.permissions import Access, is_allowed
from kubectl_ns_tools.deletion.inventory import WORKERS
from kubectl_ns_tools.deletion.restore.plan import Action, RestorePlan
from kubectl_ns_tools.errors import Refused

_VERBS = {Action.CREATE: "create", Action.MERGE: "patch"}


def refuse_forbidden(connection: Connection, plan: RestorePlan) -> None:
    """Raises Refused, naming every kind that the person may not create. A server that cannot say is taken to
    allow it: it will say so when it is asked to do it."""
    wanted = list(dict.fromkeys(_wanted(plan)))
    allowed = in_parallel(lambda access: _is_allowed(connection, access), wanted, workers=WORKERS)
    denied = [access for access, may in zip(wanted, allowed, strict=True) if not may]
    if not denied:
        return
    names = [f"{access.resource}.{access.group}".rstrip(".") for access in denied]
    inside = [name for name, access in zip(names, denied, strict=True) if access.namespace]
    leave_out = f"--except {','.join(inside)} leaves them out" if inside == names else ""
    raise Refused(
        f'you may not restore all of this into namespace "{plan.namespace}"; nothing was written',
        leave_out or "ask an administrator for these rights",
        [f"you may not {access.verb} {name}" for access, name in zip(denied, names, strict=True)],
    )


def _wanted(plan: RestorePlan) -> Iterator[Access]:
    if not plan.live:
        yield Access("create", NAMESPACES.group, NAMESPACES.name)
    for step in plan.writing:
        yield Access(_VERBS[step.action], step.target.group, step.target.name, plan.namespace)


def _is_allowed(connection: Connection, access: Access) -> bool:
    try:
        return is_allowed(connection, access)
    except ApiUnauthorized:
        raise
    except ApiError:
        return True
