"""A state folder and options in; a running HTTPS emulator on loopback out, its directory kept in a file."""

import asyncio
import contextlib
import datetime as dt
import gc
import json
import os
import signal
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from entra_config.emulator import listening, site, tls
from entra_config.emulator import seed as seeds
from entra_config.emulator.app import AsgiApp, Emulator, Receive, Scope, Send, create_app
from entra_config.emulator.directory import Tenants
from entra_config.emulator.fault_plan import FaultPlan
from entra_config.emulator.faults import Faults
from entra_config.emulator.hosts import names_us
from entra_config.emulator.login.issuers import Issuers
from entra_config.emulator.login.service import SignIn
from entra_config.emulator.request_log import DEFAULT_SIZE
from entra_config.emulator.snapshots import files
from entra_config.emulator.snapshots.folder import BEGINNING_FILE, DIRECTORY_FILE, HANDED_FILE, SECRETS_FILE
from entra_config.emulator.told_clock import ToldClock

DEFAULT_PORT = 8443
# Terraform's provider opens a connection for each request and keeps it.
BACKLOG = 4096
SAVE_AFTER_SECONDS = 1.0
SAVE_SHARE = 20
RUN_FILE = "run.json"
_READS = {"GET", "HEAD", "OPTIONS"}
# Handing out tokens changes no directory, and is most of what comes by POST.
_CHANGES_NOTHING = ("/token", "/devicecode")


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


class Host:
    """An emulator with its files: what `serve` runs, and what is saved."""

    def __init__(self, options: ServerOptions, prepare: Callable[[Tenants], None] | None = None) -> None:
        """Read the directory and the keys of the state folder, or make them."""
        self.options = options
        self.files = tls.ensure(options.state, dt.datetime.now(dt.UTC))
        self.clock = ToldClock(options.state)
        self._path = options.state / DIRECTORY_FILE
        known = self._path.is_file()
        self.directory = Tenants.load(self._path, clock=self.clock) if known else self.initial()
        if prepare is not None:
            prepare(self.directory)
            self._begin_with(self._prepared(prepare) if known else self.directory)
        # What is chosen at this start holds for what was saved and for what was just made, too.
        self.directory.choose(options.choices)
        self._saved_kid = ""
        self.sign_in = self._sign_in()
        self.app: Emulator = site.assemble(
            self.sign_in,
            create_app(
                self.directory,
                clock=self.clock,
                faults=Faults(options.faults),
                verify_token=self.sign_in.verify_for_graph,
                initial=self.initial,
                log_size=options.log_size,
            ),
        )
        self.app.control.hand_over = self.hand_over
        self._changed = asyncio.Event()

    def initial(self) -> Tenants:
        """Make the directory that a new state folder, or a reset, starts from."""
        beginning = self.options.state / BEGINNING_FILE
        if beginning.is_file():
            directory = Tenants.load(beginning, clock=self.clock)
        else:
            directory = seeds.contoso(clock=self.clock, seed=self.options.seed)
        known = {
            name: chosen
            for name, chosen in self.options.choices.items()
            if name == "*" or directory.find(name)
        }
        directory.choose(known)
        return directory

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection and note that the directory may have changed."""
        if not self.options.insecure_on_a_network and not names_us(
            scope.get("headers", ()), self.options.host
        ):
            await site.misdirected(send)
            return
        await site.announced(self.app, scope, receive, send)
        if scope.get("method") not in _READS and not scope["path"].endswith(_CHANGES_NOTHING):
            self._changed.set()

    async def keep_saved(self) -> None:
        """Save after writes, once for all that come within a while; to be cancelled at the end."""
        pause = SAVE_AFTER_SECONDS
        while True:
            await self._changed.wait()
            await asyncio.sleep(pause)
            self._changed.clear()
            started = time.perf_counter()
            await self._save_in_between()
            # A big directory takes long to encode, at the cost of whoever asks meanwhile.
            pause = max(SAVE_AFTER_SECONDS, SAVE_SHARE * (time.perf_counter() - started))

    def save(self) -> None:
        """Write the directory, and the keys where they changed, readable by their owner only."""
        with tls.private_file(self._path) as file:
            file.writelines(piece.encode() for piece in self.directory.pieces())
        self._save_keys_if_new()

    def hand_over(self, directory: Tenants) -> None:
        """Write a snapshot into the state folder, for whoever may read it."""
        files.write(self.options.state / HANDED_FILE, directory)

    async def _save_in_between(self) -> None:
        """Save as `save` does, and serve others between two pieces."""
        with tls.private_file(self._path) as file:
            for piece in self.directory.pieces():
                file.write(piece.encode())
                await asyncio.sleep(0)
        self._save_keys_if_new()

    def _save_keys_if_new(self) -> None:
        if self.sign_in.keys.current.kid != self._saved_kid:
            self._save_keys()

    def _save_keys(self) -> None:
        tls.write_private(self.options.state / SECRETS_FILE, self.sign_in.secrets().encode())
        self._saved_kid = self.sign_in.keys.current.kid

    def _prepared(self, prepare: Callable[[Tenants], None]) -> Tenants:
        directory = seeds.contoso(clock=self.clock, seed=self.options.seed)
        prepare(directory)
        return directory

    def _begin_with(self, directory: Tenants) -> None:
        with tls.private_file(self.options.state / BEGINNING_FILE) as file:
            file.writelines(piece.encode() for piece in directory.pieces())

    def _sign_in(self) -> SignIn:
        path = self.options.state / SECRETS_FILE
        trust = ssl.create_default_context()
        trust.load_verify_locations(self.files.ca)
        settings: dict[str, Any] = {"issuers": Issuers(self.options.issuer_keys, trust)}
        if path.is_file():
            return SignIn.restore(self.directory, path.read_text(encoding="utf-8"), **settings)
        return SignIn.create(self.directory, **settings)


def serve(options: ServerOptions, *, prepare: Callable[[Tenants], None] | None = None) -> None:
    """Serve until SIGINT or SIGTERM; NotLoopbackError for a host that a network could reach, BusyPortError
    for a port that is in use.
    """
    listening.check_host(options.host, insecure_on_a_network=options.insecure_on_a_network)
    asyncio.run(_serve(options, prepare))


def running(state: Path) -> Running | None:
    """Return the server that runs on a state folder, or None."""
    try:
        data = json.loads((state / RUN_FILE).read_text(encoding="utf-8"))
        found = Running(data["pid"], data["host"], data["port"])
        os.kill(found.pid, 0)
    except (FileNotFoundError, ProcessLookupError):
        return None
    return found


class _Server(uvicorn.Server):
    """uvicorn's server, which would end the process by the signal that stopped it, before anything is
    saved.
    """

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at SIGINT and SIGTERM, and return to the caller afterwards."""
        if threading.current_thread() is threading.main_thread():
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


