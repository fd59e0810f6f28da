"""What the namespace controller says of a deletion, in plain words.

Source: pkg/controller/namespace/deletion/status_condition_utils.go. A condition that is True is bad news.
Messages have changed between releases, so types and statuses decide and texts are only quoted.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

DISCOVERY = "NamespaceDeletionDiscoveryFailure"
PARSING = "NamespaceDeletionGroupVersionParsingFailure"
CONTENT = "NamespaceDeletionContentFailure"
REMAINING = "NamespaceContentRemaining"
FINALIZERS = "NamespaceFinalizersRemaining"

# What the API server says of a webhook that it cannot ask, and of one that says no.
_WEBHOOK = re.compile(
    r'(?:failed calling webhook "(?P<failing>[^"]+)"'
    r'|admission webhook "(?P<denying>[^"]+)" denied the request)'
    r":? ?(?P<why>.*)",
    re.DOTALL,
)
# What a ValidatingAdmissionPolicy says (apiserver, plugin/policy/validating/dispatcher.go).
_POLICY = re.compile(
    r"ValidatingAdmissionPolicy '(?P<policy>[^']+)' with binding '(?P<binding>[^']+)' denied request"
)
# The opening that repeats the type of the condition; what follows it is the news.
_OPENING = re.compile(
    r"^(Discovery failed for some groups, \d+ failing: "
    r"(unable to retrieve the complete list of server APIs: )?"
    r"|Failed to delete all resource types, \d+ remaining: "
    r"|Some resources are remaining: |Some content in the namespace has finalizers remaining: "
    r"|Some finalizers are remaining: )"
)
_WORDS = {
    DISCOVERY: "the API server cannot say which kinds exist: ",
    PARSING: "the API server names a group in a way that the namespace controller cannot read: ",
    CONTENT: "not everything could be deleted: ",
    REMAINING: "there is content left: ",
    FINALIZERS: "there are finalizers left: ",
}


class Condition(NamedTuple):
    """A condition that is True. since: when the controller last changed its mind, as the server writes it."""

    type: str
    message: str
    since: str

    @property
    def news(self) -> str:
        """The message without its opening phrase."""
        return _OPENING.sub("", self.message)

    @property
    def sentence(self) -> str:
        """The condition in plain words."""
        return _WORDS[self.type] + self.news

    @property
    def webhook(self) -> tuple[str, str] | None:
        """The admission webhook that kept something from being deleted, and why; None where it was none."""
        found = _WEBHOOK.search(self.message)
        return (found["failing"] or found["denying"], found["why"]) if found else None

    @property
    def policy(self) -> tuple[str, str] | None:
        """The admission policy that kept something from being deleted, and its binding."""
        found = _POLICY.search(self.message)
        return (found["policy"], found["binding"]) if found else None


def has_conditions(namespace: Mapping[str, Any]) -> bool:
    """Whether the namespace controller has said anything of the deletion yet, good or bad."""
    return any(condition.get("type") in _WORDS for condition in _conditions(namespace))


def bad_conditions(namespace: Mapping[str, Any]) -> tuple[Condition, ...]:
    """The conditions of the deletion that are True, in the order of _WORDS."""
    found = {
        condition["type"]: Condition(
            type=condition["type"],
            message=str(condition.get("message", "")),
            since=str(condition.get("lastTransitionTime", "")),
        )
        for condition in _conditions(namespace)
        if condition.get("type") in _WORDS and condition.get("status") == "True"
    }
    return tuple(found[kind] for kind in _WORDS if kind in found)


def _conditions(namespace: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from (namespace.get("status") or {}).get("conditions") or ()
