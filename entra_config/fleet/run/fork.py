"""Shards in over a socket; a process of each, forked from this one, out.

This process has all code and the fleet's file loaded, and neither a token, a connection nor a second thread.
A shard's process ends itself when whoever asked for it is gone or silent: nobody waits for it then, and
another may begin to write in its tenant.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from entra_config.cli import signals
from entra_config.errors import EntraConfigError
from entra_config.graph import clouds

MEMORY = 512_000_000  # bytes of data that the process of one shard may hold
HEAD = 8  # bytes that say how long a request is; three descriptors come with them
LEASHED = 75  # the exit code of a shard whose worker is gone or silent (EX_TEMPFAIL)
# What shards do is loaded once, before the first of them.
LOADED = (
    "certifi",
    "entra_config.cli.credentials",
    "entra_config.cli.drift",
    "entra_config.fleet.run.apply",
    "entra_config.fleet.run.credentials",
    "entra_config.fleet.cli.lock",
    "entra_config.fleet.run.tenant_run",
    "entra_config.cli.lint",
    "entra_config.cli.plan",
    "entra_config.cli.testing",
    "entra_config.credentials.estate",
    "entra_config.credentials.listing",
    "entra_config.drift.check",
    "entra_config.fleet.groups.pinned",
    "entra_config.graph.authority",
    "entra_config.graph.aws",
    "entra_config.graph.connect",
    "entra_config.lint.plugins",
    "entra_config.lint.run",
    "entra_config.pinning.live",
    "entra_config.plan.file",
    "entra_config.reconcile",
    "entra_config.report.drift_json",
    "entra_config.report.drift_markdown",
    "entra_config.report.drift_text",
    "entra_config.fleet.report.kinds",
    "entra_config.report.lint_sarif",
    "entra_config.report.lint_text",
    "entra_config.report.markdown",
    "entra_config.report.text",
    "entra_config.testing.runs",
    "h2.connection",
    "httpx",
    "tarfile",
)
# What httpx loads with its first request, in parts of others that may move: not to find one costs time.
_INNER = ("anyio._backends._asyncio", "httpcore._async.http2")


def serve(control: socket.socket, *fleets: Path) -> None:
    """Fork a process for each request until whoever asks is gone."""
    load(fleets)
    waking, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    children: dict[int, int] = {}
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(waking, select.POLLIN)
    while True:
        ready = {number for number, _ in poll.poll()}
        if waking in ready:
            os.read(waking, 4096)
            _reap(children)
        if control.fileno() in ready:
            head, given, _, _ = socket.recv_fds(control, HEAD, 3)
            if not head:
                return
            request = json.loads(_rest(control, int.from_bytes(head)))
            load_sign_in(request["cloud"])
            beat, said, state = given
            pid = os.fork()
            if pid == 0:
                for number in (control.fileno(), waking, wake, state, *children.values()):
                    os.close(number)
                _shard(request, beat, said)
            os.close(beat)
            os.close(said)
            children[pid] = state
            _write_line(state, f"{pid}\n")


def load_sign_in(cloud: str) -> None:
    """Load what signs in to a cloud, once: nearly half a second of CPU, which an emulator does not take."""
    if cloud != clouds.EMULATOR:
        importlib.import_module("azure.identity")


def load(fleets: Sequence[Path]) -> None:
    """Load the code of all that shards do, and the files of fleets."""
    from entra_config.fleet.run import deciding
    from entra_config.lint import table
    from entra_config.manifest.tenants import reading

    for name in LOADED:
        importlib.import_module(name)
    for name in _INNER:
        with suppress(ImportError):
            importlib.import_module(name)
    # A module a rule: a third of what a shard's own process would take for lint.
    table.built_in()
    deciding.tool()
    # A file that does not hold is told by each shard, in its result.
    for fleet in fleets:
        with suppress(EntraConfigError):
            reading.keep(fleet)
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


def _reap(children: dict[int, int]) -> None:
    for pid, state in list(children.items()):
        ended, status, used = os.wait4(pid, os.WNOHANG)
        if ended:
            _write_line(state, f"{os.waitstatus_to_exitcode(status)} {used.ru_utime + used.ru_stime}\n")
            os.close(state)
            del children[pid]


def _shard(request: dict[str, Any], beat: int, said: int) -> None:
    """Do what is asked for in this process, which is the shard's own, and end it."""
    code = 1
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
        os._exit(code)


def _do(request: dict[str, Any]) -> None:
    from entra_config.cli.options import Common
    from entra_config.cli.output import Output
    from entra_config.fleet.run import tenant_run
    from entra_config.fleet.run.tenant_result import Task

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
