"""Nodes in, Python values out; what does not fit is noted with its place and what was expected."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from entra_config.manifest import until
from entra_config.manifest.reading.node import Entry, Items, Map, Node, Scalar, describe, is_null
from entra_config.manifest.reading.problems import Problems, listing, near
from entra_config.resource import Text, Value

GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
KEY = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
# Whatever is below a space, but for line feeds and tabs; and delete.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
MAX_KEY = 64


class Reader:
    """Reads nodes; every method answers something usable, so that one problem does not hide the next."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def expected(self, node: Node, what: str, wanted: str) -> None:
        """Note that something else was expected."""
        self.problems.add(node.position, f"`{what}`: expected {wanted}, found {describe(node)}")

    def map(self, node: Node | None, what: str) -> Map:
        """Read a map; absent and null are an empty one."""
        if isinstance(node, Map):
            return node
        if node is not None and not is_null(node):
            self.expected(node, what, "a map")
        return Map(position=node.position) if node else Map()

    def items(self, node: Node | None, what: str) -> Sequence[Node]:
        """Read a list; absent and null are an empty one."""
        if isinstance(node, Items):
            return node.items
        if node is not None and not is_null(node):
            self.expected(node, what, "a list")
        return ()

    def only(self, node: Map, known: Collection[str], what: str) -> None:
        """Note every key that is not known."""
        for key, entry in node.entries.items():
            if key not in known:
                self.problems.add(entry.position, f"`{key}` is not a key of {what}.{near(key, known)}")

    def text(self, node: Node | None, what: str, *, longest: int = 0, empty: bool = False) -> str | None:
        """Read a text; None where it is absent, null or none."""
        value = self.reference(node, what, longest=longest, empty=empty)
        if isinstance(value, Text):
            assert node is not None
            self.problems.add(node.position, f"`{what}`: an appId is not known yet and cannot stand here")
            return None
        return value

    def reference(
        self, node: Node | None, what: str, *, longest: int = 0, empty: bool = False
    ) -> str | Text | None:
        """Read a text that may hold `${appId}`; None where it is absent, null or none."""
        if node is None or is_null(node):
            return None
        if not (isinstance(node, Scalar) and isinstance(node.value, str | Text)):
            hint = " (write it in quotes)" if isinstance(node, Scalar) else ""
            self.expected(node, what, f"a string{hint}")
            return None
        value = node.value
        if isinstance(value, str):
            if not value.strip() and not empty:
                self.problems.add(node.position, f"`{what}` is empty: write null, or leave the key out")
                return None
            if _CONTROL.search(value):
                self.problems.add(node.position, f"`{what}` holds a control character")
                return None
        if longest and len(_shortest(value)) > longest:
            self.problems.add(
                node.position, f"`{what}` is {len(_shortest(value))} characters long; Graph takes {longest}"
            )
        return value

    def required(self, owner: Map, key: str, what: str, *, longest: int = 0) -> str:
        """Read a text that must be there; "" where it is not."""
        node = owner.node(key)
        if node is None or is_null(node):
            self.problems.add(owner.where(key), f"`{key}` of {what} is missing: a string")
            return ""
        return self.text(node, key, longest=longest) or ""

    def flag(self, node: Node | None, what: str) -> bool | None:
        """Read true or false; None where it is absent, null or neither."""
        if node is None or is_null(node):
            return None
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        self.expected(node, what, "true or false")
        return None

    def whole(self, node: Node | None, what: str, *, least: int = 0, most: int = 10_000) -> int | None:
        """Read a whole number; None where it is absent, null or none."""
        if node is None or is_null(node):
            return None
        if isinstance(node, Scalar) and isinstance(node.value, int) and not isinstance(node.value, bool):
            if least <= node.value <= most:
                return node.value
            self.problems.add(
                node.position, f"`{what}`: expected a number from {least} to {most}, found {node.value}"
            )
            return None
        self.expected(node, what, "a whole number")
        return None

    def choice(self, node: Node | None, what: str, choices: Collection[str]) -> str | None:
        """Read one of some words; None where it is absent, null or none of them."""
        value = self.text(node, what)
        if value is not None and value not in choices:
            assert node is not None
            self.problems.add(
                node.position,
                f"`{what}`: `{value}` is none of {listing(choices, 'or')}.{near(value, choices)}",
            )
            return None
        return value

    def texts(self, node: Node | None, what: str, *, longest: int = 0) -> tuple[str, ...]:
        """Read a list of strings without doubles."""
        return tuple(
            value
            for value in self.references(node, what, longest=longest, plain=True)
            if isinstance(value, str)
        )

    def references(
        self, node: Node | None, what: str, *, longest: int = 0, plain: bool = False
    ) -> tuple[str | Text, ...]:
        """Read a list of strings that may hold `${appId}`, without doubles."""
        found: dict[Value, None] = {}
        for item in self.items(node, what):
            read = self.text if plain else self.reference
            value = read(item, what, longest=longest)
            if value is None:
                if is_null(item):
                    self.expected(item, what, "a string")
            elif value in found:
                self.problems.add(item.position, f"`{what}`: duplicate `{value}`")
            else:
                found[value] = None
        return tuple(found)

    def day(self, node: Node | None, what: str) -> date | None:
        """Read a day as the calendar has it; None where it is absent, null or none."""
        if isinstance(node, Scalar) and isinstance(node.value, int | float):
            self.expected(node, what, f"a day such as {until.EXAMPLE}")
            return None
        text = self.text(node, what)
        if text is None:
            return None
        try:
            return until.parse(text)
        except until.DayError as error:
            assert node is not None
            self.expected(node, what, str(error))
            return None

    def lasting(self, node: Node | None, what: str) -> tuple[Node | None, Mapping[str, until.Until]]:
        """Read a list of which entries may be `{ name: …, until: DAY }`; the same with plain names, and until
        when those hold that end.
        """
        found: dict[str, until.Until] = {}
        if not isinstance(node, Items):
            return node, found
        items: list[Node] = []
        for item in node.items:
            if not isinstance(item, Map):
                items.append(item)
                continue
            self.only(item, ("name", "until"), f"an entry of `{what}`")
            name, day = item.node("name"), self.day(item.node("until"), "until")
            if name is None or is_null(name):
                self.problems.add(item.position, f"`{what}`: an entry that is a map needs its `name`")
                continue
            items.append(name)
            if day is not None and isinstance(name, Scalar) and isinstance(name.value, str):
                found[name.value] = until.Until(day, item.position)
        plain = [item for item in items if isinstance(item, Scalar) and item.value in found]
        for number, item in enumerate(plain):
            if any(item.value == each.value for each in plain[:number]):
                self.problems.add(item.position, f"`{what}`: duplicate `{item.value}`")
        return Items(tuple(items), node.position), found

    def guid(self, node: Node | None, what: str) -> str | None:
        """Read an id, in lower case as Graph writes it."""
        value = self.text(node, what)
        if value is None:
            return None
        if GUID.fullmatch(value):
            return value.lower()
        assert node is not None
        self.expected(node, what, "an id like 00000000-0000-0000-0000-000000000000")
        return None

    def key(self, node: Node, what: str) -> str:
        """Read a text that is a key."""
        value = self.text(node, what) or ""
        if value:
            self._check_key(value, Entry(value, node.position, node), what)
        return value

    def name(self, entry: Entry, what: str) -> str:
        """Read the key of an entry as the name of something."""
        self._check_key(entry.key, entry, what)
        return entry.key

    def distinct(self, entries: Iterable[Entry], what: str) -> None:
        """Note names that differ only in the case of a letter: Graph does not tell them apart, this tool
        does.
        """
        seen: dict[str, Entry] = {}
        for entry in entries:
            first = seen.setdefault(entry.key.casefold(), entry)
            if first.key != entry.key:
                message = (
                    f"`{entry.key}` ({what}) and `{first.key}` at {first.position} differ only in the "
                    "case of a letter"
                )
                self.problems.add(entry.position, f"{message}: Graph does not tell them apart")

    def _check_key(self, value: str, entry: Entry, what: str) -> None:
        if not KEY.fullmatch(value):
            message = "is no key: a letter, then letters, digits and hyphens"
            self.problems.add(entry.position, f"`{value}` ({what}) {message}")
        elif len(value) > MAX_KEY:
            self.problems.add(entry.position, f"`{value}` ({what}) is longer than {MAX_KEY} characters")


def _shortest(value: str | Text) -> str:
    """Return the text with every reference as long as an appId."""
    if isinstance(value, str):
        return value
    return "".join(part if isinstance(part, str) else "0" * 36 for part in value.parts)
