"""Finds and compiles what an archive needs of the standard library and of the code laid beside it.

    python -OO -S -s -B bytecode.py < job.json > report.json

Run by the interpreter that is packed, in a process of its own: what `marshal` writes depends on what else the
process holds. The job has `path` (folders to import from, each with the one that it becomes), `roots`
(modules; `x.*` is a package whole), `cut` (modules to do without) and `documented` (the package whose
docstrings are needed: click makes help of them; all others go, as -OO says, and assertions). The report lists
the modules in machine code: where each was, and where its copy is.
"""

import importlib.util
import json
import marshal
import modulefinder
import shutil
import sys
from pathlib import Path

# Not to be compared with a source, which is not there (PEP 552).
_UNCHECKED = (0b01).to_bytes(4, "little")


def main() -> None:
    job = json.load(sys.stdin)
    places = {Path(folder): Path(becomes) for folder, becomes in job["path"]}
    finder = modulefinder.ModuleFinder(
        path=[str(folder) for folder in places],
        excludes=job["cut"],
        replace_paths=[(f"{folder}/", "") for folder in places],
    )
    for root in job["roots"]:
        _find(finder, root)
    found = {name: module for name, module in sorted(finder.modules.items()) if module.__file__}
    for name, module in found.items():
        if name.partition(".")[0] == job["documented"]:
            _keep_docstrings(module)
    laid = [(module.__file__, str(_lay(module, places))) for module in found.values()]
    json.dump([(source, target) for source, target in laid if not target.endswith(".pyc")], sys.stdout)


def _find(finder: modulefinder.ModuleFinder, root: str) -> None:
    name, whole, _ = root.partition(".*")
    finder.import_hook(name)
    if whole:
        folder = Path(finder.modules[name].__path__[0])
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            finder.import_hook(".".join((name, *parts)).removesuffix(".__init__"))


def _keep_docstrings(module: modulefinder.Module) -> None:
    source = Path(module.__file__).read_bytes()
    module.__code__ = compile(source, module.__code__.co_filename, "exec", dont_inherit=True, optimize=0)


def _lay(module: modulefinder.Module, places: dict[Path, Path]) -> Path:
    """Compile a module, or copy one that is compiled to machine code, to its place."""
    source = Path(module.__file__)
    # a folder may lie in another, as that of the extension modules does in the standard library
    folder = max((folder for folder in places if folder in source.parents), key=lambda path: len(path.parts))
    target = places[folder] / source.relative_to(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    if module.__code__ is None:
        shutil.copy(source, target)
        return target
    target = target.with_suffix(".pyc")
    digest = importlib.util.source_hash(source.read_bytes())
    header = importlib.util.MAGIC_NUMBER + _UNCHECKED + digest
    target.write_bytes(header + marshal.dumps(module.__code__))
    return target


if __name__ == "__main__":
    main()
