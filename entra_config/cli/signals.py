"""Decide what Ctrl-C and SIGTERM do: every command ends by SIGTERM as it ends by Ctrl-C."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

    from entra_config.cli.output import Output


@contextmanager
def convert_sigterm() -> Iterator[None]:
    """Have SIGTERM do what Ctrl-C does, whatever handles Ctrl-C at that moment.

    A program that called us and has its own handler keeps it, and so does Windows.
    """

    def end(number: int, frame: FrameType | None) -> None:
        if frame is not None and frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            # An exception in a callback of an import is lost: try again a moment later.
            again = threading.Timer(0.01, os.kill, (os.getpid(), number))
            again.daemon = True
            again.start()
            return
        # Shells start what runs in the background with Ctrl-C ignored.
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            raise KeyboardInterrupt
        signal.raise_signal(signal.SIGINT)

    if threading.current_thread() is not threading.main_thread():  # where Python handles no signals
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    if before is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        if before is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, before)


@contextmanager
def stop_on_interrupt(output: Output) -> Iterator[asyncio.Event]:
    """Give an event that Ctrl-C sets: what is in flight ends, nothing new begins. A second Ctrl-C ends at
    once.
    """
    import asyncio

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGINT)

    def restore() -> None:
        if loop.remove_signal_handler(signal.SIGINT):
            signal.signal(signal.SIGINT, before)

    def request_stop() -> None:
        stop.set()
        output.say("stopping: what is in flight is finished, nothing new is begun (once more to end at once)")
        restore()

    # Windows has no such handlers; Ctrl-C ends at once there, and the next apply goes on.
    with suppress(NotImplementedError):
        loop.add_signal_handler(signal.SIGINT, request_stop)
    try:
        yield stop
    finally:
        # As above: Windows has none to give back.
        with suppress(NotImplementedError):
            restore()
