"""What is wrong between entries: references to nothing, entries that hide others, what nobody refers to.

Source: client-go tools/clientcmd (loader.go, validation.go).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kubectl_ns_tools.errors import NsToolsError, did_you_mean
from kubectl_ns_tools.kubeconfig.linting.findings import Finding
from kubectl_ns_tools.kubeconfig.linting.places import PlacedEntry
from kubectl_ns_tools.kubeconfig.names import check_namespace

_REFERENCES = {"cluster": "clusters", "user": "users"}


@dataclass(frozen=True)
class Fact:
    """What is remembered of an entry. digest: of all that is in it; references: (name, line) of cluster and
    user, for a context."""

    section: str
    name: str
    path: str
    line: int
    digest: str
    references: Mapping[str, tuple[str, int]]

    @property
    def kind(self) -> str:
        return self.section[:-1]

    def finding(self, rule: str, problem: str, line: int = 0, hint: str = "") -> Finding:
        """A finding about the entry, on its line if on no other."""
        return Finding(rule, self.path, line or self.line, problem, self.kind, self.name, hint)


def fact_of(entry: PlacedEntry) -> Fact:
    import hashlib
    import json

    text = json.dumps(entry.body, sort_keys=True, default=str)
    fields = _REFERENCES if entry.section == "contexts" else ()
    references = {kind: (entry.get(kind), entry.line_of(kind)) for kind in fields}
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
    return Fact(entry.section, entry.name, entry.path, entry.line, digest, references)


def context_findings(entry: PlacedEntry) -> Iterator[Finding]:
    """What can be told of a context without the others."""
    namespace = entry.get("namespace")
    try:
        if namespace:
            check_namespace(namespace)
    except NsToolsError as error:
        yield entry.finding("namespace", error.message, "namespace")


def reference_findings(facts: Sequence[Fact], overlay: str) -> Iterator[Finding]:
    """facts: of the entries of all files, in kubectl's order; overlay: the ctx-shell's own file."""
    winners: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        first = winners.setdefault((fact.section, fact.name), fact)
        # In one file, kubectl refuses the second: that is among the file's problems.
        if first.path not in (fact.path, overlay):
            yield _hidden(fact, first)
        if not fact.name:
            yield fact.finding("empty-name", f"a {fact.kind} without a name")
    known = {section: {name for of, name in winners if of == section} for section in _REFERENCES.values()}
    for fact in winners.values():
        yield from _dangling(fact, known)
    used = {(_REFERENCES[kind], name) for fact in facts for kind, (name, _) in fact.references.items()}
    for key, fact in winners.items():
        if fact.section != "contexts" and key not in used:
            yield fact.finding("unused", "no context refers to it")


def current_finding(path: str, line: int, name: str, contexts: set[str]) -> Finding:
    """The current context is none of those that there are."""
    problem = f'current-context names "{name}", which does not exist'
    hint = did_you_mean(name, contexts)
    return Finding(
        "missing-current", path, line, problem, "context", name, hint if hint.startswith("did") else ""
    )


def _hidden(fact: Fact, first: Fact) -> Finding:
    place = f"{first.path}:{first.line}"
    if fact.digest == first.digest:
        return fact.finding("hidden-copy", f"the same is in {place}, which counts")
    return fact.finding("hidden", f"{place} has another {fact.kind} of this name, which counts")


def _dangling(fact: Fact, known: Mapping[str, set[str]]) -> Iterator[Finding]:
    for kind, (name, line) in fact.references.items():
        effect = "goes to localhost:8080" if kind == "cluster" else "asks for user name and password"
        there = known[_REFERENCES[kind]]
        if name and name not in there:
            problem = f'the {kind} "{name}" does not exist: kubectl {effect}'
            hint = did_you_mean(name, there)
            yield fact.finding(f"missing-{kind}", problem, line, hint if hint.startswith("did") else "")
        elif not name:
            yield fact.finding(f"no-{kind}", f"no {kind} is set: kubectl {effect}")
