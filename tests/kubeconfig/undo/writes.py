"""What the files hold, and a write of them."""

from pathlib import Path

from kubectl_ns_tools.kubeconfig.editing.writer import Writer
from kubectl_ns_tools.kubeconfig.undo.journal import Journal

EDIT = {
    "one": "current-context: a\n# kept\nusers:\n- name: u\n  user: {token: s3cret}\n",
    "two": "kind: Config\n",
}


def switch(journal: Journal, *paths: Path, to: str = "b") -> None:
    edits = {str(path): lambda editor: editor.put(to, "current-context") for path in paths}
    Writer(journal).apply(f"switch to {to}", edits)
