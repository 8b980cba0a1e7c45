"""Save a directory under a name, compare it with a later one, restore it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from entra_emulator.directory import Tenants
from entra_emulator.snapshots.compare import DirectoryDifference, differences

# What a reset goes back to, what is there now, and what was there before the portal's last change: no
# snapshot is saved under these names.
BEGINNING, NOW, LAST = "beginning", "now", "before the last change"
MOST = 50
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}", re.ASCII)


class SnapshotError(ValueError):
    """There is no such snapshot, or none can be taken under this name; the message says which and what is
    known.
    """


@dataclass(frozen=True)
class KeptDirectory:
    """The directory at one moment; it shares what has not changed since, and is never written to."""

    name: str
    taken: datetime
    directory: Tenants = field(repr=False)


class Snapshots:
    """The snapshots of one directory, by name, for as long as the process runs: at most 50."""

    def __init__(self, directory: Tenants, initial: Callable[[], Tenants]) -> None:
        """Keep snapshots of `directory`; `initial` makes what a reset goes back to."""
        self._directory, self._initial = directory, initial
        self._kept: dict[str, KeptDirectory] = {}
        self._last: KeptDirectory | None = None

    def kept(self) -> list[KeptDirectory]:
        """Give all of them, oldest first."""
        return list(self._kept.values())

    def save(self, name: str) -> KeptDirectory:
        """Save the current directory under a name, in place of an older one of this name."""
        return self.keep(name, self._directory.fork())

    def keep(self, name: str, directory: Tenants) -> KeptDirectory:
        """Keep a directory that nobody else writes to under a name, such as one that came in a file."""
        if not _NAME.fullmatch(name) or name in {BEGINNING, NOW, LAST}:
            message = (
                f"a snapshot cannot be called {name[:80]!r}: letters, digits, spaces, `.`, `_` and `-`, "
                f"at most 64, and none of {BEGINNING}, {NOW} and {LAST}"
            )
            raise SnapshotError(message)
        if name not in self._kept and len(self._kept) >= MOST:
            message = (
                f"{MOST} snapshots are kept, which is all: drop one first, e.g. {next(iter(self._kept))}"
            )
            raise SnapshotError(message)
        self._kept.pop(name, None)
        self._kept[name] = KeptDirectory(name, self._directory.clock.now(), directory)
        return self._kept[name]

    def note(self) -> KeptDirectory:
        """Give the directory of now, for whoever changes it next; `changed` keeps it."""
        return KeptDirectory(LAST, self._directory.clock.now(), self._directory.fork())

    def changed(self, before: KeptDirectory) -> None:
        """Keep what was there before a change, in place of what was there before the last one."""
        self._last = before

    @property
    def last(self) -> KeptDirectory | None:
        """Give what was there before the last change that somebody made in the portal."""
        return self._last

    def drop(self, name: str) -> None:
        """Forget a snapshot."""
        if name == LAST:
            self._last = None
            return
        self._find(name)
        del self._kept[name]

    def restore(self, name: str) -> None:
        """Restore the directory of a snapshot; the clock goes on, and the snapshot stays."""
        if name == BEGINNING:
            self.reset()
            return
        self._directory.replace(self._find(name).directory.fork())

    def reset(self) -> None:
        """Put the directory to where it began; snapshots stay."""
        self._directory.replace(self._initial())

    def differences(self, since: str, until: str = NOW) -> list[DirectoryDifference]:
        """Tell what differs between two snapshots, or between one and now."""
        return differences(self.directory(since), self.directory(until))

    def directory(self, name: str) -> Tenants:
        """Give the directory of a snapshot, of the beginning or of now: to be read, not written to."""
        if name == NOW:
            return self._directory
        return self._initial() if name == BEGINNING else self._find(name).directory

    def taken(self, name: str) -> datetime | None:
        """Give when a snapshot was taken; of the beginning nobody knows."""
        if name == NOW:
            return self._directory.clock.now()
        return None if name == BEGINNING else self._find(name).taken

    def _find(self, name: str) -> KeptDirectory:
        found = self._last if name == LAST else self._kept.get(name)
        if found is None:
            known = ", ".join((BEGINNING, *self._kept, NOW))
            message = f"there is no snapshot {name[:80]!r}; there is {known}"
            raise SnapshotError(message)
        return found
