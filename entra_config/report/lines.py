"""Styled lines in, a string or a coloured text out: the one layout of all text reports."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from entra_config import characters
from entra_config.errors import Position

if TYPE_CHECKING:
    from rich.text import Text as RichText

WIDTH = 104

Span = tuple[str, str]  # text, style: "" or a name that rich knows

SIGNS = {"add": "+", "change": "~", "remove": "-"}
STYLES = {"+": "green", "~": "yellow", "-": "red", "!": "magenta", "=": "cyan"}


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
        "" if right is None else characters.printed(f"{right.file}:{right.line}"),
    )


def signed(indent: int, sign: str, *spans: Span | str, right: Position | None = None) -> Line:
    """Make a line that begins with a sign in its colour."""
    return line(" " * indent, (sign, STYLES[sign]), " ", *spans, right=right)


def diffed(text: str) -> Line:
    """Return a line of a unified diff in its colour."""
    style = {"+": "green", "-": "red", "@": "cyan"}.get(text[:1], "")
    return line((characters.printed(text), "" if text[:3] in {"+++", "---"} else style))


def plain(lines: Iterable[Line], width: int = WIDTH) -> str:
    """Return the lines as text without colours; ends with a line break."""
    return "".join(f"{''.join(text for text, _ in each.fitted(width)).rstrip()}\n" for each in lines)


def styled(lines: Sequence[Line], width: int = WIDTH) -> RichText:
    """Return the lines for a rich console; names are never read as its markup."""
    from rich.text import Text

    return Text("\n").join(Text.assemble(*each.fitted(width)) for each in lines)


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
