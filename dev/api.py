"""`uvicorn dev.api:app`: the API of these settings, at the time of the emulator that signs its tokens.

In a deployment it is `api.main:app`, and nobody moves the time.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from api.app import create
from api.logs import configure
from api.settings import load

CLOCK = "DEV_CLOCK_FILE"  # where the emulator writes down how far its clock was moved


class EmulatorTime:
    """The machine's time, moved as far as the emulator's: read anew each time, since a move says so nowhere
    else.
    """

    def __init__(self, file: Path) -> None:
        """Follow the clock of the emulator that writes a file."""
        self._file, self._offset = file, 0.0

    def __call__(self) -> float:
        """Return seconds since 1970."""
        try:
            self._offset = float(self._file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            # The emulator is starting anew: what was so a moment ago is near enough.
            return time.time() + self._offset
        return time.time() + self._offset


settings = load()
configure(settings.server.log_level)
app = create(settings, now=EmulatorTime(Path(os.environ[CLOCK])))
