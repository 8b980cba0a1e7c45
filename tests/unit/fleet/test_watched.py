"""Whoever watches the process of a shard, on pipes: no process is begun."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from entra_config.errors import UsageError
from entra_fleet.run import tenant_process
from entra_fleet.run.tenant_process import ProcessEnd, ShardProcesses


@pytest.mark.parametrize(
    ("code", "how"),
    [
        (0, "ended with code 0"),
        (75, "ended with code 75"),
        (-9, "ended with signal 9"),
        (None, "ended, nobody knows how,"),
    ],
)
def test_how_a_process_ended(code: int | None, how: str) -> None:
    """By a code, by a signal, or unseen."""
    assert ProcessEnd(code, "", late=False).how == how


class Watched:
    """A process by the pipes that it would hold: what it says, and what the fork server says of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        hearing, self.said = os.pipe()
        watching, self.state = os.pipe()
        self.killed: list[tuple[int, int]] = []
        self.own = tenant_process._Watched(hearing, watching)
        monkeypatch.setattr(os, "kill", self.kill)

    def kill(self, pid: int, number: int) -> None:
        """Take a signal; the last one ends it."""
        self.killed.append((pid, number))
        if number == signal.SIGKILL:
            self.ends("-9 0.5")

    def ends(self, line: str = "") -> None:
        """Let go of both pipes, once it is said how it ended."""
        if line:
            os.write(self.state, f"{line}\n".encode())
        for each in (self.said, self.state):
            os.close(each)

    def close(self) -> None:
        """Let go of the other ends."""
        for each in (self.own.hearing, self.own.watching):
            os.close(each)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """Watch one."""
    found = Watched(monkeypatch)
    yield found
    found.close()


def test_one_whose_end_nobody_saw(watched: Watched) -> None:
    """Its fork server is gone."""
    os.write(watched.state, b"42\n")
    watched.ends()
    assert watched.own.end(60, 60) == ProcessEnd(None, "", late=False, cpu=0.0)


@pytest.mark.parametrize(("received", "signals"), [(b"", 0), (b"42", 0), (b"42\n", 1), (b"42\n0 1\n", 0)])
def test_a_number_that_may_be_another_s_gets_no_signal(
    watched: Watched, received: bytes, signals: int
) -> None:
    """Before it is known, and once it has ended; one that is gone meanwhile is no error."""
    watched.own.received = received
    watched.own._signal(signal.SIGTERM)
    assert watched.killed == [(42, signal.SIGTERM)] * signals
    watched.ends()


def test_where_nothing_can_fork_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """And it is said on which systems it can be."""
    monkeypatch.delattr(os, "fork")
    with (
        ShardProcesses(Path("fleet.yaml")) as processes,
        pytest.raises(UsageError, match="needs a system that can"),
    ):
        processes.run({}, seconds=1, grace=1)


def test_what_cannot_be_sent_is_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried once more, with another fork server; no pipe is left open."""
    processes, stopped = ShardProcesses(Path("fleet.yaml"), silence=2.5), list[int]()

    def started() -> Any:
        ours, theirs = socket.socketpair()
        theirs.close()
        return ours

    def broken(*_: object) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(processes, "_started", started)
    monkeypatch.setattr(processes, "_stop", lambda: stopped.append(1))
    monkeypatch.setattr(socket, "send_fds", broken)
    before = len(list(Path("/proc/self/fd").iterdir()))
    end = processes.run({"task": "x"}, seconds=1, grace=1)
    assert end == ProcessEnd(None, "nothing can be started: Broken pipe", late=False)
    assert stopped == [1, 1]
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert processes._beats == set()
