"""Requests in; what came of the process of each out: a fork server, and a beat that says that this one lives.

Safe to use from several threads: what is sent to the fork server is sent by one at a time.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from entra_config.errors import UsageError

SILENCE = 3.0  # seconds without a beat after which a shard's process ends itself
_BEATS = 6  # in that time
_SAID = 4000  # bytes that are kept of what a process said
_START = 300.0  # seconds until a process has begun: the fork server loads all code first
_FORCED = 10.0  # seconds that the system may take to end a process by force


@dataclass(frozen=True, slots=True)
class ProcessEnd:
    """How a process ended: its code (negative: a signal; None: nobody knows), what it said last, whether it
    was ended because it took too long, and seconds of CPU that it used.
    """

    code: int | None
    said: str
    late: bool
    cpu: float = 0.0

    @property
    def how(self) -> str:
        """Return it in words."""
        if self.code is None:
            return "ended, nobody knows how,"
        return f"ended with {f'signal {-self.code}' if self.code < 0 else f'code {self.code}'}"


@dataclass
class ShardProcesses:
    """Starts a process for each shard of one fleet. Close it in the end: what still runs then ends itself."""

    fleet: Path
    silence: float = SILENCE
    # The fleet as it was, if it is asked for.
    base: Path | None = None
    _server: subprocess.Popen[bytes] | None = None
    _control: socket.socket | None = None
    _sending: threading.Lock = field(default_factory=threading.Lock)
    _beats: set[int] = field(default_factory=set)
    _beating: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)
    _heart: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Return it; the fork server starts with the first request."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def run(self, request: Mapping[str, Any], *, seconds: float, grace: float) -> ProcessEnd:
        """Start a process and wait for its end; after `seconds` it is asked to end, after `grace` more made
        to.
        """
        beaten, beat = os.pipe()
        os.set_blocking(beat, False)
        hearing, said = os.pipe()
        watching, state = os.pipe()
        try:
            try:
                self._send({**request, "silence": self.silence}, (beaten, said, state))
            except OSError as error:
                return ProcessEnd(None, f"nothing can be started: {error.strerror}", late=False)
            finally:
                for number in (beaten, said, state):
                    os.close(number)
            with self._beating:
                self._beats.add(beat)
            return _Watched(hearing, watching).end(seconds, grace)
        finally:
            with self._beating:
                self._beats.discard(beat)
            for number in (beat, hearing, watching):
                os.close(number)

    def close(self) -> None:
        """End the fork server; shards that still run hear no beat any more."""
        self._over.set()
        with self._sending:
            self._stop()

    def _send(self, request: Mapping[str, Any], given: tuple[int, ...]) -> None:
        data = json.dumps(request).encode()
        with self._sending:
            for again in (True, False):
                control = self._started()
                try:
                    socket.send_fds(control, [len(data).to_bytes(8)], given)
                    control.sendall(data)
                    return
                except OSError:
                    # It was killed: its children live on their own beats, and another one serves the next.
                    self._stop()
                    if not again:
                        raise

    def _started(self) -> socket.socket:
        if self._control is not None:
            return self._control
        if not hasattr(os, "fork"):
            raise UsageError("`fleet run` needs a system that can fork: Linux or macOS")
        ours, theirs = socket.socketpair()
        with theirs:
            # -P: no module of the folder that this runs in, which is somebody's checkout, takes another's
            # place. A session of its own: Ctrl-C is for this process, which lets shards end.
            self._server = subprocess.Popen(  # noqa: S603  # this very program, with a path
                [sys.executable, "-P", "-m", "entra_config.fleet.run.fork", str(theirs.fileno()),
                 str(self.fleet), *([str(self.base)] if self.base is not None else [])],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )  # fmt: skip
        self._control = ours
        if self._heart is None:
            self._heart = threading.Thread(target=self._beat, daemon=True)
            self._heart.start()
        return ours

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None

    def _beat(self) -> None:
        while not self._over.wait(self.silence / _BEATS):
            with self._beating:
                for number in self._beats:
                    # Full: it is frozen. Broken: it has ended.
                    with suppress(BlockingIOError, BrokenPipeError):
                        os.write(number, b".")


@dataclass
class _Watched:
    """One process, by what it says (`hearing`) and what the fork server says of it (`watching`)."""

    hearing: int
    watching: int
    said: bytes = b""
    received: bytes = b""

    def end(self, seconds: float, grace: float) -> ProcessEnd:
        late = not self._over(_START, begun=True) or not self._over(seconds)
        if late:
            self._signal(signal.SIGTERM)
            if not self._over(grace):
                self._signal(signal.SIGKILL)
                self._over(_FORCED)
        said = self.said.decode(errors="replace")
        _, _, ended = self.received.partition(b"\n")
        if not ended:
            return ProcessEnd(None, said, late)
        code, cpu = ended.split()
        return ProcessEnd(int(code), said, late, float(cpu))

    def _over(self, seconds: float, *, begun: bool = False) -> bool:
        """Tell whether it ended within so many seconds: neither the process nor its server holds a pipe;
        or only whether it has begun.
        """
        until = time.monotonic() + seconds
        poll = select.poll()
        for number in (self.hearing, self.watching):
            poll.register(number, select.POLLIN)
        left = 2
        while left and not (begun and self.received):
            found = poll.poll(max(0.0, until - time.monotonic()) * 1000)
            if not found:
                return False
            for number, _ in found:
                part = os.read(number, 65536)
                if not part:
                    poll.unregister(number)
                    left -= 1
                elif number == self.hearing:
                    self.said = (self.said + part)[-_SAID:]
                else:
                    self.received += part
        return True

    def _signal(self, number: signal.Signals) -> None:
        pid, line, ended = self.received.partition(b"\n")
        # A second line: it has ended, and the number may be another's by now.
        if line and not ended:
            with suppress(ProcessLookupError):
                os.kill(int(pid), number)
