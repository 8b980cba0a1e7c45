"""Values that several pages print: facts, lists, applications, and the lines of a change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from entra_config.report.lines import Line
from entra_config.report.rendering import Printed

_STYLES = frozenset({"high", "mid", "dim", "bold"})
_DEEPEST = 24  # blanks before a line; what is deeper begins there


class Fact(NamedTuple):
    """What a report is about: a name, then a text, a text in code, or both; a text may link to `anchor`."""

    name: str
    text: str = ""
    code: str = ""
    anchor: str = ""


class Listed(NamedTuple):
    """A heading with texts below it; a page has no such section if there are none."""

    heading: str
    items: list[str]
    anchor: str = ""


class Named(NamedTuple):
    """An application: its display name and its key, or its key alone."""

    name: str
    key: str = ""

    @classmethod
    def of(cls, key: str, names: Mapping[str, str]) -> Named:
        """Return an application as pages show it."""
        name = names.get(key, key)
        return cls(name, "" if name == key else key)


class ShownSpan(NamedTuple):
    """A piece of a line, and the class of its style."""

    text: str
    style: str


class ShownLine(NamedTuple):
    """A line of a change: how far it is indented, its text, and its place in the manifest at the right."""

    indent: int
    spans: list[ShownSpan]
    at: str


def show_lines(lines: Iterable[Line]) -> list[ShownLine]:
    """Return the lines of one change, which are printed already."""
    return [_show_line(each) for each in lines]


def _show_line(line: Line) -> ShownLine:
    whole = "".join(text for text, _ in line.spans)
    indent = left = len(whole) - len(whole.lstrip(" "))
    spans = []
    for text, style in line.spans:
        spans.append(ShownSpan(Printed(text[left:]), style if style in _STYLES else ""))
        left = max(0, left - len(text))
    while spans and not spans[-1].style:
        last = spans.pop().text.rstrip()
        if last:
            spans.append(ShownSpan(Printed(last), ""))
            break
    # A level of the text is four blanks, the first line has two.
    return ShownLine(min(indent, _DEEPEST), spans, Printed(line.right))
