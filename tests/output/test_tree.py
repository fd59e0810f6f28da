from kubectl_ns_tools.deletion.ownership import grow
from kubectl_ns_tools.output.tree import SIBLINGS, Branch, draw, forest_tree
from tests.deletion.builders import Thing, configmap, deployment, event, pod, replicaset


def drawn(*things: Thing, everything: bool = False) -> str:
    forest = grow([thing.item for thing in things])
    return draw(forest_tree("namespace/blue", forest, everything=everything))


def test_branches_are_drawn_with_corners() -> None:
    tree = Branch("root", [Branch("a", [Branch("b"), Branch("c")]), Branch("d", [Branch("e")])])
    assert draw(tree) == (
        "root\n"
        "├── a\n"
        "│   ├── b\n"
        "│   └── c\n"
        "└── d\n"
        "    └── e"
    )  # fmt: skip


def test_objects_are_drawn_under_their_owners_by_kind_and_events_last() -> None:
    web = deployment("web")
    current = replicaset("web-1").owned_by(web)
    pods = [pod(name).owned_by(current) for name in ("web-1-b", "web-1-a")]
    assert drawn(event("e1"), web, current, *pods, configmap("kube-root-ca.crt"), pod("alone")) == (
        "namespace/blue\n"
        "├── configmap/kube-root-ca.crt (made by Kubernetes)\n"
        "├── deployment.apps/web\n"
        "│   └── replicaset.apps/web-1\n"
        "│       ├── pod/web-1-a\n"
        "│       └── pod/web-1-b\n"
        "├── pod/alone\n"
        "└── 1 events"
    )


def test_large_families_are_cut_and_their_rest_is_counted() -> None:
    lines = drawn(*(configmap(f"c{index:02}") for index in range(SIBLINGS + 3))).splitlines()
    assert lines[1] == "├── configmap/c00"
    assert lines[SIBLINGS] == "├── configmap/c09"
    assert lines[SIBLINGS + 1 :] == ["└── … and 3 more configmaps"]


def test_of_a_large_family_those_with_objects_under_them_are_shown() -> None:
    web = deployment("web")
    sets = [replicaset(f"web-{index:02}").owned_by(web) for index in range(SIBLINGS + 2)]
    text = drawn(web, *sets, pod("a").owned_by(sets[-1]))
    assert "replicaset.apps/web-11\n    │   └── pod/a" in text
    assert text.endswith("└── … and 2 more replicasets.apps")


def test_what_hangs_under_a_hidden_object_is_counted() -> None:
    sets = [replicaset(f"web-{index:02}") for index in range(SIBLINGS + 1)]
    pods = [pod(f"{one.item.name}-{name}").owned_by(one) for one in sets for name in "ab"]
    assert drawn(*sets, *pods).endswith("└── … and 1 more replicasets.apps, with 2 objects below")


def test_everything_is_everything() -> None:
    text = drawn(*(configmap(f"c{index:02}") for index in range(30)), event("e1"), everything=True)
    assert text.count("configmap/") == 30
    assert text.endswith("└── event/e1")


def test_remarks_stand_in_brackets() -> None:
    held = configmap("a").deleted().held_by("x.io/f", "y.io/g").owned_by(deployment("away"))
    assert drawn(held).splitlines()[1] == (
        "└── configmap/a (being deleted; finalizers: x.io/f, y.io/g; "
        "owner Deployment/away is not among the objects seen here)"
    )


def test_names_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in drawn(configmap("a\x1b[2J").held_by("\x1b]0;x\x07"))


def test_a_deep_tree_is_no_matter() -> None:
    chain = [pod("0")]
    for number in range(1, 3000):
        chain.append(pod(str(number)).owned_by(chain[-1]))
    assert drawn(*chain).count("\n") == 3000
