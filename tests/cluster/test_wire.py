"""The form of requests and answers."""

import pytest

from kubectl_ns_tools.cluster.wire import split_lines, target, warning_texts


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (None, "/x"),
        ({}, "/x"),
        ({"labelSelector": "a in (b,c)", "limit": "5"}, "/x?labelSelector=a+in+%28b%2Cc%29&limit=5"),
    ],
    ids=["none", "empty", "quoted"],
)
def test_a_target_is_path_and_query(query: dict[str, str] | None, expected: str) -> None:
    assert target("/x", query) == expected


@pytest.mark.parametrize(
    ("pieces", "lines"),
    [
        ([], []),
        ([b"a\nb\n"], [b"a", b"b"]),
        ([b"a", b"b\n", b"c"], [b"ab", b"c"]),
        ([b"\n\n a \n"], [b"a"]),
    ],
    ids=["nothing", "two at once", "across pieces", "blank"],
)
def test_lines_come_whole(pieces: list[bytes], lines: list[bytes]) -> None:
    assert list(split_lines(pieces)) == lines


@pytest.mark.parametrize(
    ("header", "texts"),
    [
        ('299 - "a"', ["a"]),
        ('299 - "a, b", 299 kube-apiserver "say \\"hi\\""', ["a, b", 'say "hi"']),
        ('110 - "stale"', []),
        ("", []),
    ],
    ids=["one", "two, joined", "a cache's", "empty"],
)
def test_warnings_are_taken_out_of_their_header(header: str, texts: list[str]) -> None:
    assert warning_texts(header) == texts
