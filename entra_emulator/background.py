"""Options in; an emulator in a process of its own, ready or explained why not, out."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entra_emulator import listening
from entra_emulator.server_options import ServerOptions, dump_options
from entra_emulator.state import processes, records, runs, state_files
from entra_emulator.state.records import Run
from entra_emulator.state.state_files import StateError

if TYPE_CHECKING:
    import ssl

    from entra_emulator.directory import Tenants

READY_SECONDS = 30.0


class StartError(Exception):
    """The emulator did not become ready; the message ends with its own last words."""


class ControlError(Exception):
    """A running emulator refused what its control was asked for."""


def start(options: ServerOptions, *, prepare: "Callable[[Tenants], None] | None" = None) -> Run:
    """Start an emulator and return when it answers; one that runs already on this folder is returned as it
    is.
    """
    listening.check_host(options.host, insecure_on_a_network=options.insecure_on_a_network)
    found = runs.find_run(options.state)
    if found is not None:
        return found
    if runs.find_process(options.state) is not None or runs.explain_rename(options.state):
        raise StartError(runs.explain_absence(options.state))
    listening.check_port(options.host, options.port)
    if prepare is not None:
        # A function cannot cross into the new process, so what it prepares is saved for it.
        from entra_emulator.server import Host

        with records.hold(options.state):
            Host(options, prepare).save()
    log = options.state / state_files.LOG_FILE
    state_files.write_private(log, b"")
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603  # this interpreter, this package
            [sys.executable, "-P", "-m", "entra_emulator.server_process", dump_options(options)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        return _wait(options, process, log)
    except KeyboardInterrupt:
        process.terminate()
        raise


def end(state: Path) -> bool:
    """Stop the emulator of a folder and wait until it has saved; False if none runs.

    The server ends itself. A process that does not answer gets a signal, if it is the one of the record.
    """
    run, process = runs.find_run(state), runs.find_process(state)
    if run is not None:
        runs.ask_to_stop(state, run)
    elif process is None or not processes.terminate(process.pid):
        return False
    deadline = time.monotonic() + READY_SECONDS
    while runs.find_process(state) is not None or runs.find_run(state) is not None:
        if time.monotonic() > deadline:
            raise StateError(f"the emulator of {state} did not end within {READY_SECONDS:.0f} s")
        time.sleep(0.05)
    return True


def trust_of(state: Path) -> "ssl.SSLContext":
    """Return a TLS context that trusts the CA of a state folder and nothing else."""
    import ssl

    return ssl.create_default_context(cafile=str(records.find_ca(state)))


def _wait(options: ServerOptions, process: "subprocess.Popen[bytes]", log: Path) -> Run:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        found = runs.find_process(options.state)
        if found is not None and runs.is_proven(options.state, found):
            return found
        # A process that ended because another one serves the folder leaves it to that one.
        if process.poll() is not None and not records.is_held(options.state):
            break
        time.sleep(0.02)
    process.terminate()
    words = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise StartError("the emulator did not start: " + (words[-1] if words else "it said nothing"))


def control(found: Run, state: Path, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Send one request to the control of an emulator that runs; raise ControlError with what it refuses."""
    import httpx

    response = httpx.post(found.origin + path, json=body, verify=trust_of(state), timeout=30)
    data: dict[str, Any] = response.json() if response.content else {}
    if response.is_error:
        raise ControlError(str(data.get("error_description") or data.get("error") or data))
    return data
