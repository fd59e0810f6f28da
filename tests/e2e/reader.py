"""A reader of the documents, who takes time between one line and the next; ours follow each other at once."""

import json

from tests.controlplane.waiting import wait_until
from tests.e2e.shell import Shell
from tests.e2e.transcript import Run


def unhurried(shell: Shell) -> Run:
    """What a line prints; when it makes pods, it returns once they are there."""

    def run(line: str) -> str:
        shown = shell.shown(line)
        if "create deployment" in line:
            wait_until(lambda: _is_rolled_out(shell))
        return shown

    return run


def _is_rolled_out(shell: Shell) -> bool:
    """Whether the pods of each deployment are there, and the events of what was done for them."""
    found = json.loads(shell.run("kubectl get deployments,events --all-namespaces -o json").stdout)["items"]
    events = [each["metadata"]["namespace"] for each in found if each["kind"] == "Event"]
    return all(
        each["status"].get("replicas") == each["spec"]["replicas"]
        and events.count(each["metadata"]["namespace"]) > each["spec"]["replicas"]
        for each in found
        if each["kind"] == "Deployment"
    )
