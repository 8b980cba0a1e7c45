"""Where each value of a YAML file is written: its first and last character, its anchor, its alias."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from entra_config.manifest.reading import yaml
from entra_config.manifest.reading.yaml import Event

_PROPERTY = re.compile(r"[&!][^\s,\[\]{}]*")
_BLANKS = re.compile(r"(?:\s+|(?<=\s)#[^\n]*\n)*")
_COLON = re.compile(r"\s*:")
_KEEPS_LINE_ENDS = re.compile(r"[|>][0-9]*\+")


@dataclass(slots=True)
class Span:
    """One value in the text.

    `start` is before its anchor, `content` after it. `lead` is where its anchor ends, or its key, or its
    dash: a value that begins on a later line can be written there. `bare` is the value of a key without a
    colon. `children` are entries or items.
    """

    kind: Literal["scalar", "map", "list", "alias"]
    start: int
    content: int
    end: int
    anchor: str = ""
    flow: bool = True
    target: Span | None = None
    children: list[Child] = field(default_factory=list)
    lead: int = -1
    bare: bool = False
    root: bool = False

    def leaves(self) -> Iterator[Span]:
        """Yield the value and everything below it that is written here, keys included."""
        yield self
        for child in self.children:
            if child.key is not None:
                yield from child.key.leaves()
            yield from child.value.leaves()


@dataclass(slots=True)
class Child:
    """An entry of a map or an item of a list; it begins at its key or its dash."""

    start: int
    end: int
    key: Span | None
    value: Span


def read(text: str) -> Span | None:
    """Return the span of a valid document's root; None where the document is empty."""
    events = yaml.events(text)
    first = next(events, None)
    if first is None:
        return None
    root = _Reader(text, events).read(first)
    root.root = True
    return root


def begin_of_line(text: str, place: int) -> int:
    """Return where the line of a place begins."""
    return text.rfind("\n", 0, place) + 1


class _Reader:
    def __init__(self, text: str, events: Iterator[Event]) -> None:
        self._text = text
        self._events = events
        self._anchors: dict[str, Span] = {}

    def read(self, event: Event) -> Span:
        if event.kind == "alias":
            target = self._anchors[event.anchor]
            return Span("alias", event.start, event.start, event.end, target=target, lead=event.start)
        lead, content = self._properties(event)
        if event.kind == "scalar":
            content = min(content, event.end)
            span = Span("scalar", event.start, content, event.end, event.anchor, lead=lead)
            if event.style in {"|", ">"}:
                span.flow = False
                span.end = self._end_of_block(span)
        elif event.kind == "map":
            span = Span("map", event.start, content, event.end, event.anchor, event.flow, lead=lead)
            span.end = self._entries(span)
        else:
            span = Span("list", event.start, content, event.end, event.anchor, event.flow, lead=lead)
            span.end = self._items(span)
        if event.anchor:
            self._anchors[event.anchor] = span
        return span

    def _properties(self, event: Event) -> tuple[int, int]:
        """Return where the anchor and the tag of a value end, and where the value itself begins."""
        lead = content = event.start
        for present in (bool(event.anchor), event.tagged):
            # The next ones are those of a map's first key.
            match = _PROPERTY.match(self._text, content) if present else None
            if match:
                lead = match.end()
                blanks = _BLANKS.match(self._text, lead)
                content = blanks.end() if blanks else lead
        return lead, content

    def _end_of_block(self, span: Span) -> int:
        """Return where a text in block style ends: blank lines below it are part of it if it keeps them."""
        lines = self._text[span.content : span.end]
        if _KEEPS_LINE_ENDS.match(lines):
            return span.end - len(lines) + len(lines.removesuffix("\n").removesuffix("\r"))
        return span.content + len(lines.rstrip("\r\n"))

    def _entries(self, span: Span) -> int:
        for event in self._events:
            if event.kind == "end":
                return self._close(span, event)
            key = self.read(event)
            value = self.read(next(self._events))
            colon = _COLON.match(self._text, key.end)
            if value.start == value.end:
                # The parser sees an empty value before the next one. In braces, a key may have no colon.
                value.start = value.content = value.end = value.lead = colon.end() if colon else key.end
                value.bare = colon is None
            elif colon is not None and value.lead == value.start:
                value.lead = colon.end()
            span.children.append(Child(key.start, max(key.end, value.end), key, value))
        raise AssertionError("the parser ends each map")

    def _items(self, span: Span) -> int:
        column = span.content - begin_of_line(self._text, span.content)
        for event in self._events:
            if event.kind == "end":
                return self._close(span, event)
            value = self.read(event)
            start = value.start
            if not span.flow:
                start = self._dash(value.start, column) if span.children else span.content
                if value.start == value.end:
                    value.start = value.content = value.end = start + 1
                if value.lead == value.start:
                    value.lead = start + 1
            span.children.append(Child(start, value.end, None, value))
        raise AssertionError("the parser ends each list")

    def _close(self, span: Span, event: Event) -> int:
        return event.end if span.flow else span.children[-1].end

    def _dash(self, start: int, column: int) -> int:
        """Return the dash of an item: the nearest one at the list's column."""
        begin = begin_of_line(self._text, start)
        while (
            begin + column >= start
            or self._text[begin + column] != "-"
            or self._text[begin : begin + column].strip()
        ):
            begin = begin_of_line(self._text, begin - 1)
        return begin + column
