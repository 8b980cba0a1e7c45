"""Ctrl-C and SIGTERM while a plan is carried out: what is in flight ends, and nothing more begins."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from entra_config.cli import carrying
from entra_config.cli.output import Output

OUTPUT = Output(no_color=True)


@pytest.fixture
def ignored() -> Iterator[None]:
    """Put the handlers of signals back."""
    kept = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    yield
    signal.signal(signal.SIGINT, kept[0])
    signal.signal(signal.SIGTERM, kept[1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_what_is_not_begun(
    capsys: pytest.CaptureFixture[str], ignored: None, number: signal.Signals
) -> None:
    """It is said once; afterwards both signals are what they were."""

    async def stopped() -> tuple[bool, bool, bool]:
        with carrying.stopping(OUTPUT) as stop:
            before = stop.is_set()
            os.kill(os.getpid(), number)
            await asyncio.wait_for(stop.wait(), 60)
            loop = asyncio.get_running_loop()
            left = [loop.remove_signal_handler(each) for each in (signal.SIGINT, signal.SIGTERM)]
        return before, stop.is_set(), any(left)

    assert asyncio.run(stopped()) == (False, True, False)
    assert " ".join(capsys.readouterr().err.split()) == (
        "stopping: what is in flight is finished, nothing new is begun (once more to end at once)"
    )

    async def undisturbed() -> bool:
        with carrying.stopping(OUTPUT) as stop:
            pass
        return stop.is_set() or any(
            asyncio.get_running_loop().remove_signal_handler(each) for each in (signal.SIGINT, signal.SIGTERM)
        )

    assert not asyncio.run(undisturbed())
