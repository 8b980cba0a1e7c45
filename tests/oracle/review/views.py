"""A report in; the places of it in which things are read together out: a change with its lines, an element,
an object.

`missing` is the judgement: a giver is told where one place has a word of each of its needs, whole and as a
report shows it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

from tests.oracle.review.givers import Giver
from tests.oracle.review.shown import shown

MOST = 65_536  # characters that GitHub takes in one comment
_TEXT_HEAD = re.compile(r" {2}[+~=!-] ")
_DIFF_HEAD = re.compile(r"[+!# -] {2}\S")
_FENCE = re.compile(r" {0,3}(`{3,})(.*)")


def text(report: str) -> list[str]:
    """Return the places of a plan in text: each change with what is indented below it, and every other
    line.
    """
    return [*_blocks(report.splitlines(), _TEXT_HEAD), *report.splitlines()]


def comments(bodies: Iterable[str]) -> list[str]:
    """Return the places of comments: what GitHub would not take or not show is not there."""
    found: list[str] = []
    for body in bodies:
        lines = [*_visible(body[:MOST].split("\n"))]
        found += [*_blocks(lines, _DIFF_HEAD), *lines]
    return found


def html(page: str) -> list[str]:
    """Return the places of a page: what a browser shows of each list item, article, row or paragraph."""
    reader = _Reader()
    reader.feed(page)
    return reader.places


def document(report: str) -> list[str]:
    """Return the places of a plan in JSON: all texts of each change, each effect and each notice."""
    found = json.loads(report)
    return ["\n".join(_texts(each)) for part in found.values() if isinstance(part, list) for each in part]


def missing(
    givers: Iterable[Giver], places: Iterable[str], *, how: Callable[[str], str] = shown
) -> list[Giver]:
    """Return the givers that no place tells."""
    folded = [*dict.fromkeys(place.casefold() for place in places)]
    whole = "\n".join(folded)
    by_place: dict[str, list[str]] = {}

    def having(word: str) -> list[str]:
        if word not in by_place:
            by_place[word] = [place for place in folded if word in place] if word in whole else []
        return by_place[word]

    found = []
    for giver in givers:
        needs = [[how(word).casefold() for word in need] for need in giver.needs]
        # The longest word stands in the fewest places.
        rarest = max(needs, key=lambda need: min(map(len, need)))
        near = [place for word in rarest for place in having(word)]
        if not any(all(any(_stands(word, place) for word in need) for need in needs) for place in near):
            found.append(giver)
    return found


def _stands(word: str, place: str) -> bool:
    """Tell whether a word stands in a place by itself: no letter or digit of another word goes on before
    or after it.
    """
    start = place.find(word)
    while start >= 0:
        before, after = place[start - 1 : start], place[start + len(word) : start + len(word) + 1]
        if not (before.isalnum() and word[:1].isalnum()) and not (after.isalnum() and word[-1:].isalnum()):
            return True
        start = place.find(word, start + 1)
    return False


def _blocks(lines: list[str], head: re.Pattern[str]) -> Iterator[str]:
    block: list[str] = []
    for line in lines:
        if head.match(line) or not line.strip():
            yield "\n".join(block)
            block = []
        block.append(line)
    yield "\n".join(block)


def _visible(lines: list[str]) -> Iterator[str]:
    """Yield what is seen of Markdown: outside of code an HTML comment hides what is in it."""
    path_restriction, hidden = "", False
    for line in lines:
        found = _FENCE.fullmatch(line)
        if path_restriction:
            path_restriction = (
                ""
                if found and found[1].startswith(path_restriction) and not found[2].strip()
                else path_restriction
            )
        elif hidden or line.startswith("<!--"):
            hidden = "-->" not in line
            continue
        elif found and "`" not in found[2]:
            path_restriction = found[1]
        yield line


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif value is not None:
        yield str(value)


class _Reader(HTMLParser):
    """Collects what is read together."""

    TOGETHER = frozenset({"li", "tr", "p"})
    UNSEEN = frozenset({"style", "script", "title", "template"})

    def __init__(self) -> None:
        super().__init__()
        self.places: list[str] = []
        self._open: list[tuple[str, list[str]]] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a place."""
        hides = any(name in {"hidden", "style"} for name, _ in attrs)
        self._unseen += tag in self.UNSEEN or hides
        if tag in self.TOGETHER:
            self._open.append((tag, []))

    def handle_endtag(self, tag: str) -> None:
        """End a place."""
        self._unseen -= tag in self.UNSEEN
        if self._open and self._open[-1][0] == tag:
            self.places.append("\n".join(self._open.pop()[1]))

    def handle_data(self, data: str) -> None:
        """Take what is read."""
        if not self._unseen:
            for _, texts in self._open:
                texts.append(data)