async def _serve(options: ServerOptions, prepare: Callable[[Tenants], None] | None) -> None:
    host = Host(options, prepare)
    listener = listening.listen(options.host, options.port)
    port = int(listener.getsockname()[1])
    # Browsers leave out the port that https has anyway.
    host.sign_in.origin = f"https://localhost:{options.public_port or port}".removesuffix(":443")
    host.save()
    # What a large directory holds lives long: a full collection would walk it all, while everybody waits.
    gc.collect()
    gc.freeze()
    listening.allow_many_connections()
    server = _Server(_config(host, host.files))
    saving = asyncio.create_task(host.keep_saved())
    run_file = options.state / RUN_FILE
    run = {"pid": os.getpid(), "host": options.host, "port": port, **_deployer(host.directory)}
    tls.write_private(run_file, json.dumps(run).encode())
    try:
        await server.serve(sockets=[listener])
    finally:
        saving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await saving
        host.save()
        run_file.unlink(missing_ok=True)


def _deployer(directory: Tenants) -> dict[str, str]:
    """Tell who may deploy here, for clients on this machine that read the run file."""
    return {
        "tenantId": directory.default_id,
        "clientId": seeds.DEPLOYER_APP_ID,
        "clientSecret": seeds.DEPLOYER_SECRET,
    }


def _config(app: AsgiApp, files: tls.TlsFiles) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        ssl_certfile=files.certificate,
        ssl_keyfile=files.key,
        backlog=BACKLOG,
        timeout_keep_alive=600,
        timeout_graceful_shutdown=2,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Graph's answers bring their own.
        date_header=False,
        lifespan="off",
    )


def stop(found: Running) -> None:
    """Ask a running server to save and end."""
    os.kill(found.pid, signal.SIGTERM)
