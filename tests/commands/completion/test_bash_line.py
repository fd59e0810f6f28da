"""How a line is read in bash, and what bash is to put there."""

import pytest

from kubectl_ns_tools.commands.completion.bash_line import read, replies
from kubectl_ns_tools.commands.completion.protocol import Suggestion, Suggestions

BREAKS = " \t\n\"'@><=;|&(:"
CALL = "kubectl-ctx_switch "


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a", ["a"]),
        ("a ", ["a", ""]),
        ("", [""]),
        ("'a b' c", ["a b", "c"]),
        (r"a\ b", ["a b"]),
        (r'"a\"b\c" d', [r'a"b\c', "d"]),
        ("'a b", ["a b"]),
        ("--context='a b' \"\" x", ["--context=a b", "", "x"]),
        ("$(touch x) `y`", ["$(touch", "x)", "`y`"]),
    ],
)
def test_words(line: str, words: list[str]) -> None:
    assert read(CALL + line).words == words


def test_the_commands_own_name_may_be_a_path_behind_variables() -> None:
    assert read("KUBECONFIG=x ~/bin/kubectl-ctx_switch a").words == ["a"]


@pytest.mark.parametrize(
    ("typed", "value", "put"),
    [
        ("", "a:b", "a:b"),
        ("a:", "a:b:c", "b:c"),
        ("a:b", "a:b:c", "b:c"),
        ("'a:b", "a:b:c", "a:b:c"),
        (r"a\:b", "a:b:c", "a:b:c"),
        ("x@", "x@y", "x@y"),
        ("--context=", "a b", r"a\ b"),
        ("--context=a:", "a:b", "b"),
        ("--context='a", "a b", "a b"),
        ("KEY=", "KEY=a b", r"a\ b"),
        ("i", "it's", r"it\'s"),
        ("'i", "it's", r"it'\''s"),
        ('"', '$(x) `y` "\\', r"\$(x) \`y\` \"\\"),
        ("", "$(x);~!", r"\$\(x\)\;\~\!"),
        ("", "예시", "예시"),
    ],
)
def test_what_bash_puts_there(typed: str, value: str, put: str) -> None:
    assert [*replies(Suggestions([Suggestion(value)]), read(CALL + typed), BREAKS)] == ["4", put]


@pytest.mark.parametrize(("typed", "value"), [("b", "ab"), ('"', "a!b"), ("", "a\nb"), ("", "a\x1b[2Jb")])
def test_what_cannot_be_put_there(typed: str, value: str) -> None:
    assert [*replies(Suggestions([Suggestion(value)]), read(CALL + typed), BREAKS)] == ["4"]


def test_a_user_may_have_taken_a_character_out_of_those_that_break() -> None:
    assert [*replies(Suggestions([Suggestion("a:b")]), read(f"{CALL}a:"), " ")] == ["4", "a:b"]
