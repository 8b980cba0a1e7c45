"""The manifest's folder in; whether it was saved since the last look, out: by the files' names, sizes and
times, since a look every fifth of a second needs no library.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Stamp = tuple[str, int, int]


@dataclass
class Saves:
    """Looks at the YAML below a folder; a save is told once the files are the same at two looks, since an
    editor writes several files, and some in pieces.
    """

    folder: Path
    known: frozenset[Stamp] = frozenset()
    seen: frozenset[Stamp] = field(default=frozenset())

    def __post_init__(self) -> None:
        self.known = self.seen = frozenset(self._stamps())

    def happened(self) -> bool:
        """Look; True where something was saved since the last True, and is saved whole."""
        now = frozenset(self._stamps())
        settled = now == self.seen
        self.seen = now
        if settled and now != self.known:
            self.known = now
            return True
        return False

    def again(self) -> None:
        """Take the folder as it is: what was written there just now was not saved by a person."""
        self.known = self.seen = frozenset(self._stamps())

    def _stamps(self) -> Iterator[Stamp]:
        for pattern in ("*.yaml", "*.yml"):
            for path in self.folder.rglob(pattern):
                try:
                    status = path.stat()
                except FileNotFoundError:
                    continue  # an editor replaces files by renaming
                yield str(path), status.st_mtime_ns, status.st_size
