"""The emulator's clock in; how far it was moved, in a file of the state folder, out: whoever on this machine
verifies its tokens can keep the same time.
"""

from pathlib import Path

from entra_emulator.clock import SystemClock
from entra_emulator.state import state_files


class SharedClock(SystemClock):
    """The machine's time, moved on request; each move is written down as seconds."""

    def __init__(self, state: Path) -> None:
        """Begin at the machine's time, whatever a process before this one had moved."""
        super().__init__()
        self._file = state / state_files.CLOCK_FILE
        self._write()

    def advance(self, seconds: float) -> None:
        """Move the emulator's time forward."""
        super().advance(seconds)
        self._write()

    def back(self) -> None:
        """Go back to the machine's own time."""
        super().back()
        self._write()

    def _write(self) -> None:
        state_files.write_private(self._file, str(self.offset.total_seconds()).encode())
