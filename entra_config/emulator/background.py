"""Options in; an emulator in a process of its own, ready or explained why not, out."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entra_config.emulator import listening, state_files
from entra_config.emulator.run_file import Running, ServerOptions, dump_options, running, stop

if TYPE_CHECKING:
    import ssl

    from entra_config.emulator.directory import Tenants

LOG_FILE = "emulator.log"
READY_SECONDS = 30.0


class StartError(Exception):
    """The emulator did not become ready; the message ends with its own last words."""


class ControlError(Exception):
    """A running emulator refused what its control was asked for."""


def start(options: ServerOptions, *, prepare: "Callable[[Tenants], None] | None" = None) -> Running:
    """Start an emulator and return when it answers; one that runs already on this folder is returned as it
    is.
    """
    listening.check_host(options.host, insecure_on_a_network=options.insecure_on_a_network)
    found = running(options.state)
    if found is not None:
        return found
    listening.check_port(options.host, options.port)
    if prepare is not None:
        # A function cannot cross into the new process, so what it prepares is saved for it.
        from entra_config.emulator.server import Host

        Host(options, prepare).save()
    log = options.state / LOG_FILE
    state_files.write_private(log, b"")
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603  # this interpreter, this package
            [sys.executable, "-P", "-m", "entra_config.emulator", dump_options(options)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    return _wait(options, process, log)


def end(state: Path) -> bool:
    """Stop the emulator of a folder and wait until it has saved; False where none runs."""
    found = running(state)
    if found is None:
        return False
    stop(found)
    deadline = time.monotonic() + READY_SECONDS
    while running(state) is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    return True


def trust_of(state: Path) -> "ssl.SSLContext":
    """Return a TLS context that trusts the CA of a state folder and nothing else."""
    import ssl

    return ssl.create_default_context(cafile=str(state / state_files.CA_FILE))


def _wait(options: ServerOptions, process: "subprocess.Popen[bytes]", log: Path) -> Running:
    deadline, responds = time.monotonic() + READY_SECONDS, _probing(options.state)
    while time.monotonic() < deadline:
        found = running(options.state)
        if found is not None and found.pid == process.pid and responds(found):
            return found
        if process.poll() is not None:
            break
        time.sleep(0.02)
    process.terminate()
    words = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise StartError("the emulator did not start: " + (words[-1] if words else "it said nothing"))


def _probing(state: Path) -> Callable[[Running], bool]:
    """Return what tells whether an emulator answers; loaded while it starts, and not when it is there."""
    import urllib.error
    import urllib.request

    def responds(found: Running) -> bool:
        try:
            with urllib.request.urlopen(  # noqa: S310  # https to localhost
                f"{found.origin}/_emulator/health", timeout=2, context=trust_of(state)
            ) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    return responds


def control(found: Running, state: Path, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Send one request to the control of an emulator that runs; raise ControlError with what it refuses."""
    import httpx

    response = httpx.post(found.origin + path, json=body, verify=trust_of(state), timeout=30)
    data: dict[str, Any] = response.json() if response.content else {}
    if response.is_error:
        raise ControlError(str(data.get("error_description") or data.get("error") or data))
    return data
