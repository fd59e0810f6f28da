"""Values to documents that YAML 1.1 and YAML 1.2 readers agree on."""

from collections.abc import Iterable
from typing import Any

import yaml

from kubectl_ns_tools.goyaml.quoting import SAFE_TEXT, is_safe_plain


def dump(value: Any) -> str:
    """`value` (dicts, lists, scalars) as one YAML document in block style, keys in their own order."""
    text = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=False, sort_keys=False, allow_unicode=True, width=2**20
    )
    return str(text)


def dump_all(values: Iterable[Any]) -> str:
    """Documents joined with `---` lines."""
    return "---\n".join(dump(value) for value in values)


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """PyYAML's dumper with our notion of which strings need quotes."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _string(dumper: Any, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=_style(text))


def _style(text: str) -> str | None:
    if is_safe_plain(text, SAFE_TEXT):
        return None
    if "\n" in text and _fits_literal(text):
        return "|"
    return "'" if text.isprintable() and text.isascii() else '"'


def _fits_literal(text: str) -> bool:
    lines = text.split("\n")
    if text[0] in " \n\t" or text.endswith("\n\n") or any(line != line.rstrip() for line in lines):
        return False
    return all(line.replace("\t", "").isprintable() for line in lines)


_Dumper.add_representer(str, _string)
