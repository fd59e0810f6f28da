"""Back up, delete, restore, back up again: the two archives hold the same."""

import pytest

from kubectl_ns_tools.deletion.restore.report import Outcome
from tests.controlplane.servers import wait_until
from tests.deletion.restore.conftest import Bring, Save, contents, delete
from tests.deletion.restore.house import House

pytestmark = pytest.mark.integration


def test_a_whole_house_comes_back_as_it_was(house: House, save: Save, bring: Bring) -> None:
    house.furnish()
    first = save(house.name)
    delete(house.world)
    report = bring(first)
    assert report.of(Outcome.FAILED) == ()
    assert {result.label for result in report.of(Outcome.SKIPPED)} == {"job.batch/done"}
    assert report.lost == ()
    wait_until(lambda: house.claim("data")["status"]["phase"] == "Bound")
    wait_until(lambda: len(house.world.pods()) >= 5)
    again = bring(first)
    assert again.of(Outcome.RESTORED) == ()
    assert again.of(Outcome.FAILED) == ()
    assert {result.label for result in again.of(Outcome.SKIPPED)} == {"job.batch/done"}
    before, after = contents(first), contents(save(house.name))
    for part in before.values():
        part.pop("objects/jobs.batch/done.yaml", None)
    assert after == before
