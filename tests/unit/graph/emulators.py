"""A state folder on which an emulator seems to run, without a process."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from entra_emulator import tls
from entra_emulator.state import records, runs

RUN = records.Run(2, "then", "127.0.0.1", 8443, "known", "t", "c", "hush")


def pretend(monkeypatch: pytest.MonkeyPatch, state: Path) -> Path:
    """Record a server that proves itself to everybody, and return the folder."""
    tls.ensure(state, dt.datetime.now(dt.UTC))
    records.write_run(state, RUN)
    monkeypatch.setattr(runs, "is_proven", lambda *_: True)
    return state
