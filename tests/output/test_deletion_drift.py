from kubectl_ns_tools.deletion.plan_files.drift import Drift
from kubectl_ns_tools.output.deletion_drift import drift_lines


def test_each_change_is_a_line_with_its_sign() -> None:
    drift = Drift(("configmap/new",), ("configmap/old",), ("secret/s (deleted and created anew)",))
    assert drift_lines(drift) == [
        "+ configmap/new",
        "- configmap/old",
        "~ secret/s (deleted and created anew)",
    ]


def test_of_many_the_first_are_shown() -> None:
    lines = drift_lines(Drift(tuple(f"configmap/{index}" for index in range(25))))
    assert lines[19:] == ["+ configmap/19", "and 5 more"]
