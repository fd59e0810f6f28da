import shlex

import pytest

from kubectl_ns_tools.deletion.hazards.contexts import contexts
from kubectl_ns_tools.deletion.hazards.hazard import Effect, Severity
from tests.deletion.hazards.surroundings import Surroundings

pytestmark = pytest.mark.integration


def test_contexts_that_default_to_it(around: Surroundings) -> None:
    name = "blue's own"
    scene = around.scene(contexts=[(name, around.namespace), ("green", around.other), ("none", "")])
    (found,) = contexts(scene)
    assert (found.severity, found.effect) == (Severity.INFO, Effect.NOTES)
    assert found.objects == (f"context/{name}",)
    assert shlex.split(found.remedy) == ["kubectl", "ctx-set", name, "--unset", "namespace"]
