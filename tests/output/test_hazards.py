import pytest

from kubectl_ns_tools.deletion.hazards.hazard import NO_HAZARDS, Effect, HazardReport, Unchecked
from kubectl_ns_tools.output.hazards import (
    VERDICTS,
    hazards_data,
    hazards_phrase,
    hazards_text,
    objects_to_show,
    unchecked_data,
    unchecked_text,
    verdicts,
)
from tests.output.builders import danger, forbidden, note, report, warning

CLAIMS = tuple(f"persistentvolumeclaim/data-{index}" for index in range(7))
LOST = danger("volumes", "the data of 7 volumes is destroyed", *CLAIMS, remedy="--retain-volumes keeps it")
STUCK = danger("finalizers", "nobody acts on x.io/f", "widget.x.io/a", effect=Effect.BLOCKS)
LEFT = warning("volumes", "1 volume is left", "persistentvolume/pv-1", remedy="kubectl delete pv pv-1")
USED = note("usage", "2 pods run in it")


def test_hazards_stand_under_their_severity_with_objects_and_remedy() -> None:
    assert hazards_text([LOST, STUCK, LEFT, USED]) == (
        "DANGER\n"
        "  the data of 7 volumes is destroyed\n"
        "    persistentvolumeclaim/data-0\n"
        "    persistentvolumeclaim/data-1\n"
        "    persistentvolumeclaim/data-2\n"
        "    persistentvolumeclaim/data-3\n"
        "    persistentvolumeclaim/data-4\n"
        "    and 2 more\n"
        "    to do: --retain-volumes keeps it\n"
        "  nobody acts on x.io/f\n"
        "    widget.x.io/a\n"
        "WARNING\n"
        "  1 volume is left\n"
        "    persistentvolume/pv-1\n"
        "    to do: kubectl delete pv pv-1\n"
        "INFO\n"
        "  2 pods run in it"
    )


@pytest.mark.parametrize(
    ("summary", "objects", "shown"),
    [
        ("pod/a may take 60m to end", ("pod/a",), ()),
        ("held are pod/a, pod/b", ("pod/a", "pod/b"), ()),
        ("pod/a and 1 more wait", ("pod/a", "pod/b"), ("pod/a", "pod/b")),
        ("pod/a-1 may take 60m to end", ("pod/a",), ("pod/a",)),
        ("xpod/a may take 60m to end", ("pod/a",), ("pod/a",)),
        ("role.x.io/a -n green: it refers to it", ("role.x.io/a -n green",), ()),
        ("2 pods run in it", (), ()),
    ],
)
def test_objects_that_the_summary_names_are_not_listed_again(
    summary: str, objects: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    assert objects_to_show(danger("x", summary, *objects)) == shown


def test_the_worst_comes_first_whatever_the_order() -> None:
    assert hazards_text([USED, LEFT, STUCK]) == hazards_text([STUCK, LEFT, USED])


def test_everything_shows_all_objects() -> None:
    text = hazards_text([LOST], everything=True)
    assert [line.strip() for line in text.splitlines()[2:-1]] == list(CLAIMS)


@pytest.mark.parametrize(
    "hostile",
    [
        danger("x", "a\x1b[2J\nDANGER", "b\u202ec", remedy="d\x07"),
        danger("x", "a", "\x9b31m\n  fake", remedy="\r\ud800"),
    ],
)
def test_nothing_of_a_hazard_reaches_the_terminal_raw(hostile) -> None:
    for text in (hazards_text([hostile]), hazards_text([hostile], everything=True)):
        assert all(character.isprintable() or character == "\n" for character in text)
        assert len(text.splitlines()) == 4


def test_what_was_not_checked_is_told_once_with_all_that_needed_it() -> None:
    gaps = [
        forbidden("volumes", "persistentvolumes"),
        forbidden("usage", "events"),
        forbidden("references", "persistentvolumes"),
        Unchecked("webhooks", "webhooks", "timed out\x1b[2J"),
    ]
    assert unchecked_text(gaps).splitlines() == [
        "NOT CHECKED: persistentvolumes (forbidden), needed for: volumes, references",
        "NOT CHECKED: events (forbidden), needed for: usage",
        "NOT CHECKED: webhooks (timed out\\x1b[2J)",
    ]


@pytest.mark.parametrize(
    ("found", "phrase"),
    [
        (NO_HAZARDS, "none found"),
        (report(LOST, STUCK, LEFT, USED), "2 dangers, 1 warning, 1 note"),
        (report(forbidden("volumes", "secrets")), "none found; 1 not checked"),
        (report(USED, USED, forbidden("a", "b"), forbidden("a", "c")), "2 notes; 2 not checked"),
    ],
)
def test_how_many_there_are_is_a_phrase(found: HazardReport, phrase: str) -> None:
    assert hazards_phrase(found) == phrase


def test_verdicts_name_what_each_effect_falls_on() -> None:
    again = danger("pods", "more of the same", CLAIMS[0], "pod/x")
    returns = note("gitops", "Argo CD makes it again", effect=Effect.RETURNS)
    assert list(verdicts(report(USED, returns, LOST, LEFT, STUCK, again))) == [
        ("LOST FOR GOOD", f"{CLAIMS[0]}, {CLAIMS[1]}, pod/x, {CLAIMS[2]}, {CLAIMS[3]} and 3 more"),
        ("WILL BE STUCK", "widget.x.io/a"),
        ("LEFT BEHIND", "persistentvolume/pv-1"),
        ("COMES BACK", "Argo CD makes it again"),
    ]


def test_a_verdict_names_the_first_object_of_every_hazard_before_the_others() -> None:
    found = [
        danger("webhooks", "x", f"webhook/{index}", "service/a", effect=Effect.BLOCKS) for index in range(4)
    ]
    assert list(verdicts(report(*found))) == [
        ("WILL BE STUCK", "webhook/0, webhook/1, webhook/2, webhook/3, service/a")
    ]


def test_every_effect_but_a_note_has_a_verdict() -> None:
    assert set(VERDICTS) == set(Effect) - {Effect.NOTES}


def test_data_is_complete_and_not_escaped() -> None:
    assert hazards_data([STUCK, LEFT]) == [
        {
            "check": "finalizers",
            "severity": "danger",
            "effect": "blocks",
            "summary": "nobody acts on x.io/f",
            "objects": ["widget.x.io/a"],
            "remedy": None,
        },
        {
            "check": "volumes",
            "severity": "warning",
            "effect": "leaves-behind",
            "summary": "1 volume is left",
            "objects": ["persistentvolume/pv-1"],
            "remedy": "kubectl delete pv pv-1",
        },
    ]
    assert unchecked_data([forbidden("usage", "events")]) == [
        {"check": "usage", "what": "events", "reason": "forbidden"}
    ]
