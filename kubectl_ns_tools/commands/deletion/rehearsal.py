"""--dry-run=server: what the server would say to each step."""

from kubectl_ns_tools.commands.deletion.cases import Case
from kubectl_ns_tools.commands.terminal import warn
from kubectl_ns_tools.errors import Refused


def rehearse(case: Case) -> None:
    """Asks the server, which changes nothing. Raises what it refuses."""
    found, connection = case.measures, case.connection
    if found.workloads:
        from kubectl_ns_tools.deletion.measures.scaling import scale_down

        scale_down(connection, found.workloads, dry_run=True)
    if found.volumes:
        from kubectl_ns_tools.deletion.measures.retaining import retain

        retain(connection, found.volumes, dry_run=True)
    if found.custom:
        from kubectl_ns_tools.deletion.measures.custom_first import rehearse_custom

        rehearse_custom(connection, found.custom)
    if found.part:
        _rehearse_part(case)
        return
    from kubectl_ns_tools.deletion.execution import delete

    for text in delete(connection, case.plan, dry_run=True):
        warn(text)


def _rehearse_part(case: Case) -> None:
    from kubectl_ns_tools.deletion.measures.partial import delete_items

    assert case.measures.part
    removals = delete_items(case.connection, case.measures.part, dry_run=True)
    failed = [f"{removal.item.label}: {removal.message}" for removal in removals if not removal.done]
    if failed:
        raise Refused(f"{len(failed)} objects would not be deleted", "", failed)
