"""Text of a YAML file in, a tree of nodes with positions out: the one reading of YAML in this project.

YAML 1.2, core schema: `on`, `no` and `yes` are texts, `012` is twelve, `0o14` and `0xC` are twelve too.
PyYAML reads 1.1, so only its scanner and parser are used, and the meaning of scalars is decided here.

Anchors and aliases work inside one file; what they expand to is bounded. Merge keys (`<<`) are YAML 1.1 and
refused, as are tags, several documents in one file, and a key that stands twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import yaml
from yaml import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from entra_config.errors import ManifestError, Position, Problem
from entra_config.manifest.reading import characters
from entra_config.manifest.reading.node import Entry, Items, Map, Node, Scalar, same_when_normalized

MAX_BYTES = 2_000_000
MAX_NODES = 200_000
MAX_DEPTH = 50
MAX_NUMBER = 40

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMERIC = frozenset("+-.0123456789")  # what all that is no text begins with
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"([-+]?)\.(inf|Inf|INF)")
_NAN = frozenset({".nan", ".NaN", ".NAN"})
_PREFIX = "tag:yaml.org,2002:"
# PyYAML finds what YAML 1.1 makes of a plain scalar, but for these (yaml.org/type/bool).
_RESOLVER: Any = yaml.resolver.Resolver()
_TRUTH = frozenset("yYnN")
_QUOTES = frozenset("'\"")
_EVENTS: dict[type, Literal["map", "list", "scalar", "alias", "end"]] = {
    MappingStartEvent: "map",
    SequenceStartEvent: "list",
    ScalarEvent: "scalar",
    AliasEvent: "alias",
    MappingEndEvent: "end",
    SequenceEndEvent: "end",
}


def read(text: str, file: str) -> Node | None:
    """Read one document; None where the file is empty. `file` is how errors name it."""
    if len(text) > MAX_BYTES:
        raise _error(Position(file, 1), f"the file is larger than {MAX_BYTES:,} characters")
    try:
        text = characters.checked(text, file)
        node = _Builder(file).build(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = Position(file, mark.line + 1, mark.column + 1) if mark else Position(file, 1)
        what = ", ".join(part for part in (error.context, error.problem) if part)
        raise _error(position, f"not YAML: {what}") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _error(Position(file, line), f"not YAML: {error.reason}") from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise _error(Position(file, 1), f"not YAML: {error}") from error
    if characters.holds_invisible(text):
        characters.check_invisible(text, list(_scalars(text)), file)
    return node


def comments(text: str, file: str) -> Iterator[tuple[Position, str]]:
    """Yield each comment of a document that can be read, with its `#`; what only looks like one, in a
    value, is none.
    """
    spans = [span for span, _ in _scalars(characters.checked(text, file))]
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        column = characters.comment(text, start, start + len(line), spans)
        if column is not None:
            yield Position(file, number, column - start + 1), text[column : start + len(line)].rstrip("\r")
        start += len(line) + 1


def _scalars(text: str) -> Iterator[tuple[characters.Span, bool]]:
    """Yield where each scalar stands, in order, and whether it is quoted."""
    events = yaml.parse(text, Loader=_LOADER)
    found: Iterator[Any] = (event for event in events if isinstance(event, ScalarEvent))
    for event in found:
        yield (event.start_mark.index, event.end_mark.index), event.style in _QUOTES


class Event(NamedTuple):
    """The begin of a value, or the end of a list or map: its anchor, or the one that an alias names.

    `start` and `end` are places in the text, the anchor included. `style` is what a scalar begins with: a
    quote, `|`, `>`, or nothing. `flow`: a list or map is written in brackets or braces.
    """

    kind: Literal["map", "list", "scalar", "alias", "end"]
    anchor: str
    text: str
    line: int
    column: int
    start: int
    end: int
    tagged: bool
    style: str
    flow: bool


def events(text: str) -> Iterator[Event]:
    """Yield the begin of each value of a document that can be read, and the end of each list and map."""
    for event in yaml.parse(text, Loader=_LOADER):
        kind = _EVENTS.get(type(event))
        if kind is not None:
            mark: Any = event.start_mark
            end: Any = event.end_mark
            yield Event(
                kind,
                anchor=getattr(event, "anchor", None) or "",
                text=str(getattr(event, "value", "")),
                line=mark.line + 1,
                column=mark.column + 1,
                start=mark.index,
                end=end.index,
                tagged=getattr(event, "tag", None) is not None,
                style=getattr(event, "style", None) or "",
                flow=bool(getattr(event, "flow_style", False)),
            )


def composed(text: str) -> yaml.Node | None:
    """Return a document's nodes with where each begins and ends, for changes in place; None where it is
    empty. What a scalar means, and what may stand there, `read` says. Raise YAMLError.
    """
    # By the scanner in Python: libyaml's counts places after a byte order mark, not from it.
    node: yaml.Node | None = yaml.compose(text, yaml.SafeLoader)
    return node


def keys_at(text: str, line: int) -> tuple[str, ...]:
    """Return the keys of a YAML document that lead to a line, from the outermost on."""
    node = composed(text)
    found: list[str] = []
    while isinstance(node, yaml.MappingNode):
        above = [pair for pair in node.value if pair[0].start_mark.line < line]
        if not above:
            break
        key, node = above[-1]
        found.append(str(key.value))
    return tuple(found)


def scalar(text: str) -> str | int | float | bool | None:
    """Return what a plain (unquoted) scalar means in the core schema of YAML 1.2."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC:
        return text
    if len(text) > MAX_NUMBER and text.lstrip("+-")[:1].isdigit():
        # int() of very long digit strings is refused by Python itself; nothing here is that large.
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OCTAL.fullmatch(text):
        return int(text, 0)
    if _HEXADECIMAL.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    if match := _INFINITY.fullmatch(text):
        return float(f"{match[1]}inf")
    return float("nan") if text in _NAN else text


