from kubectl_ns_tools.deletion.ownership import Forest, grow
from tests.deletion.builders import Thing, configmap, deployment, pod, replicaset


def forest(*things: Thing) -> Forest:
    return grow([thing.item for thing in things])


def roots(found: Forest) -> list[str]:
    return [item.label for item in found.roots]


def under(found: Forest, owner: Thing) -> list[str]:
    return [item.label for item in found.children.get(owner.item.uid, ())]


def test_objects_hang_under_their_owners() -> None:
    web, alone = deployment("web"), configmap("alone")
    old, new = replicaset("web-1").owned_by(web), replicaset("web-2").owned_by(web)
    found = forest(alone, web, pod("a").owned_by(new), pod("b").owned_by(new), old, new)
    assert roots(found) == ["configmap/alone", "deployment.apps/web"]
    assert under(found, web) == ["replicaset.apps/web-1", "replicaset.apps/web-2"]
    assert under(found, new) == ["pod/a", "pod/b"]
    assert found.notes == {}


def test_the_controller_wins_over_other_owners() -> None:
    first, second = deployment("first"), deployment("second")
    child = pod("a").owned_by(first, controller=False).owned_by(second)
    assert under(forest(first, second, child), second) == ["pod/a"]


def test_an_absent_controller_leaves_the_object_to_an_owner_that_is_here() -> None:
    here, elsewhere = deployment("here"), deployment("elsewhere")
    found = forest(here, pod("a").owned_by(elsewhere).owned_by(here, controller=False))
    assert under(found, here) == ["pod/a"]
    assert found.notes == {}


def test_an_object_whose_owner_is_not_here_is_a_root_with_a_note() -> None:
    orphan = pod("a").owned_by(deployment("elsewhere"))
    found = forest(orphan)
    assert roots(found) == ["pod/a"]
    assert found.notes == {orphan.item.uid: "owner Deployment/elsewhere is not among the objects seen here"}


def test_a_circle_of_owners_is_cut_once() -> None:
    one, two, three = pod("1"), pod("2"), pod("3")
    one.owned_by(three), two.owned_by(one), three.owned_by(two)
    found = forest(one, two, three, pod("4").owned_by(two))
    assert len(found.roots) == 1
    assert found.below(found.roots) == 3
    assert list(found.notes.values()) == ["its owners own each other in a circle"]


def test_an_object_that_owns_itself_is_a_root() -> None:
    own = pod("a")
    found = forest(own.owned_by(own))
    assert roots(found) == ["pod/a"]
    assert found.below(found.roots) == 0


def test_a_chain_longer_than_the_stack_of_python_is_no_matter() -> None:
    chain = [pod("0")]
    for number in range(1, 5000):
        chain.append(pod(str(number)).owned_by(chain[-1]))
    found = forest(*chain)
    assert len(found.roots) == 1
    assert found.below(found.roots) == 4999


def test_objects_without_uid_own_nothing_and_are_owned_by_nothing() -> None:
    found = forest(pod("a").uid(""), pod("b").uid("").owned_by(pod("c").uid("")))
    assert roots(found) == ["pod/a", "pod/b"]
