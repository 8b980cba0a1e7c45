"""Fills `${…}` in values: variables and the environment's own words as text, appIds as references.

placeholder                 becomes                                      stands
`${name}`                   the variable; as it is where it stands alone everywhere
`${environment}`            the environment's name                       everywhere, in variables too
`${tenantId}`               the environment's tenant                     everywhere, in variables too
`${appId}`                  Ref to the application's own appId           URIs, notes, `properties`, `settings`
`${applications.KEY.appId}` Ref to another's; leaves with it by `only`   the same
`$${`                       the text `${`                                everywhere
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from entra_config.errors import Position
from entra_config.manifest.reading.node import Entry, Items, Map, Node, Scalar
from entra_config.manifest.reading.problems import Problems, near
from entra_config.resource import Address, Ref, Text

TOKEN = re.compile(r"\$\$\{|\$\{([^{}]*)\}|\$\{")
_APPLICATION = re.compile(r"applications\.([^.]+)\.appId")
# A placeholder that names an application, also one that has the item of `each` in its key.
_NESTED = re.compile(r"\$\$\{|\$\{applications\.((?:[^.{}]|\$\{[^{}]*\})+)\.appId\}")
BUILT_IN = ("environment", "tenantId", "appId")

Variable = str | int | float | bool | None


def app_id(key: str) -> Ref:
    """Return the reference to an application's appId."""
    return Ref(Address("application", key), "appId")


@dataclass(frozen=True, slots=True)
class Mention:
    """A placeholder in a text: the variable or the key of the application that it names, and where."""

    name: str
    start: int
    end: int
    application: bool


def mentions(text: str) -> Iterator[Mention]:
    """Yield each placeholder of a text that names a variable or an application."""
    found = [
        *(Mention(token[1], *token.span(1), True) for token in _NESTED.finditer(text) if token[1]),
        *(
            Mention(token[1], *token.span(1), False)
            for token in TOKEN.finditer(text)
            if token[1] is not None and not _APPLICATION.fullmatch(token[1])
        ),
    ]
    yield from sorted(found, key=lambda mention: mention.start)


class Placeholders:
    """Knows what each placeholder of one environment stands for."""

    def __init__(
        self,
        words: Mapping[str, Variable],
        *,
        applications: Collection[str],
        excluded: Collection[str],
        problems: Problems,
    ) -> None:
        self._words = words
        self._applications = applications
        self._excluded = excluded
        self._problems = problems

    def fill(self, node: Node, own: str | None = None) -> Node | None:
        """Return the node with its placeholders filled; None where it refers to what `only` leaves out."""
        match node:
            case Map():
                entries = {}
                same = True
                for key, entry in node.entries.items():
                    if "${" in key:
                        self._problems.add(
                            entry.position, f"`{key}`: placeholders stand in values, not in keys"
                        )
                    filled = self.fill(entry.node, own)
                    same = same and filled is entry.node
                    if filled is not None:
                        entries[key] = entry if filled is entry.node else Entry(key, entry.position, filled)
                return node if same else Map(entries, node.position)
            case Items():
                items = [self.fill(item, own) for item in node.items]
                if all(filled is item for filled, item in zip(items, node.items, strict=True)):
                    return node
                return Items(tuple(item for item in items if item is not None), node.position)
            case Scalar(str() as text) if "${" in text:
                return self._scalar(text, node.position, own)
            case _:
                return node

    def _scalar(self, text: str, position: Position, own: str | None) -> Scalar | None:
        parts: list[str | Ref] = []
        rest = 0
        for token in TOKEN.finditer(text):
            parts.append(text[rest : token.start()])
            rest = token.end()
            if token[0] == "$${":
                parts.append("${")
                continue
            if token[1] is None:
                self._problems.add(
                    position, "`${` without `}`; write `$${` for the two characters themselves"
                )
                continue
            if token[1] in self._words and token[0] == text:
                return Scalar(self._words[token[1]], position)
            part = self._part(token[1], position, own)
            if isinstance(part, Ref) and part.address.key in self._excluded:
                return None
            parts.append(part)
        parts.append(text[rest:])
        return Scalar(_joined(parts), position)

    def _part(self, name: str, position: Position, own: str | None) -> str | Ref:
        if name in self._words:
            value = self._words[name]
            return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        if name == "appId":
            if own is not None:
                return app_id(own)
            self._problems.add(
                position,
                "`${appId}` stands only inside an application; elsewhere `${applications.KEY.appId}`",
            )
            return "appId"
        if match := _APPLICATION.fullmatch(name):
            if match[1] in self._applications or match[1] in self._excluded:
                return app_id(match[1])
            self._problems.add(
                position, f"`${{{name}}}`: no application `{match[1]}`.{near(match[1], self._applications)}"
            )
            return "appId"
        known = (*self._words, "appId", *(f"applications.{key}.appId" for key in self._applications))
        message = f"`${{{name}}}` is not a variable of this environment.{near(name, known)}"
        self._problems.add(position, message)
        return "unknown"


def _joined(parts: list[str | Ref]) -> str | Text:
    merged: list[str | Ref] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    if not merged:
        return ""
    return merged[0] if len(merged) == 1 and isinstance(merged[0], str) else Text(tuple(merged))