def is_text(text: str) -> bool:
    """Tell whether readers of YAML 1.1 and of 1.2 take a plain scalar for a text: `yes` and `2026-01-01` are
    none in 1.1.
    """
    in_1_1 = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) == f"{_PREFIX}str"
    return in_1_1 and text not in _TRUTH and isinstance(scalar(text), str)


class _Builder:
    """Builds one tree from parser events, with its own bounds: libyaml's composer recurses without one."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._anchors: dict[str, Node] = {}
        self._sizes: dict[int, int] = {}
        self._count = 0

    def build(self, events: Iterator[Any]) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _error(
                        self._at(event), "a second document: one file is one document, without `---` in it"
                    )
            elif not isinstance(event, StreamStartEvent | StreamEndEvent | DocumentEndEvent):
                root = self._node(event, events, 0)
        return root

    def _at(self, event: Any) -> Position:
        mark = event.start_mark
        return Position(self._file, mark.line + 1, mark.column + 1)

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        position = self._at(event)
        if depth > MAX_DEPTH:
            raise _error(position, f"nested deeper than {MAX_DEPTH} levels")
        kind = type(event)  # the parser makes no other classes
        if kind is AliasEvent:
            return self._alias(event, position)
        before = self._count
        self._grow(1, position)
        if kind is ScalarEvent:
            node: Node = Scalar(self._value(event, position), position)
        elif kind is SequenceStartEvent:
            self._untagged(event, position, "seq")
            node = self._items(events, position, depth + 1)
        else:
            self._untagged(event, position, "map")
            node = self._map(events, position, depth + 1)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
            self._sizes[id(node)] = self._count - before
        return node

    def _alias(self, event: Any, position: Position) -> Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            raise _error(position, f"`*{event.anchor}` refers to no anchor before it in this file")
        self._grow(self._sizes[id(node)], position)
        return node

    def _grow(self, nodes: int, position: Position) -> None:
        self._count += nodes
        if self._count > MAX_NODES:
            raise _error(position, f"more than {MAX_NODES:,} values once aliases are expanded")

    @staticmethod
    def _value(event: Any, position: Position) -> str | int | float | bool | None:
        tag, value = event.tag, event.value
        if tag is not None and tag not in {"!", f"{_PREFIX}str"}:
            raise _error(position, f"the tag `{_shown(tag)}`: only `!!str` is known, and quotes do the same")
        if not event.implicit[0]:
            return str(value)
        return scalar(value)

    def _items(self, events: Iterator[Any], position: Position, depth: int) -> Items:
        items = []
        for event in events:
            if type(event) is SequenceEndEvent:
                break
            items.append(self._node(event, events, depth))
        return Items(tuple(items), position)

    def _map(self, events: Iterator[Any], position: Position, depth: int) -> Map:
        entries: dict[str, Entry] = {}
        problems = []
        for event in events:
            if type(event) is MappingEndEvent:
                break
            where = self._at(event)  # of an alias, too: it stands elsewhere than what it is
            if type(event) is ScalarEvent and event.anchor is None:
                self._grow(1, where)
                key = self._key(self._value(event, where), where, quoted=not event.implicit[0])
            else:
                named = self._node(event, events, depth)
                key = self._key(named.value if isinstance(named, Scalar) else named, where)
            node = self._node(next(events), events, depth)
            if key in entries:
                first = entries[key].position
                problems.append(Problem(where, f"duplicate `{key}`: first defined at {first}"))
            else:
                entries[key] = Entry(key, where, node)
        problems += [
            Problem(entry.position, message) for entry, message in same_when_normalized(entries.values())
        ]
        if problems:
            raise ManifestError(problems)
        return Map(entries, position)

    @staticmethod
    def _key(value: object, position: Position, *, quoted: bool = False) -> str:
        if isinstance(value, str):
            if value == "<<" and not quoted:
                raise _error(
                    position, "the merge key `<<` is not YAML 1.2: write the keys out, or alias whole values"
                )
            return value
        if isinstance(value, Items | Map):
            raise _error(position, "a key is a string, not a list or a map")
        shown = str(value).lower() if value is not None else "null"
        raise _error(position, f'a key is a string: write "{shown}" in quotes')

    @staticmethod
    def _untagged(event: Any, position: Position, kind: str) -> None:
        if event.tag not in {None, "!", f"{_PREFIX}{kind}"}:
            raise _error(position, f"the tag `{_shown(event.tag)}`: a manifest may not use YAML tags")


def _shown(tag: str) -> str:
    return tag.replace(_PREFIX, "!!")


def _error(position: Position, message: str) -> ManifestError:
    return ManifestError([Problem(position, message)])
