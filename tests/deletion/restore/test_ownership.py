from kubectl_ns_tools.deletion.backup.contents import Entry
from kubectl_ns_tools.deletion.restore.ownership import explained
from kubectl_ns_tools.deletion.restore.plan import Action, Step
from tests.deletion.restore.builders import entry

ISSUER = entry("certificates.example.com", "Certificate", "tls")
SECRET = entry("secrets", "Secret", "tls", owners=(ISSUER,))
COPY = entry("configmaps", "ConfigMap", "copy", owners=(SECRET,))


def reasons(skipped: list[Entry], wanted: list[Entry]) -> list[str]:
    steps = [Step(each, Action.SKIP, each.reason) for each in skipped]
    return [step.reason for step in explained(steps, wanted, (ISSUER, SECRET, COPY))]


def test_the_owner_that_is_restored_makes_it() -> None:
    assert reasons([SECRET, COPY], [ISSUER]) == ["Certificate/tls makes it", "Secret/tls makes it"]


def test_an_owner_that_is_not_restored_does_not() -> None:
    assert reasons([SECRET, COPY], []) == [
        "its owner Certificate/tls is not restored; --only secret/tls restores it by itself",
        "its owner Secret/tls is not restored; --only configmap/copy restores it by itself",
    ]


def test_owners_in_a_circle_make_nothing() -> None:
    one = entry("a.example.com", "A", "a")
    other = entry("b.example.com", "B", "b", owners=(one,))
    one = entry("a.example.com", "A", "a", owners=(other,))
    [found] = explained([Step(one, Action.SKIP, one.reason)], [], (one, other))
    assert found.reason.startswith("its owner B/b is not restored")


def test_an_owner_outside_of_the_backup_is_not_judged() -> None:
    outside = entry("tenants.example.com", "Tenant", "t")
    inside = entry("secrets", "Secret", "s", owners=(outside,))
    assert reasons([inside], []) == ["Tenant/t makes it"]
