"""Lines for a terminal: what is cut, what lines up, what is coloured."""

import io

import pytest

from todo_cli.plugin.printing.paper import NARROWEST, Column, Paper, Piece, columns_of

COLUMNS = (Column("#", right=True), Column("TITLE", gives=1), Column("TAGS", gives=2), Column("NAME"))


def table(width: int | None, *titles: str, tags: str = "#home") -> list[str]:
    rows = [
        ((Piece(str(k)),), (Piece(title),), (Piece(tags),), (Piece("rent"),))
        for k, title in enumerate(titles, 9)
    ]
    return Paper(width, color=False).table(COLUMNS, rows)


@pytest.mark.parametrize(
    ("text", "columns"),
    [("rent", 4), ("Straße", 6), ("牛奶", 4), ("e\N{COMBINING ACUTE ACCENT}té", 3), ("🍕", 2), ("", 0)],
)
def test_a_text_is_as_wide_as_a_terminal_shows_it(text: str, columns: int) -> None:
    assert columns_of((Piece(text),)) == columns


def test_columns_line_up_whatever_their_signs() -> None:
    assert table(None, "牛奶", "rent") == [
        " #  TITLE  TAGS   NAME",
        " 9  牛奶   #home  rent",
        "10  rent   #home  rent",
    ]


def test_in_a_pipe_nothing_is_cut() -> None:
    assert table(None, "x" * 500)[1] == f"9  {'x' * 500}  #home  rent"


@pytest.mark.parametrize("width", [30, 40, 60])
def test_on_a_terminal_a_line_is_as_long_as_it_is_wide(width: int) -> None:
    _, line = table(width, "牛奶 " * 50)
    assert width - 1 <= columns_of((Piece(line),)) <= width
    assert line.endswith("…  #home  rent") or line.endswith("…   #home  rent")


def test_the_title_gives_first_and_no_column_vanishes() -> None:
    _, line = table(20, "x" * 50, tags="#" + "y" * 50)
    assert line == f"9  {'x' * (NARROWEST - 1)}…  #{'y' * (NARROWEST - 2)}…  rent"


def test_a_cut_cell_keeps_the_style_of_each_piece() -> None:
    cell = (Piece("a long title", "bold red"), Piece(" (1/2)", "dim"))
    _, line = Paper(12, color=True).table((Column("T", gives=1),), [(cell,)])
    assert line == "\x1b[1;31ma long title\x1b[0m"[: -len("e\x1b[0m")] + "…\x1b[0m"


@pytest.mark.parametrize(
    ("color", "environment", "coloured"),
    [(None, {}, False), (True, {}, True), (True, {"NO_COLOR": "1"}, True), (False, {}, False)],
)
def test_a_pipe_is_coloured_only_where_that_is_asked_for(
    color: bool | None, environment: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Paper.of(io.StringIO(), color).color is coloured


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("name", "value", "coloured"),
    [("TERM", "xterm", True), ("TERM", "dumb", False), ("NO_COLOR", "1", False), ("NO_COLOR", "", True)],
)
def test_a_terminal_is_coloured_unless_it_cannot_or_one_does_not_want_it(
    name: str, value: str, coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv(name, value)
    assert Paper.of(Terminal(), None).color is coloured
