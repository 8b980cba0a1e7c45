"""Links between objects in; the same as a replica that is behind shows them to whoever lists them, out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from entra_emulator.table import Links


class LaggingLinks(Links):
    """Owners whose lists are behind while `lag` says so: the tables of the emulator lag, its links do not."""

    def __init__(self, links: Links, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.lag = 0.0
        self._now = now
        # (time of the write, whose links, what they were before)
        self._before: list[tuple[datetime, str, list[str]]] = []
        self.load(links.dump())
        self._before.clear()

    def add(self, source: str, target: str) -> bool:
        """Link two objects; False where the link exists."""
        self._remember(source)
        return super().add(source, target)

    def remove(self, source: str, target: str) -> bool:
        """Unlink two objects; False where there is no such link."""
        self._remember(source)
        return super().remove(source, target)

    def targets(self, source: str) -> list[str]:
        """Give what an object links to, as it was as long ago as the lag."""
        since = self._now() - timedelta(seconds=self.lag)
        older = next((targets for at, of, targets in self._before if of == source and at > since), None)
        return super().targets(source) if older is None or not self.lag else older

    def _remember(self, source: str) -> None:
        self._before.append((self._now(), source, super().targets(source)))
