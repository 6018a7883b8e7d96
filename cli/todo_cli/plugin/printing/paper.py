"""Styled text as lines: columns that line up, cut to a terminal's width, coloured where that is wanted.

As little as a list needs; a library for it would cost more to import than the list takes. Cells are other
people's text: they were cleaned of control characters before, and only our own styles become escapes.
"""

import os
import shutil
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple, TextIO

NARROWEST = 8  # columns of the terminal that a cell keeps when it is cut
GAP = "  "
_CODES = {
    "bold": "1", "dim": "2", "strike": "9", "red": "31", "green": "32", "yellow": "33", "magenta": "35",
    "cyan": "36",
}  # fmt: skip


class Piece(NamedTuple):
    """Text in one style: words of `_CODES`, or none."""

    text: str
    style: str = ""


Cell = tuple[Piece, ...]


class Column(NamedTuple):
    """`gives`: how soon it is cut where the line is too long for the terminal, 1 first; 0: never."""

    name: str
    gives: int = 0
    right: bool = False


class Paper(NamedTuple):
    """Where it is written. `width` None: as long as it gets."""

    width: int | None
    color: bool

    @classmethod
    def of(cls, file: TextIO, color: bool | None) -> "Paper":
        """`color` None: on a terminal that can, and NO_COLOR is not set (no-color.org)."""
        terminal = file.isatty()
        able = (
            terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") not in {"dumb", "unknown"}
        )
        return cls(shutil.get_terminal_size().columns if terminal else None, able if color is None else color)

    def line(self, *pieces: Piece) -> str:
        return "".join(self._styled(each) for each in pieces)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> list[str]:
        """The lines, the names of the columns first."""
        cells: list[Sequence[Cell]] = [[(Piece(column.name, "dim"),) for column in columns], *rows]
        widths = [max(columns_of(row[k]) for row in cells) for k in range(len(columns))]
        if self.width is not None:
            widths = _fitting(columns, widths, self.width)
        return [self._row(columns, widths, row) for row in cells]

    def _row(self, columns: Sequence[Column], widths: Sequence[int], row: Sequence[Cell]) -> str:
        parts: list[str] = []
        for column, width, cell in zip(columns, widths, row, strict=True):
            kept = _cut(cell, width)
            space = " " * (width - columns_of(kept))
            text = self.line(*kept)
            parts.append(space + text if column.right else text + space)
        return GAP.join(parts).rstrip()

    def _styled(self, piece: Piece) -> str:
        codes = ";".join(_CODES[word] for word in piece.style.split()) if self.color else ""
        return f"\x1b[{codes}m{piece.text}\x1b[0m" if codes and piece.text else piece.text


def columns_of(cell: Cell) -> int:
    """How many columns of a terminal it takes: signs of East Asia two, what is put over another none."""
    return sum(len(text) if text.isascii() else sum(map(_columns, text)) for text, _ in cell)


def _columns(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1


def _fitting(columns: Sequence[Column], widths: list[int], width: int) -> list[int]:
    over = sum(widths) + len(GAP) * (len(widths) - 1) - width
    order = sorted((column.gives, k) for k, column in enumerate(columns) if column.gives)
    for _, k in order:
        given = max(0, min(over, widths[k] - NARROWEST))
        widths[k] -= given
        over -= given
    return widths


def _cut(cell: Cell, width: int) -> Cell:
    if columns_of(cell) <= width:
        return cell
    kept: list[Piece] = []
    room = width - 1  # for the sign that says so
    for text, style in cell:
        taken = ""
        for sign in text:
            if _columns(sign) > room:
                return (*kept, Piece(f"{taken}…", style))
            taken += sign
            room -= _columns(sign)
        kept.append(Piece(taken, style))
    return tuple(kept)
