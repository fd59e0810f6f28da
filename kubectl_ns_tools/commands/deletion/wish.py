"""What ns-delete is asked for, checked as far as that is possible without a cluster."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from kubectl_ns_tools.kubeconfig.names import check_namespace

if TYPE_CHECKING:
    from kubectl_ns_tools.deletion.selection import Wanted


@dataclass(frozen=True)
class DeletionWish:
    """The command line of ns-delete, as it was written. timeout: 0 waits for ever."""

    words: Sequence[str]
    selector: str
    expired: bool
    contexts: Sequence[str]
    only: Sequence[str]
    excepted: Sequence[str]
    custom_first: bool
    retain: bool
    scale_down: bool
    finalize: bool
    groups: Sequence[str]
    dry_run: str
    plan: str | None
    apply: str | None
    allow_drift: bool
    strict: bool
    backup: str | None
    no_backup: bool
    allow_incomplete: bool
    yes: bool
    expect: int | None
    confirmed: Sequence[str]
    override: bool
    parallel: int
    timeout: float
    wait: bool
    output: str

    @property
    def only_looks(self) -> bool:
        return self.dry_run != "none" or self.plan is not None

    @property
    def is_partial(self) -> bool:
        """Whether the namespaces themselves stay."""
        return bool(self.only or self.excepted)

    @property
    def options(self) -> dict[str, Any]:
        """How the deletion is to be made, as a saved plan remembers it."""
        return {
            "only": list(self.only),
            "except": list(self.excepted),
            "customResourcesFirst": self.custom_first,
            "retainVolumes": self.retain,
            "scaleDownFirst": self.scale_down,
        }

    def deadline(self) -> float:
        """Of time.monotonic(), for a run that begins now."""
        return time.monotonic() + self.timeout if self.timeout else float("inf")

    def wanted(self) -> "Wanted":
        """Raises Refused for a name that no namespace has or that is never deleted."""
        from kubectl_ns_tools.deletion.plan import refuse_protected
        from kubectl_ns_tools.deletion.selection import Wanted, is_pattern

        for word in self.words:
            if not is_pattern(word):
                check_namespace(word)
                refuse_protected(word)
        return Wanted(self.words, self.selector, _is_expired if self.expired else None, "--expired")

    def check(self) -> None:
        """Raises UsageError for flags that do not go together."""
        for wrong, text in self._contradictions():
            if wrong:
                raise click.UsageError(text)

    def _contradictions(self) -> Iterator[tuple[bool, str]]:
        applies = self.apply is not None
        chooses = bool(self.words or self.selector or self.expired)
        more = bool(self.selector or self.expired or self.contexts or self.plan or any(self.options.values()))
        yield not (applies or chooses), "Missing argument 'NAME|PATTERN...'."
        yield (
            applies and (more or bool(self.words)),
            "--apply deletes what the plan says: it takes no names and no other choice",
        )
        yield self.allow_drift and not applies, "--allow-drift is for --apply"
        yield self.backup is not None and self.no_backup, "--backup and --no-backup exclude each other"
        yield (
            bool(self.contexts) and self.output == "name",
            "-o name does not say of which context it is: use -o json with --contexts",
        )
        yield (
            self.is_partial and self.custom_first,
            "--custom-resources-first is for whole namespaces, not for a part of one",
        )
        yield (
            self.output in ("html", "tree") and not self.only_looks,
            f"-o {self.output} is for --dry-run and --plan",
        )
        yield bool(self.groups) and not self.finalize, "--give-up is for --force-finalize"
        yield (
            self.finalize and (more or applies or not self._is_one_name),
            "--force-finalize is for one namespace by its name, and for nothing else",
        )

    @property
    def _is_one_name(self) -> bool:
        from kubectl_ns_tools.deletion.selection import is_pattern

        return len(self.words) == 1 and not is_pattern(self.words[0])


def _is_expired(namespace: Mapping[str, Any]) -> bool:
    from kubectl_ns_tools.deletion.clock import now
    from kubectl_ns_tools.output.expiry import is_expired

    return is_expired(namespace, now())
