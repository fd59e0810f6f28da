from kubectl_ns_tools.commands.picker.menu import Menu

LABELS = ["alpha", "beta", "gamma", "delta"]


def labels(menu: Menu) -> list[str]:
    return [LABELS[index] for index in menu.rows]


def test_all_are_there_at_first_with_the_start_highlighted() -> None:
    menu = Menu(LABELS, start=2)
    assert labels(menu) == LABELS
    assert menu.chosen == 2


def test_typing_leaves_what_fits_and_highlights_the_best() -> None:
    menu = Menu(LABELS, start=2)
    menu.type("ta")
    assert labels(menu) == ["beta", "delta"]
    assert menu.chosen == 1
    menu.type("taz")
    assert menu.chosen is None


def test_taking_letters_back_brings_rows_back() -> None:
    menu = Menu(LABELS, start=2)
    for query in ("d", "de", "d", "", "g"):
        menu.type(query)
    assert labels(menu) == ["gamma"]
    menu.type(" ")
    assert labels(menu) == LABELS
    assert menu.chosen == 2


def test_moving_stops_at_the_ends() -> None:
    menu = Menu(LABELS)
    menu.move(-1)
    assert menu.chosen == 0
    menu.move(2)
    assert menu.chosen == 2
    menu.move(9)
    assert menu.chosen == 3


def test_there_is_nowhere_to_move_without_rows() -> None:
    menu = Menu(LABELS)
    menu.type("zzz")
    menu.move(1)
    menu.move(-1)
    menu.type("")
    assert menu.chosen == 0
