from typing import Any

from kubectl_ns_tools.output.object_diff import update_diff, update_rows
from kubectl_ns_tools.templates.inventory import Entry
from kubectl_ns_tools.templates.planning.check import ServedKinds
from kubectl_ns_tools.templates.update.changes import Change, Conflict, shown
from kubectl_ns_tools.templates.update.pruning import Prune
from kubectl_ns_tools.templates.update.update_plan import UpdatePlan
from tests.templates.builders import CONFIGMAPS, SERVED, objects


def change(before: dict[str, Any] | None, after: dict[str, Any], **options: Any) -> Change:
    kind = (before or after)["kind"]
    [manifest] = objects(f"{{apiVersion: v1, kind: {kind}, metadata: {{name: c}}}}")
    return Change(manifest, after, before, after, **options)


def configmap(**data: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": data}


def secret(**data: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "c"}, "data": data}


def plan(
    *changes: Change, prunes: tuple[Prune, ...] = (), secrets: frozenset[str] = frozenset()
) -> UpdatePlan:
    return UpdatePlan("blue", {}, ServedKinds(SERVED, []), changes, prunes, secrets=secrets)


def test_what_stays_is_not_shown() -> None:
    same = plan(change(configmap(a="b"), configmap(a="b")))
    assert (update_diff(same), update_rows([same]), same.differs) == ("", [], False)


def test_a_change_is_a_unified_diff() -> None:
    assert update_diff(plan(change(configmap(a="1", b="x"), configmap(a="2", b="x")))).splitlines() == [
        "--- blue/configmap/c",
        "+++ blue/configmap/c",
        "@@ -3,5 +3,5 @@",
        " metadata:",
        "   name: c",
        " data:",
        "-  a: '1'",
        "+  a: '2'",
        "   b: x",
    ]


def test_of_a_secret_one_sees_which_values_change_and_none_of_them() -> None:
    before, after = secret(a="b2xk", b="c2FtZQ==", gone="eA=="), secret(a="bmV3", b="c2FtZQ==", new="eQ==")
    lines = update_diff(plan(change(before, after))).splitlines()[6:]
    assert lines == [
        "-  a: '*** (before)'",
        "+  a: '*** (after)'",
        "   b: '***'",
        "-  gone: '***'",
        "+  new: '***'",
    ]


def test_secret_values_are_masked_wherever_they_stand() -> None:
    shown_diff = update_diff(
        plan(change(configmap(a="u:hunter22"), configmap(a="w:hunter22")), secrets=frozenset({"hunter22"}))
    )
    assert "hunter22" not in shown_diff
    assert "-  a: u:***\n+  a: w:***" in shown_diff


def test_what_could_steer_a_terminal_is_escaped() -> None:
    assert "\x1b" not in update_diff(plan(change(configmap(a="x"), configmap(a="\x1b[2Jy"))))


def test_what_goes_is_shown_whole() -> None:
    gone = Prune(Entry("v1", "ConfigMap", "old", "1"), CONFIGMAPS, configmap(a="b"))
    assert update_diff(plan(prunes=(gone,))).splitlines()[:2] == ["--- blue/configmap/old", "+++ /dev/null"]
    assert update_rows([plan(prunes=(gone,))]) == [["blue", "configmap/old", "prune"]]


def test_a_row_says_what_would_happen() -> None:
    conflict = Conflict(".data.a", "kubectl-edit", "1", "2")
    changes = (
        change(configmap(a="1"), configmap(a="2")),
        change(configmap(a="1"), configmap(a="2"), conflicts=(conflict,)),
        change(None, configmap(a="2")),
    )
    assert [row[2] for row in update_rows([plan(*changes)])] == [
        "configure", "configure, in conflict with kubectl-edit", "create",
    ]  # fmt: skip


def test_the_servers_own_is_no_part_of_an_object() -> None:
    annotations = {"kubectl.kubernetes.io/last-applied-configuration": "secret"}
    metadata = {"name": "c", "uid": "1", "resourceVersion": "2", "managedFields": [], "generation": 3}
    metadata |= {"creationTimestamp": "x", "annotations": annotations}
    live = {"kind": "ConfigMap", "metadata": metadata, "data": {}, "status": {}}
    assert shown(live) == {"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {}}
