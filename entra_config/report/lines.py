"""Styled lines in, a string or a coloured text out: the one layout of all text reports."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from entra_config import characters
from entra_config.errors import Position

if TYPE_CHECKING:
    from rich.text import Text as RichText

WIDTH = 104

Span = tuple[str, str]  # text, style: "" or a name of `palette.STYLES`, or of rich

SIGNS = {"add": "+", "change": "~", "remove": "-"}
_STATES = {"good": ("✓", "green"), "note": ("!", "yellow"), "bad": ("✗", "bold red")}
# A sign says what changes and not how risky that is: only what waits for somebody has a colour.
STYLES = {"+": "", "~": "", "-": "", "!": "bold", "=": "mid"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: spans from the left, and what stands at the right edge."""

    spans: tuple[Span, ...] = ()
    right: str = ""

    def fitted(self, width: int) -> tuple[Span, ...]:
        """Return the spans with `right` set flush to `width`, or two blanks after the rest."""
        if not self.right:
            return self.spans
        used = sum(cells(text) for text, _ in self.spans)
        gap = max(2, width - used - cells(self.right))
        return (*self.spans, (" " * gap, ""), (self.right, "dim"))


def line(*spans: Span | str, right: Position | None = None) -> Line:
    """Make a line of texts and styled texts; `right` is where in the manifest it comes from."""
    return Line(
        tuple(span if isinstance(span, tuple) else (span, "") for span in spans),
        # A file may be called anything, too.
        "" if right is None else characters.printed(right.short),
    )


def signed(indent: int, sign: str, *spans: Span | str, right: Position | None = None) -> Line:
    """Make a line that begins with a sign in its colour."""
    return line(" " * indent, (sign, STYLES[sign]), " ", *spans, right=right)


def mark_state(state: Literal["good", "note", "bad"], *spans: Span | str) -> Line:
    """Return a line that starts with the sign of what an examination found."""
    return line(_STATES[state], " ", *spans)


def diffed(text: str) -> Line:
    """Return a line of a unified diff; its signs say all that a colour would."""
    return line((characters.printed(text), "accent" if text.startswith("@") else ""))


def format_lines(lines: Iterable[Line], width: int = WIDTH) -> str:
    """Return the lines as text without colours; ends with a line break."""
    return "".join(f"{''.join(text for text, _ in each.fitted(width)).rstrip()}\n" for each in lines)


def edge(lines: Iterable[Line], width: int, columns: int) -> int:
    """Return where places end on a terminal of so many columns: at `width`, or as far right as the longest
    line that has room needs.
    """
    needed = (
        sum(cells(text) for text, _ in each.spans) + 2 + cells(each.right) for each in lines if each.right
    )
    return min(columns, max([width, *(each for each in needed if each <= columns)]))


def styled(lines: Sequence[Line], width: int = WIDTH, columns: int = 0) -> RichText:
    """Return the lines for a rich console; names are never read as its markup.

    Where a terminal has `columns`, words go on below their line's beginning, and a place that has no room
    beside them stands whole in a line of its own.
    """
    from rich.text import Text

    return Text("\n").join(row for each in lines for row in _rows(each, width, columns))


def _rows(each: Line, width: int, columns: int) -> list[RichText]:
    from rich.text import Text

    whole = Text.assemble(*each.fitted(width))
    if not columns or (whole.cell_len <= width or (not each.right and whole.cell_len <= columns)):
        return [whole]
    body = Text.assemble(*each.spans)
    indent = len(body.plain) - len(body.plain.lstrip(" "))
    hang = min(indent + 2, columns // 2)
    first, *rest = body.divide(_breaks(body.plain, columns, hang))
    rows = [first, *(Text(" " * hang).append_text(row) for row in rest)]
    for row in rows:
        row.rstrip()
    if each.right:
        if rows[-1].cell_len + 2 + cells(each.right) > width:
            rows.append(Text())
        gap = max(0, width - rows[-1].cell_len - cells(each.right))
        rows[-1].append(" " * gap).append(each.right, "dim")
    return rows


def _breaks(text: str, columns: int, hang: int) -> list[int]:
    """Return where rows begin that break before a word; a word that is longer than a row stays whole."""
    found, used, begun = [], len(text) - len(text.lstrip(" ")), False
    for word in re.finditer(r"(\S+)\s*", text):
        if begun and used + cells(word[1]) > columns:
            found.append(word.start())
            used = hang
        used += cells(word[0])
        begun = True
    return found


def cells(text: str) -> int:
    """Return how many columns `text` takes on a terminal."""
    return sum(map(_cells, text))


def padded(text: str, width: int) -> str:
    """Return `text` filled up to `width` columns, with one blank at least."""
    return f"{text}{' ' * max(1, width - cells(text))}"


def _cells(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def counted(number: int, noun: str, several: str = "") -> str:
    """Return `1 request`, `2 requests`; `several` is the plural of a noun that has another one."""
    return f"{number} {noun if number == 1 else several or f'{noun}s'}"
