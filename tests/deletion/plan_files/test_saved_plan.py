import pytest

from kubectl_ns_tools.deletion.plan_files.saved_plan import Cluster


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Cluster("https://a", "1"), Cluster("https://b", "1"), True),
        (Cluster("https://a", "1"), Cluster("https://a", "2"), False),
        (Cluster("https://a", ""), Cluster("https://a", "2"), True),
        (Cluster("https://a", ""), Cluster("https://b", ""), False),
        (Cluster("https://a", "1"), Cluster("https://b", ""), False),
    ],
)
def test_the_uid_decides_which_cluster_it_is_and_else_the_address(
    one: Cluster, other: Cluster, same: bool
) -> None:
    assert one.is_same(other) is same
    assert other.is_same(one) is same
