"""What a restricted file may declare: patterns of key paths, so that CODEOWNERS guards keys and not just
files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from entra_config.errors import Position
from entra_config.manifest.fields.binder import Bound
from entra_config.manifest.reading.node import Items, Map, Node, Scalar, entries_at
from entra_config.manifest.reading.problems import Problems, listing
from entra_config.manifest.reading.reader import Reader

_LABELLED = ("appRoles", "scopes")


@dataclass(frozen=True, slots=True)
class PathRestriction:
    """The patterns of one `mayDeclare`; `*` stays in its segment, and all below a match is included."""

    patterns: tuple[str, ...]

    @classmethod
    def read(cls, entry: Bound, reader: Reader) -> PathRestriction:
        """Read `mayDeclare` of an entry of `files`."""
        patterns = []
        for node in entry["mayDeclare"]:
            pattern = reader.text(node, "mayDeclare")
            if pattern is None:
                continue
            if not all(pattern.split("/")):
                reader.problems.add(
                    node.position, f"`{pattern}`: key paths look like `applications/api/appRoles/Billing.*`"
                )
            patterns.append(pattern)
        return cls(tuple(patterns))

    def check(self, document: Map, problems: Problems, file: str = "") -> None:
        """Note every key of a document that is outside; with a `file`, every key that this file decides."""
        for path, position in _leaves(document, ()):
            if not self.allows(path) and (not file or file in position.files):
                allowed = f"{file or 'this file'} may declare: {listing(self.patterns)}"
                problems.add(position, f"`{'/'.join(path)}` is outside of what {allowed}")
        for path, node in _labelled(document):
            self._check_label(path, node, problems, file)

    def allows(self, path: tuple[str, ...]) -> bool:
        """Tell whether a key path is inside."""
        return any(_matches(pattern.split("/"), path) for pattern in self.patterns)

    def reaches(self, path: tuple[str, ...]) -> bool:
        """Tell whether a key path is inside, or something below it."""
        return any(all(map(matches_segment, pattern.split("/"), path)) for pattern in self.patterns)

    def _check_label(self, path: tuple[str, ...], node: Map, problems: Problems, file: str) -> None:
        # A label inside the path restriction could still take over a role outside of it, by its value, its
        # old label or its id.
        for key in ("value", "previously"):
            other = node.node(key)
            if (
                isinstance(other, Scalar)
                and isinstance(other.value, str)
                and not self.allows((*path[:-1], other.value))
                and (not file or file in other.position.files)
            ):
                problems.add(
                    other.position, f"`{key}: {other.value}` is outside of what this file may declare"
                )
        if "id" in node.entries and (not file or file in node.where("id").files):
            problems.add(node.where("id"), "an `id` of a role or scope stands in a file without `mayDeclare`")


def _matches(pattern: list[str], path: tuple[str, ...]) -> bool:
    return len(pattern) <= len(path) and all(map(matches_segment, pattern, path))


def matches_segment(pattern: str, segment: str) -> bool:
    """Return True if a segment of a pattern, in which `*` is any text, matches a key."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), segment, re.DOTALL) is not None


def _leaves(node: Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Position]]:
    """Yield the path of every value, with where its key stands."""
    if not isinstance(node, Map):
        return
    for key, entry in node.entries.items():
        below = (*path, key)
        if isinstance(entry.node, Scalar | Items) or not entry.node.entries:
            yield below, entry.position
        else:
            yield from _leaves(entry.node, below)


def _labelled(document: Map) -> Iterator[tuple[tuple[str, ...], Map]]:
    """Yield each role and scope of a document with its path."""
    for key, application in entries_at(document, "applications").items():
        for collection in _LABELLED:
            for label, entry in entries_at(application.node, collection).items():
                if isinstance(entry.node, Map):
                    yield ("applications", key, collection, label), entry.node
