"""The text of a $filter in, a syntax tree out."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from entra_emulator.clock import is_stamp
from entra_emulator.graph.errors import ODataError, bad_request

Path = tuple[str, ...]


class Bare(str):
    """A literal that stands without quotes: a GUID, a date or a time."""

    __slots__ = ()


@dataclass(frozen=True)
class Compare:
    """`path op value`; with `count` the left side is the size of a relationship."""

    path: Path
    op: str
    value: Any
    count: bool = False


@dataclass(frozen=True)
class Function:
    """`startswith(path,'value')` and its kin."""

    name: str
    path: Path
    value: str


@dataclass(frozen=True)
class In:
    """`path in ('a','b')`."""

    path: Path
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Lambda:
    """`path/any(v:…)` or `path/all(v:…)`; the inner tree's paths begin below `v`."""

    path: Path
    all: bool
    inner: "Node | None"


@dataclass(frozen=True)
class Not:
    """`not (…)`."""

    inner: "Node"


@dataclass(frozen=True)
class Combine:
    """`left and right` or `left or right`."""

    op: str
    left: "Node"
    right: "Node"


Node = Compare | Function | In | Lambda | Not | Combine

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>'(?:[^']|'')*')
    | (?P<guid>[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})
    | (?P<time>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?)
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<name>[A-Za-z_$@][A-Za-z0-9_.$]*)
    | (?P<mark>[():,/])
    )""",
    re.VERBOSE,
)
_COMPARISONS = {"eq", "ne", "ge", "gt", "le", "lt", "has"}
_FUNCTIONS = {"startswith", "endswith", "contains"}
_WORDS = {"null": None, "true": True, "false": False}
_DEPTH = 40


@lru_cache(maxsize=2048)
def parse(text: str) -> Node:
    """Parse a filter; a GraphError says where it is wrong."""
    parser = _Parser(text)
    node = parser.alternatives()
    parser.expect_end()
    return node


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._at = 0
        self._variables: list[str] = []
        self._depth = 0

    def alternatives(self) -> Node:
        node = self._conjunction()
        while self._take_name("or"):
            node = Combine("or", node, self._conjunction())
        return node

    def expect_end(self) -> None:
        if self._at != len(self._tokens):
            raise self._error()

    def _conjunction(self) -> Node:
        node = self._unary()
        while self._take_name("and"):
            node = Combine("and", node, self._unary())
        return node

    def _unary(self) -> Node:
        self._depth += 1
        if self._depth > _DEPTH:
            raise bad_request("Invalid filter clause: the query is too deep.", "BadRequest")
        try:
            if self._take_name("not"):
                return Not(self._unary())
            if self._take("("):
                node = self.alternatives()
                self._expect(")")
                return node
            kind, name = self._next()
            if kind != "name":
                raise self._error()
            if name.casefold() in _FUNCTIONS and self._take("("):
                return self._function(name.casefold())
            return self._term(name)
        finally:
            self._depth -= 1

    def _function(self, name: str) -> Node:
        path = self._path(self._name())
        self._expect(",")
        value = self._literal()
        self._expect(")")
        if not isinstance(value, str):
            raise self._error()
        return Function(name, path, value)

    def _term(self, first: str) -> Node:
        segments = [first]
        while self._take("/"):
            name = self._name()
            if name.casefold() in {"any", "all"} and self._take("("):
                return self._lambda(self._below(segments), all_of=name.casefold() == "all")
            segments.append(name)
        count = segments[-1].casefold() == "$count"
        path = self._below(segments[:-1] if count else segments)
        op = self._name().casefold()
        if op == "in":
            return In(path, self._values())
        if op not in _COMPARISONS:
            raise self._error()
        return Compare(path, op, self._literal(), count)

    def _lambda(self, path: Path, *, all_of: bool) -> Node:
        if self._take(")"):
            return Lambda(path, all_of, None)
        variable = self._name()
        self._expect(":")
        self._variables.append(variable)
        inner = self.alternatives()
        self._variables.pop()
        self._expect(")")
        return Lambda(path, all_of, inner)

    def _values(self) -> tuple[Any, ...]:
        self._expect("(")
        values = [self._literal()]
        while self._take(","):
            values.append(self._literal())
        self._expect(")")
        return tuple(values)

    def _path(self, first: str) -> Path:
        segments = [first]
        while self._take("/"):
            segments.append(self._name())
        return self._below(segments)

    def _below(self, segments: list[str]) -> Path:
        """Turn segments into a path; a lambda's own variable is left away."""
        if not self._variables:
            return tuple(segments)
        if segments[0] != self._variables[-1]:
            raise self._error()
        return tuple(segments[1:])

    def _literal(self) -> Any:
        kind, text = self._next()
        match kind:
            case "string":
                return text[1:-1].replace("''", "'")
            case "number":
                return float(text) if "." in text else int(text)
            case "guid":
                return Bare(text)
            case "time" if is_stamp(text):
                return Bare(text)
            case "name" if text.casefold() in _WORDS:
                return _WORDS[text.casefold()]
        raise self._error()

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise self._error()
        self._at += 1
        return self._tokens[self._at - 1]

    def _name(self) -> str:
        kind, text = self._next()
        if kind != "name":
            raise self._error()
        return text

    def _take(self, mark: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == ("mark", mark):
            self._at += 1
            return True
        return False

    def _take_name(self, name: str) -> bool:
        if self._at < len(self._tokens):
            kind, text = self._tokens[self._at]
            if kind == "name" and text.casefold() == name:
                self._at += 1
                return True
        return False

    def _expect(self, mark: str) -> None:
        if not self._take(mark):
            raise self._error()

    def _error(self) -> ODataError:
        return _invalid(self._text)


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _invalid(text)
        tokens.append((match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    return tokens


def _invalid(text: str) -> ODataError:
    # The gateway's own code is BadRequest, without `Request_`.
    return bad_request(f"Invalid filter clause: Syntax error in '{text}'.", "BadRequest")
