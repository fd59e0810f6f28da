"""One thing that is wrong with a template: where, how bad, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from kubectl_ns_tools.findings import Rule, Severity, rules

RULES: dict[str, Rule] = {
    **rules(
        Severity.ERROR,
        unreadable="mend the text at this place",
        declaration="mend the declaration: docs/templates.md has the fields",
        default="choose one default, and one that passes its own checks",
        undeclared="declare the parameter, or write $${NAME} for the text itself",
        refused="change it: no namespace can be made with it",
        not_served="write an apiVersion that is served, or install the CustomResourceDefinition first",
        unknown_field="write it as the kind has it: kubectl explain",
        wrong_type="write the value in this type",
        wrong_value="choose one of the values that there are",
        pod_security_label="there are pod-security.kubernetes.io/enforce, audit, warn, each with -version",
        pod_security_value="choose a level: privileged, baseline, restricted; a version: latest, v1.30",
    ),
    **rules(
        Severity.WARNING,
        quota_without_default="add a LimitRange with a default for containers",
        no_dns="allow egress to port 53, UDP and TCP, of the namespace kube-system",
        deprecated="write the version that it names, before this one is gone",
        unused="refer to it, or remove it",
        fixed_namespace="write ${NAMESPACE}",
    ),
    **rules(Severity.INFO, unbound="every ns-create has to give it, unless it gets a default"),
}


@dataclass(frozen=True)
class Finding:
    """rule: a key of RULES; place: `file:line`, or the file; hint: a better remedy than the rule's."""

    rule: str
    place: str
    problem: str
    hint: str = ""

    @property
    def severity(self) -> Severity:
        return RULES[self.rule].severity

    @property
    def remedy(self) -> str:
        return self.hint or RULES[self.rule].remedy

    @property
    def file(self) -> str:
        return self._split()[0]

    @property
    def line(self) -> int:
        """0 for the whole file."""
        return self._split()[1]

    def _split(self) -> tuple[str, int]:
        file, _, line = self.place.rpartition(":")
        return (file, int(line)) if file and line.isdecimal() else (self.place, 0)


@dataclass
class Report:
    """unchecked: what could not be looked at, and why."""

    findings: list[Finding] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        return any(each.severity is Severity.ERROR for each in self.findings)

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing but what is good to know."""
        return all(each.severity is Severity.INFO for each in self.findings)


def said(rule: str, problem: str, files: Iterable[str]) -> Finding:
    """A finding of a text that begins with its place in one of the files: `web.yaml:3: what is wrong`."""
    for file in sorted(files, key=len, reverse=True):
        line, colon, rest = problem.removeprefix(f"{file}:").partition(": ")
        if problem.startswith(f"{file}:") and colon and line.isdecimal():
            return Finding(rule, f"{file}:{line}", rest)
        if problem.startswith(f"{file}: "):
            return Finding(rule, file, problem.removeprefix(f"{file}: "))
    return Finding(rule, "", problem)
