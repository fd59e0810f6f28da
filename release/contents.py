"""What is in an archive, laid into a folder."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from kubectl_ns_tools.main import COMMANDS
from release import distributions, elf, licences, macho
from release.interpreter import Interpreter
from release.launchers import launchers
from release.modules import copy_package, lay_modules

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Family:
    """Plugins that share an archive. prefix: of their commands; requirements: the lists of their libraries;
    late: modules of the package that no `import` names, but a text (`x.*`: a package whole); cut: those that
    are only imported on the way to something that none of the commands does."""

    name: str
    prefix: str
    requirements: tuple[str, ...]
    late: str
    cut: tuple[str, ...] = ()

    @property
    def commands(self) -> list[str]:
        return [command for command in COMMANDS if command.startswith(self.prefix)]

    @property
    def modules(self) -> list[str]:
        """The modules of the package from which all others are found."""
        return [*(COMMANDS[command] for command in self.commands), self.late]


# The completion of templates and backups, formats of archives, versions and data of distributions, web
# addresses that are opened.
_OF_NAMESPACES = (
    *("kubectl_ns_tools.commands.completion.template_names", "kubectl_ns_tools.deletion.backup"),
    *("tarfile", "zipfile", "importlib.metadata", "importlib.resources", "urllib.request"),
)

FAMILIES = (
    Family("ctx-tools", "ctx-", ("ctx",), "kubectl_ns_tools.goyaml.*", _OF_NAMESPACES),
    Family("ns-tools", "ns-", ("ctx", "ns"), "kubectl_ns_tools.*"),
)


def lay(family: Family, python: Interpreter, folder: Path, scratch: Path) -> list[Path]:
    """Fill the folder with what the family's archive holds; the machine code in it is returned.

    scratch: a folder for what is only needed meanwhile.
    """
    lib = folder / "lib"
    libraries = distributions.install(python.program, family.requirements, scratch / "libraries")
    package = copy_package(ROOT, scratch / "package")
    laid = {python.program: _lay_program(python, lib / "python" / "bin")}
    laid |= lay_modules(python, package, libraries, lib, wanted=family.modules, cut=family.cut)
    bundled = (elf if python.system == "linux" else macho).make_movable(laid, lib / "python" / "lib")
    distributions.lay_descriptions(libraries, lib / "app")
    licences.lay(python, list(bundled), lib / "licences")
    _lay_launchers(family, python, folder)
    _lay_documents(family, folder)
    return [*laid.values(), *bundled.values()]


def _lay_program(python: Interpreter, folder: Path) -> Path:
    folder.mkdir(parents=True)
    return Path(shutil.copy(python.program, folder / "python3"))


def _lay_launchers(family: Family, python: Interpreter, folder: Path) -> None:
    loader = elf.loader(python.program) if python.system == "linux" else ""
    for name, script in launchers(family.commands, python.platform, loader).items():
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)


def _lay_documents(family: Family, folder: Path) -> None:
    shutil.copy(ROOT / "LICENSE", folder)
    pages = folder / "man" / "man1"
    pages.mkdir(parents=True)
    for page in (ROOT / "man").glob(f"kubectl-{family.prefix}*.1"):
        shutil.copy(page, pages)
