"""How to serve, as values and as text for another process. It loads nothing that serves."""

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from entra_emulator.clock import NEWEST
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.request_log import DEFAULT_SIZE

DEFAULT_PORT = 8443


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
    # Whether a second listener, plain HTTP on 127.0.0.1, gives tokens to managed identities.
    managed_identity: bool = False
    # The month as of which Graph answers.
    as_of: str = NEWEST


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
