"""The same operation by the real kubectl and by us has the same outcome; and undo brings the bytes back."""

from collections.abc import Callable
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.kubeconfig.properties.judge import Judge
from tests.kubeconfig.properties.kubeconfigs import kubeconfigs
from tests.kubeconfig.properties.operations import operations_on

files = kubeconfigs.map(str.encode)
some_files = st.lists(files | files | files | st.none() | st.just(b""), min_size=1, max_size=3)


@given(st.data())
def test_operations_have_the_outcome_that_they_have_by_kubectl(
    fresh_folder: Callable[[], Path], kubectl_path: Path, data: st.DataObject
) -> None:
    judge = Judge(fresh_folder(), kubectl_path, data.draw(some_files, "files"))
    judge.check_views()
    for _ in range(data.draw(st.integers(1, 3), "how many")):
        judge.check(data.draw(operations_on(judge.view), "operation"))
