import pytest

from tests.e2e.transcript import commands, normalised, replayed, with_blocks_of

DOCUMENT = """\
text
```console
$ one
old
$ two \\
  more
```
    $ three
"""


def test_commands_are_found_and_their_output_replaced() -> None:
    assert commands(DOCUMENT) == ["one", "two \\\n  more"]
    assert replayed(DOCUMENT, lambda line: f"ran {line.split()[0]}\n") == (
        "text\n```console\n$ one\nran one\n$ two \\\n  more\nran two\n```\n    $ three\n"
    )


def test_a_translation_gets_the_blocks_of_the_original() -> None:
    translation = DOCUMENT.replace("text", "글").replace("old", "older")
    assert with_blocks_of(DOCUMENT, translation) == DOCUMENT.replace("text", "글")
    with pytest.raises(AssertionError, match="fewer"):
        with_blocks_of(DOCUMENT, "글\n")


def test_how_much_is_in_kube_system_does_not_count() -> None:
    one = "```console\n$ kubectl ns-status {}\nroles   {}\n```\nroles   5\n"
    assert normalised(one.format("kube-system", 3)) == normalised(one.format("kube-system", 12))
    assert normalised(one.format("blue", 3)) != normalised(one.format("blue", 12))


def test_what_differs_from_run_to_run_does_not_count() -> None:
    one = "blue    5s\nhttps://127.0.0.1:1\n[0s] waiting\nuid 123e4567-e89b-12d3-a456-426614174000\n"
    other = "blue   12m\nhttps://127.0.0.1:45678\nuid 99999999-e89b-12d3-a456-426614174999\n"
    assert normalised(one) == normalised(other)
    looks_like_an_age = "pod/web-7887448d46-2456d of 123e4567-123d-42d3-8566-426614174000\n"
    assert normalised(looks_like_an_age) == "pod/web-HASH of UID\n"
    assert normalised("blue  Active\n") != normalised("blue  Terminating\n")
