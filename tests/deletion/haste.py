"""For tests of what is told when the time is up."""

from pytest_mock import MockerFixture

from kubectl_ns_tools.deletion import progress, timebox


def without_haste(mocker: MockerFixture) -> None:
    """The last look, and finding out the reason, may then take as long as a busy machine needs."""
    mocker.patch.object(timebox, "LEAST", 120.0)
    mocker.patch.object(progress, "DIAGNOSIS", 120.0)
