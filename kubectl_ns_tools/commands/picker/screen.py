"""The built-in picker: the menu on the whole screen, drawn by prompt_toolkit on stderr."""

import asyncio
import signal
import sys
from collections.abc import Sequence

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.data_structures import Point
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import (
    BufferControl,
    ConditionalContainer,
    FormattedTextControl,
    HSplit,
    Layout,
    UIContent,
    UIControl,
    Window,
)
from prompt_toolkit.layout.processors import BeforeInput
from prompt_toolkit.output import ColorDepth, create_output
from prompt_toolkit.styles import Style

from kubectl_ns_tools.commands.picker.fuzzy import places
from kubectl_ns_tools.commands.picker.menu import Menu
from kubectl_ns_tools.commands.terminal import use_color
from kubectl_ns_tools.errors import Interrupted
from kubectl_ns_tools.output.choices import Choice

_KEYS_OF_THE_PICKER = "arrows: move   Enter: choose   Esc: leave"
_ROWS_FOR_THE_COUNT, _ROWS_FOR_THE_PREVIEW = 4, 12  # a screen with fewer is for the menu alone
_ESCAPE_SECONDS = 0.05  # how long an Esc may be the beginning of another key
_STYLE = Style.from_dict(
    {
        "cursor-line": "nounderline reverse",
        "current": "bold",
        "fits": "bold underline",
        "remarks": "ansiyellow",
        "dim": "ansibrightblack",
    }
)


def choose(choices: Sequence[Choice], what: str) -> Choice | None:
    """The choice of the person; None when they leave. what: the word before what is typed.

    The terminal is as before afterwards, however it ends. Raises Interrupted when a signal ends us.
    """
    start = next((index for index, choice in enumerate(choices) if choice.current), 0)
    menu = Menu([choice.label for choice in choices], start)
    chosen = asyncio.run(_run(_application(choices, menu, what)))
    return None if chosen is None else choices[chosen]


async def _run(application: "Application[int | None]") -> int | None:
    loop = asyncio.get_running_loop()

    def end(number: signal.Signals) -> None:
        if application.is_running and not application.is_done:
            application.exit(exception=Interrupted(f"ended by {number.name}"))

    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, end, number)
    try:
        return await application.run_async()
    except EOFError as error:  # the terminal is gone
        raise Interrupted("interrupted; nothing was changed") from error


def _application(choices: Sequence[Choice], menu: Menu, what: str) -> "Application[int | None]":
    application: Application[int | None] = Application(
        layout=_layout(choices, menu, what),
        key_bindings=_keys(menu),
        style=_STYLE,
        include_default_pygments_style=False,
        full_screen=True,
        color_depth=None if use_color(sys.stderr) else ColorDepth.DEPTH_1_BIT,
        input=create_input(sys.stdin),
        output=create_output(sys.stderr),
    )
    application.ttimeoutlen = application.timeoutlen = _ESCAPE_SECONDS
    return application


def _layout(choices: Sequence[Choice], menu: Menu, what: str) -> Layout:
    typed = Buffer(multiline=False, on_text_changed=lambda buffer: menu.type(buffer.text))
    query = BufferControl(typed, input_processors=[BeforeInput(f"{what}> ")])

    def count() -> str:
        return f"  {len(menu.rows)}/{len(choices)}   {_KEYS_OF_THE_PICKER}"

    def preview() -> str:
        return "" if menu.chosen is None else "\n".join(choices[menu.chosen].preview())

    lines = len(choices[0].details())
    below = HSplit(
        [
            Window(height=1, char="─", style="class:dim"),
            Window(FormattedTextControl(preview), height=lines),
        ]
    )
    return Layout(
        HSplit(
            [
                Window(query, height=1),
                _from_rows(
                    _ROWS_FOR_THE_COUNT, Window(FormattedTextControl(count), height=1, style="class:dim")
                ),
                Window(_Rows(choices, menu), cursorline=True),
                _from_rows(_ROWS_FOR_THE_PREVIEW, below),
            ]
        ),
        focused_element=query,
    )


def _from_rows(rows: int, container: HSplit | Window) -> ConditionalContainer:
    """The container on screens of so many rows and more."""
    from prompt_toolkit.application import get_app

    return ConditionalContainer(container, Condition(lambda: get_app().output.get_size().rows >= rows))


class _Rows(UIControl):
    """The rows of the menu. The window around it scrolls, and asks for those that are seen only."""

    def __init__(self, choices: Sequence[Choice], menu: Menu) -> None:
        self._choices = choices
        self._menu = menu

    def create_content(self, width: int, height: int) -> UIContent:
        at = Point(0, self._menu.at)
        return UIContent(self._line, len(self._menu.rows), cursor_position=at, show_cursor=False)

    def _line(self, row: int) -> StyleAndTextTuples:
        index = self._menu.rows[row]
        choice = self._choices[index]
        fits = places(self._menu.query, self._menu.texts[index])
        style = "class:current " if choice.current else ""
        pointer = ">" if row == self._menu.at else " "
        return [
            (style, f"{pointer} {'*' if choice.current else ' '} "),
            *(
                (f"{style}class:fits" if place in fits else style, letter)
                for place, letter in enumerate(choice.label)
            ),
            ("class:remarks", f"   {choice.remarks}" if choice.notes else ""),
        ]


def _keys(menu: Menu) -> KeyBindings:
    keys = KeyBindings()

    def moves(*names: str, by: int) -> None:
        for name in names:
            keys.add(name)(lambda event: menu.move(by))

    moves("up", "c-p", by=-1)
    moves("down", "c-n", by=1)
    moves("home", by=-len(menu.texts))
    moves("end", by=len(menu.texts))
    keys.add("pageup")(lambda event: menu.move(-_page(event)))
    keys.add("pagedown")(lambda event: menu.move(_page(event)))
    for name in ("escape", "c-c", "c-d", "<sigint>"):
        keys.add(name)(lambda event: event.app.exit(result=None))

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        if menu.chosen is not None:
            event.app.exit(result=menu.chosen)

    @keys.add(Keys.BracketedPaste)
    def _(event: KeyPressEvent) -> None:
        """Names have no line breaks; what was copied with one is meant without."""
        event.current_buffer.insert_text(" ".join(event.data.split()))

    return keys


def _page(event: KeyPressEvent) -> int:
    """Nearly a screen full: the row at the edge stays in sight."""
    return max(1, event.app.output.get_size().rows // 2)
