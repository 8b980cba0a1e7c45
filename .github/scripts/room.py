# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
"""Markdown in, Markdown that GitHub takes out: over several comments, cut at lines, what was open closed,
what is cut counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

# A line that begins or ends a block of code: three or more of one mark, after at most three blanks.
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([^`]*)$")


def share(texts: Sequence[str], room: int) -> list[int]:
    """Return how many characters each text may have: an equal part; what one leaves goes to the first that
    needs it.
    """
    if not texts:
        return []
    parts = [room // len(texts)] * len(texts)
    spare = room - sum(parts)
    for number, text in enumerate(texts):
        if len(text) < parts[number]:
            spare += parts[number] - len(text)
            parts[number] = len(text)
    for number, text in enumerate(texts):
        more = min(spare, len(text) - parts[number])
        parts[number] += more
        spare -= more
    return parts


def cut(text: str, room: int, whole: str) -> str:
    """Return `text` in at most `room` characters: the lines that are left out are counted, and `whole`
    says where they are.
    """
    if len(text) <= room:
        return text
    lines = text.split("\n")
    kept = len(lines)
    while True:
        closing = _closing(lines[:kept])
        shown = "\n".join([*lines[:kept], *closing, "", said(len(lines) - kept, len(lines), whole)])
        if len(shown) <= room or not kept:
            return shown
        # Each line that goes takes its characters along; the rest of the estimate is exact in the last
        # rounds.
        over = len(shown) - room
        while kept and over > 0:
            kept -= 1
            over -= len(lines[kept]) + 1


def said(missing: int, lines: int, whole: str) -> str:
    """Return how much is cut, and where it is."""
    return f"… {missing} of {lines} lines are cut here: {whole}"


@dataclass
class Pages:
    """Texts laid over pages, one after another: a block of code that goes on is closed and opened again.

    `rooms` are how many characters each page takes; there are no more pages than these.
    """

    rooms: Sequence[int]
    pages: list[list[str]] = field(default_factory=lambda: [[]])
    _used: int = 0
    _opening: str = ""

    @property
    def left(self) -> int:
        """Return how many characters the last page has room for."""
        return self.rooms[len(self.pages) - 1] - self._used

    def add(self, text: str, whole: str) -> None:
        """Lay a text; what no page has room for is counted, and `whole` says where it is."""
        lines = text.split("\n")
        last = said(len(lines), len(lines), whole)
        for number, line in enumerate(lines):
            after = _open(line, self._opening)
            # What is open must be closed on the same page; the last page keeps room to say what is cut.
            closing = len(_mark(after)) + 1 if after else 0
            need = len(line) + 1 + closing + (len(last) + 2 if len(self.pages) == len(self.rooms) else 0)
            if need > self.left and len(self.pages) == len(self.rooms):
                self._end()
                self._opening = ""
                self._put("")
                self._put(said(len(lines) - number, len(lines), whole))
                break
            if need > self.left:
                opening = self._opening
                self._end()
                self.next()
                if opening:
                    self._put(opening)
            self._put(line)
            self._opening = after
        self._put("")

    def next(self) -> bool:
        """Begin another page, if there may be one."""
        if len(self.pages) == len(self.rooms):
            return False
        self.pages.append([])
        self._used = 0
        return True

    def texts(self) -> list[str]:
        """Return the pages."""
        return ["\n".join(page).strip("\n") for page in self.pages]

    def _put(self, line: str) -> None:
        self.pages[-1].append(line)
        self._used += len(line) + 1

    def _end(self) -> None:
        if self._opening:
            self._put(_mark(self._opening))


def _open(line: str, opening: str) -> str:
    """Return the line that opened the block of code which is open after a line, empty where none is."""
    found = _FENCE.match(line)
    if opening:
        # Only its own mark, as long at least and alone in its line, ends a block.
        ends = found and found.group(1).startswith(_mark(opening)) and not found.group(2).strip()
        return "" if ends else opening
    return line if found else ""


def _mark(opening: str) -> str:
    found = _FENCE.match(opening)
    assert found
    return found.group(1)


def _closing(lines: Sequence[str]) -> list[str]:
    """Return the lines that close what these leave open: a block of code, then what can be unfolded."""
    opening, unfolded = "", 0
    for line in lines:
        was, opening = opening, _open(line, opening)
        if not was and not opening:
            unfolded += line.count("<details") - line.count("</details>")
    return [*([_mark(opening)] if opening else []), *(["", *["</details>"] * unfolded] if unfolded else [])]
