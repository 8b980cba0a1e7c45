"""Run one tenant's task in a child process of its own, which a server forks.

It guarantees:

1. No code of a checkout: the folder in which a run was started is not on `sys.path`.
2. No inherited token or connection: the server never signs in, and its only socket is for requests.
3. An end within seconds when the parent is killed or frozen: without its beat a child ends itself.
4. Limits of time and memory: a child that takes too long is asked to end and then killed.
5. One writer per tenant: a child that applies has the lock of its tenant (`apply.alone`).
6. The child's own exit code under threads: the server has one thread, and it alone forks and waits.

Each child reports which modules its task loaded. The server imports them before it forks the next one.

Safe to use from several threads: what is sent to the server is sent by one at a time.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from entra_config.cli import signals
from entra_config.errors import EntraConfigError, UsageError

SILENCE = 3.0  # seconds without a beat after which a shard's process ends itself
_BEATS = 6  # in that time
_SAID = 4000  # bytes that are kept of what a process said
_START = 300.0  # seconds until a process has begun: the fork server loads all code first
_FORCED = 10.0  # seconds that the system may take to end a process by force
MEMORY = 512_000_000  # bytes of data that the process of one shard may hold
HEAD = 8  # bytes that say how long a request is; three descriptors come with them
LEASHED = 75  # the exit code of a shard whose worker is gone or silent (EX_TEMPFAIL)


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
                [sys.executable, "-P", "-m", "entra_fleet.run.tenant_process", str(theirs.fileno()),
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


class _Child(NamedTuple):
    """Two pipes of a child: the server writes its end to one, and reads its modules from the other."""

    state: int
    loaded: int


def serve(control: socket.socket, *fleets: Path) -> None:
    """Fork a process for each request until whoever asks is gone."""
    load(fleets)
    waking, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    children: dict[int, _Child] = {}
    waiting: list[str] = []
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(waking, select.POLLIN)
    while True:
        ready = {number for number, _ in poll.poll()}
        if waking in ready:
            os.read(waking, 4096)
            waiting += _reap(children)
        if control.fileno() in ready:
            head, given, _, _ = socket.recv_fds(control, HEAD, 3)
            if not head:
                return
            request = json.loads(_rest(control, int.from_bytes(head)))
            if waiting:
                load_modules(waiting)
                waiting.clear()
            beat, said, state = given
            loaded, loading = os.pipe()
            pid = os.fork()
            if pid == 0:
                ours = (control.fileno(), waking, wake, state, loaded)
                for number in (*ours, *(each for child in children.values() for each in child)):
                    os.close(number)
                _shard(request, beat, said, loading)
            for number in (beat, said, loading):
                os.close(number)
            children[pid] = _Child(state, loaded)
            _write_line(state, f"{pid}\n")


def load(fleets: Sequence[Path]) -> None:
    """Load the files of fleets and the hash of the tool, which every child needs."""
    from entra_config.manifest.tenants import reading
    from entra_fleet.run import deciding

    deciding.tool()
    # A file that does not hold is told by each shard, in its result.
    for fleet in fleets:
        with suppress(EntraConfigError):
            reading.keep(fleet)
    gc.collect()
    gc.freeze()


def load_modules(names: Sequence[str]) -> None:
    """Import the modules that a task has loaded; the server does without one that it cannot import."""
    for name in names:
        with suppress(Exception):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()


def _rest(control: socket.socket, length: int) -> bytes:
    found = bytearray()
    while len(found) < length:
        part = control.recv(length - len(found))
        if not part:
            raise SystemExit(1)
        found += part
    return bytes(found)


def _write_line(number: int, text: str) -> None:
    # Whoever asked may be gone.
    with suppress(BrokenPipeError):
        os.write(number, text.encode())


def _reap(children: dict[int, _Child]) -> list[str]:
    """Report how each child that has ended did; return the modules that those have loaded."""
    found: list[str] = []
    for pid, child in list(children.items()):
        ended, status, used = os.wait4(pid, os.WNOHANG)
        if ended:
            _write_line(child.state, f"{os.waitstatus_to_exitcode(status)} {used.ru_utime + used.ru_stime}\n")
            found += _read_names(child.loaded)
            os.close(child.state)
            os.close(child.loaded)
            del children[pid]
    return found


def _read_names(number: int) -> list[str]:
    """Return the names that an ended child has written; the last one counts only if it is complete."""
    found = bytearray()
    while part := os.read(number, 65536):
        found += part
    return found.decode().split("\n")[:-1]


def _write_names(number: int, before: set[str]) -> None:
    """Write which modules were loaded since; as many as a pipe takes, since nobody reads while this runs."""
    names = "".join(f"{name}\n" for name in list(sys.modules) if name not in before)
    os.set_blocking(number, False)
    with suppress(OSError):
        os.write(number, names.encode())


def _shard(request: dict[str, Any], beat: int, said: int, loading: int) -> None:
    """Do what is asked for in this process, which is the shard's own, and end it."""
    code, before = 1, set(sys.modules)
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        for number, target in ((nothing, 0), (nothing, 1), (said, 2)):
            os.dup2(number, target)
        bound()
        leash = threading.Thread(target=_leashed, args=(beat, float(request["silence"])), daemon=True)
        leash.start()
        with signals.convert_sigterm():
            _do(request)
        code = 0
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
    except EntraConfigError as error:
        print(error, file=sys.stderr)
    except BaseException as error:  # noqa: BLE001  # the last words of this process, whatever it is
        print(f"unexpected {type(error).__name__}: {error}", file=sys.stderr)
    finally:
        with suppress(OSError):
            sys.stderr.flush()
        _write_names(loading, before)
        os._exit(code)


def _do(request: dict[str, Any]) -> None:
    from entra_config.cli.options import Common
    from entra_config.cli.output import Output
    from entra_fleet.run import tenant_run
    from entra_fleet.run.tenant_result import Task

    common = Common(
        cloud=request["cloud"],
        credential=request["credential"],
        output=Output(no_color=True, quiet=True),
        fleet=Path(request["fleet"]),
    )
    tenant_run.run(common, Task.of_json(request["task"], Path(request["results"]), request["cloud"]))


def bound() -> None:
    """Bound the memory of this process: what one tenant answers must not take it from the others."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    least = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
    resource.setrlimit(resource.RLIMIT_DATA, (least, most))


def _leashed(beat: int, silence: float) -> None:
    """End this process when nothing came for `silence` seconds, or nothing can come any more."""
    poll = select.poll()
    poll.register(beat, select.POLLIN)
    while poll.poll(silence * 1000) and os.read(beat, 4096):
        pass
    os._exit(LEASHED)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), *map(Path, sys.argv[2:]))
