import pytest

from kubectl_ns_tools.deletion.progress import Progress, State
from kubectl_ns_tools.deletion.remaining import Remaining
from kubectl_ns_tools.deletion.stuck.conditions import bad_conditions
from kubectl_ns_tools.output.progress import progress_line
from tests.deletion.builders import configmap, inventory, pod, terminating

LEFT = inventory(pod("a"), pod("b"), configmap("c")).counts()
CONDITIONS = bad_conditions(
    terminating()
    .condition("NamespaceContentRemaining", "Some resources are remaining: pods. has 2")
    .condition(
        "NamespaceDeletionContentFailure", "Failed to delete all resource types, 1 remaining: etcd is ill\x1b"
    )
    .object
)
LINES = {
    "objects": (Progress(State.GOING, Remaining(LEFT)), "1 configmaps, 2 pods left"),
    "nothing": (Progress(State.GOING), "nothing left, the namespace itself is to go"),
    "not counted": (
        Progress(State.GOING, Remaining(LEFT, ("secrets",))),
        "1 configmaps, 2 pods left, not counted: secrets",
    ),
    "only not counted": (
        Progress(State.GOING, Remaining((), ("secrets",))),
        "nothing left, not counted: secrets",
    ),
    "complaints of the controller, but not about what remains": (
        Progress(State.GOING, Remaining(LEFT), CONDITIONS),
        "1 configmaps, 2 pods left; not everything could be deleted: etcd is ill\\x1b",
    ),
    "no answer": (
        Progress(State.OUT_OF_SIGHT, problem="no route"),
        "no answer at present (no route)",
    ),
}


@pytest.mark.parametrize(("progress", "text"), LINES.values(), ids=LINES)
def test_a_look_is_one_line(progress: Progress, text: str) -> None:
    assert progress_line("blue", progress) == f'waiting for namespace "blue": {text}'


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (State.GONE, 'namespace "blue" is gone'),
        (
            State.RECREATED,
            'namespace "blue" is gone; another one of the same name has been created since',
        ),
    ],
    ids=["gone", "re-created"],
)
def test_the_last_look_says_how_it_ended(state: State, text: str) -> None:
    assert progress_line("blue", Progress(state)) == text
