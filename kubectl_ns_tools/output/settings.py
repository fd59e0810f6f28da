"""The settings that are in effect, and where each comes from."""

from collections.abc import Sequence
from typing import Any

from kubectl_ns_tools.kubeconfig.settings import Effective
from kubectl_ns_tools.output.document import document, document_text
from kubectl_ns_tools.output.table import columns

_HEADERS = ("NAME", "VALUE", "SOURCE")


def render_settings(path: str, settings: Sequence[Effective], output: str) -> str:
    """path: of config.yaml; output: "table", "wide", "json" or "yaml"."""
    if output in ("json", "yaml"):
        body = {"file": path, "items": list(map(_data, settings))}
        return document_text(document("SettingList", body), output)
    wide = output == "wide"
    rows = [
        [each.setting.name, each.value, each.source, *([each.setting.what] if wide else [])]
        for each in settings
    ]
    return columns(rows, [*_HEADERS, *(["DESCRIPTION"] if wide else [])])


def _data(effective: Effective) -> dict[str, Any]:
    setting = effective.setting
    return {
        "name": setting.name,
        "kind": setting.origin.value,
        "value": effective.value,
        "source": effective.source,
        "default": setting.default,
        "description": setting.what,
    }
