"""The README's picture: the screen of a terminal on which commands were typed, as an SVG."""

import io
import itertools
import re
from pathlib import Path
from xml.etree import ElementTree

import pexpect
import pyte
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tests.commands.terminal import put_away
from tests.e2e.shell import Shell

_COLUMNS, _ROWS = 100, 70
_SCENE = Path(__file__).with_name("picture.yaml")
_STORY = (
    "kubectl ns-create blue -t team -p ADMIN_GROUP=blue-devs --add-context blue",
    "kubectl ctx-switch blue",
    "kubectl ns-list",
    "kubectl ns-delete shop --dry-run",
)
# Green dollar, bold command; PS0, which bash prints before what was typed is run, ends the bold.
_PROMPT = "\r\n\x1b[1;32m$ \x1b[0;1m"
_BASH = r"PS1='\n\[\e[1;32m\]$ \[\e[0;1m\]' PS0='\e[0m'; bind 'set enable-bracketed-paste off'"
_THEME = TerminalTheme(
    (22, 27, 34), (201, 209, 217),
    [(72, 79, 88), (255, 123, 114), (86, 211, 100), (227, 179, 65), (121, 192, 255), (210, 168, 255),
     (86, 212, 221), (177, 186, 196)],
)  # fmt: skip
_TITLE = "kubectl-ns-tools in a terminal"
_DESCRIPTION = (
    "A namespace is created from a template, its context switched to, the namespaces listed, and the "
    "deletion of another one previewed: a volume's data would be destroyed."
)
# Fonts that the reader has, as GitHub names them: nothing is fetched.
_FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
_FORMAT = f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{width}} {{height}}"
  role="img" aria-labelledby="title desc">
<title id="title">{_TITLE}</title>
<desc id="desc">{_DESCRIPTION}</desc>
<style>
.{{unique_id}}-matrix {{{{ font: {{char_height}}px {_FONTS}; }}}}
.{{unique_id}}-title {{{{ font: bold 18px sans-serif; }}}}
{{styles}}
</style>
<defs>
<clipPath id="{{unique_id}}-clip-terminal">
<rect x="0" y="0" width="{{terminal_width}}" height="{{terminal_height}}"/>
</clipPath>
{{lines}}
</defs>
{{chrome}}
<g transform="translate({{terminal_x}}, {{terminal_y}})" clip-path="url(#{{unique_id}}-clip-terminal)">
{{backgrounds}}
<g class="{{unique_id}}-matrix">
{{matrix}}
</g>
</g>
</svg>
"""


def played(shell: Shell) -> pyte.Screen:
    """The screen after the story was typed into bash, in a cluster that has the scene's namespace."""
    bound = "kubectl wait pvc/orders -n shop --for=jsonpath='{.status.phase}'=Bound"
    prepared = shell.run(f"kubectl apply -f '{_SCENE}' && {bound}")
    assert prepared.returncode == 0, prepared.stdout
    screen = pyte.Screen(_COLUMNS, _ROWS)
    pyte.Stream(screen).feed(_session(shell).removeprefix("\r\n"))
    return screen


def drawn(screen: pyte.Screen) -> str:
    """The screen as an SVG."""
    console = Console(record=True, width=_COLUMNS, file=io.StringIO(), force_terminal=True)
    for number in range(screen.cursor.y):
        console.print(_line(screen, number), soft_wrap=True)
    svg = console.export_svg(title=_TITLE, theme=_THEME, code_format=_FORMAT, unique_id="t")
    svg = re.sub(r"<text [^>]*>\s*</text>", "", svg)  # the ends of lines
    return re.sub(r"\s*\n\s*", "\n", svg.replace("</text>", "</text>\n"))


def read(svg: str) -> str:
    """The text in the picture, line by line."""
    rows: dict[float, list[tuple[float, str]]] = {}
    for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        if text.get("clip-path"):  # not the title of the window
            rows.setdefault(float(text.get("y", 0)), []).append((float(text.get("x", 0)), text.text or ""))
    lines = ("".join(part for _, part in sorted(parts)) for _, parts in sorted(rows.items()))
    return "".join(line.replace("\xa0", " ") + "\n" for line in lines)


def _session(shell: Shell) -> str:
    """What bash and the commands sent to the terminal, from the first prompt to the last one."""
    environ = shell.environ | {"TERM": "xterm-256color", "INPUTRC": "/dev/null"}
    bash = pexpect.spawn(
        "bash", ["--norc", "--noprofile"], env=environ,
        encoding="utf-8", dimensions=(_ROWS, _COLUMNS), cwd=str(shell.folder / "work"), timeout=60,
    )  # fmt: skip
    bash.sendline(_BASH)
    bash.expect_exact(_PROMPT)
    sent = ""
    for line in _STORY:
        bash.sendline(line)
        bash.expect_exact(_PROMPT)
        sent += _PROMPT + (bash.before or "")
    put_away(bash)
    return sent


def _line(screen: pyte.Screen, number: int) -> Text:
    row = [screen.buffer[number][column] for column in range(_COLUMNS)]
    pieces = itertools.groupby(row, lambda char: Style(color=_color(char.fg), bold=char.bold))
    line = Text.assemble(*(("".join(char.data for char in chars), style) for style, chars in pieces))
    line.rstrip()
    return line


def _color(name: str) -> str | None:
    """rich's name for a colour of pyte, which calls the yellow of terminals brown."""
    return {"default": None, "brown": "yellow"}.get(name, name)
