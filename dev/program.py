"""What both programs of this folder do alike: they speak on stderr, look for a free port, end by Ctrl-C."""

from __future__ import annotations

import signal
import socket
import sys
from typing import NoReturn


def end_by_signals() -> None:
    """Have Ctrl-C and SIGTERM raise KeyboardInterrupt."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # Set even for SIGINT: a shell's background job would ignore it.
        signal.signal(number, _interrupt)


def is_free(port: int) -> bool:
    """Tell whether nothing listens on a port of loopback."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def say(text: str) -> None:
    """Say something."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201  # a program's own words


def failed(text: str) -> int:
    """Say what went wrong; return the exit code."""
    say(f"error: {text}")
    return 1


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
