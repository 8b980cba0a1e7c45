"""A state folder in, the server that runs on it out; options as text and back. It loads nothing that
serves.
"""

import dataclasses
import json
import os
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from entra_config.emulator.fault_plan import FaultPlan
from entra_config.emulator.request_log import DEFAULT_SIZE

DEFAULT_PORT = 8443
RUN_FILE = "run.json"


@dataclass(frozen=True)
class ServerOptions:
    """How to serve."""

    state: Path
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    seed: str | None = None
    faults: FaultPlan = field(default_factory=FaultPlan)
    issuer_keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    insecure_on_a_network: bool = False
    # Where browsers and clients reach it under another port than it listens on; 0: under the same.
    public_port: int = 0
    # How many requests the log keeps.
    log_size: int = DEFAULT_SIZE
    # By tenant (an id, a domain, or `*` for each), then by the choice's name.
    choices: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Running:
    """What the run file tells of a server: its process and where it answers."""

    pid: int
    host: str
    port: int

    @property
    def origin(self) -> str:
        """Return the URL under which all of it answers."""
        return f"https://localhost:{self.port}"


def running(state: Path) -> Running | None:
    """Return the server that runs on a state folder, or None."""
    try:
        data = json.loads((state / RUN_FILE).read_text(encoding="utf-8"))
        found = Running(data["pid"], data["host"], data["port"])
        os.kill(found.pid, 0)
    except (FileNotFoundError, ProcessLookupError):
        return None
    return found


def stop(found: Running) -> None:
    """Ask a running server to save and end."""
    os.kill(found.pid, signal.SIGTERM)


def dump_options(options: ServerOptions) -> str:
    """Write options as `load_options` reads them, in another process."""
    data = dataclasses.asdict(options)
    return json.dumps({**data, "state": str(options.state.absolute())})


def load_options(text: str) -> ServerOptions:
    """Read what `dump_options` wrote."""
    data = json.loads(text)
    data["state"] = Path(data["state"])
    data["faults"] = FaultPlan.from_data(data["faults"])
    return ServerOptions(**data)
