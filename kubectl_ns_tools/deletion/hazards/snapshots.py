"""What becomes of volume snapshots (CRDs of kubernetes-csi/external-snapshotter)."""

from collections.abc import Iterator, Mapping, Sequence
from shlex import quote
from typing import Any

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from kubectl_ns_tools.deletion.hazards.scene import CannotSee, Scene
from kubectl_ns_tools.deletion.hazards.wording import doing, label

SNAPSHOTS = "volumesnapshots.snapshot.storage.k8s.io"
CONTENTS = "volumesnapshotcontents.snapshot.storage.k8s.io"

Object = Mapping[str, Any]


def check(scene: Scene) -> Iterator[Hazard]:
    """By the deletion policy of the content that a snapshot is bound to."""
    bound = {content: snap for snap in scene.here(SNAPSHOTS) if (content := _content_of(snap))}
    if not bound:
        return
    try:
        contents = {content["metadata"]["name"]: content for content in scene.everywhere(CONTENTS)}
    except CannotSee:
        yield _destroyed(
            bound, "unless the deletion policy of its content, which you may not read, is Retain"
        )
        raise
    kept = [contents[name] for name in bound if name in contents and _is_kept(contents[name])]
    lost = {name: bound[name] for name in bound if name in contents and not _is_kept(contents[name])}
    if lost:
        yield _destroyed(lost, "its deletion policy is Delete")
    if kept:
        yield _left([label(content) for content in kept])


def _content_of(snapshot: Object) -> str:
    status, source = snapshot.get("status") or {}, (snapshot.get("spec") or {}).get("source") or {}
    return str(status.get("boundVolumeSnapshotContentName") or source.get("volumeSnapshotContentName") or "")


def _is_kept(content: Object) -> bool:
    return bool((content.get("spec") or {}).get("deletionPolicy") == "Retain")


def _destroyed(bound: Mapping[str, Object], why: str) -> Hazard:
    """bound: snapshots by the name of their content."""
    names = [label(snap) for snap in bound.values()]
    contents = " ".join(quote(content) for content in bound)
    return Hazard(
        "snapshots",
        Severity.DANGER,
        Effect.DESTROYS,
        f"{doing(names, 'is', 'are')} destroyed with what was saved: {why}",
        tuple(names),
        f"kubectl patch volumesnapshotcontent {contents} --type=merge "
        """-p '{"spec":{"deletionPolicy":"Retain"}}' keeps it""",
    )


def _left(contents: Sequence[str]) -> Hazard:
    names = " ".join(quote(content) for content in contents)
    return Hazard(
        "snapshots",
        Severity.WARNING,
        Effect.LEAVES,
        f"{doing(contents, 'stays', 'stay')} behind: the deletion policy is Retain",
        tuple(contents),
        f"when nobody needs the snapshot: kubectl delete {names}, and free the storage behind it",
    )
