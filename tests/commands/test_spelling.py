import pytest

from kubectl_ns_tools.commands.spelling import respelled

SPELLINGS = {
    "a bare dry run, so that the name stays a name": (["--dry-run", "blue"], ["--dry-run=client", "blue"]),
    "a dry run with its mode": (["blue", "--dry-run=server"], ["blue", "--dry-run=server"]),
    "not to wait": (["--wait=false"], ["--no-wait"]),
    "to wait": (["--wait=true"], ["--wait"]),
    "arguments that look like flags": (["--", "--dry-run"], ["--", "--dry-run"]),
    "none": ([], []),
}


@pytest.mark.parametrize(("typed", "read"), SPELLINGS.values(), ids=SPELLINGS)
def test_flags_are_read_as_kubectl_reads_them(typed: list[str], read: list[str]) -> None:
    assert respelled(typed) == read
