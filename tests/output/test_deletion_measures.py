from kubectl_ns_tools.deletion.inventory import Gap, Reason
from kubectl_ns_tools.deletion.measures.custom_first import CustomResources
from kubectl_ns_tools.deletion.measures.partial import PartialPlan
from kubectl_ns_tools.deletion.measures.retaining import RetainPlan, Volume
from kubectl_ns_tools.deletion.measures.scaling import ScalePlan, Workload
from kubectl_ns_tools.output.deletion_measures import custom_text, part_text, volumes_text, workloads_text
from tests.deletion.builders import Thing, configmap, deployment, plan, pod, resource


def volume(name: str, policy: str) -> Volume:
    return Volume(name=name, uid="u", claim=f"of-{name}", claim_uid="c", policy=policy)


def test_a_part_says_what_stays_and_what_comes_back() -> None:
    gap = Gap("secrets", Reason.FORBIDDEN, "no")
    going, staying = pod("p").item, deployment("web").item
    part = PartialPlan(plan(pod("p"), deployment("web"), gaps=(gap,)), (going,), (), (staying,), (going,))
    assert part_text(part).splitlines() == [
        "A part of it: the namespace itself stays, and 1 of its objects.",
        "Note: a controller that stays makes these again: pod/p",
        "Note: not visible, and stays unless its owner goes: secrets",
    ]


def test_volumes_are_told_with_their_claims() -> None:
    found = RetainPlan("blue", (volume("p", "Delete"),), (volume("q", "Retain"),), ("claim c has no volume",))
    assert volumes_text(found).splitlines() == [
        "Set to Retain before, and kept: p (of claim of-p, reclaim policy Delete)",
        "Kept, being Retain already: q (of claim of-q)",
        "Note: claim c has no volume",
    ]
    assert volumes_text(RetainPlan("blue", ())) == "There are no volumes to be kept."


def test_workloads_are_told_with_what_does_not_end() -> None:
    web, cron = deployment("web").item, Thing(resource("cronjobs.batch", "CronJob"), "nightly").item
    found = ScalePlan("blue", (Workload(web, 3),), (cron,), untouched=(pod("p").item,), managed=(web,))
    assert workloads_text(found).splitlines() == [
        "Scaled down to 0 before: deployment.apps/web (from 3)",
        "Suspended before: cronjob.batch/nightly",
        "Note: go on running until the namespace goes: pod/p",
        "Note: something may scale these up again: deployment.apps/web",
    ]
    assert workloads_text(ScalePlan("blue", (), ())) == "There is nothing to be scaled down."


def test_custom_resources_are_told_by_kind() -> None:
    items = tuple(Thing(resource("widgets.x.io", "Widget"), name).item for name in "ab")
    assert custom_text(CustomResources("blue", items, items)) == "Deleted before all the rest: 2 widgets.x.io"
    assumed = custom_text(CustomResources("blue", items, items, assumed=True)).splitlines()
    assert assumed[1] == "Note: which kinds are custom could not be read, it is guessed by their groups"
    assert (
        custom_text(CustomResources("blue", (), ())) == "There are no custom resources to be deleted first."
    )


def test_of_many_names_the_first_are_shown_and_none_steers_the_terminal() -> None:
    items = tuple(configmap(f"{index}\x1b").item for index in range(12))
    text = workloads_text(ScalePlan("blue", (), items))
    assert text.endswith("configmap/9\\x1b and 2 more")
