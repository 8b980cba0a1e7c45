"""A state folder and options in; a running HTTPS emulator on loopback out, its directory kept in a file."""

import asyncio
import contextlib
import datetime as dt
import gc
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import uvicorn

from entra_emulator import listening, site, tls
from entra_emulator import seed as seeds
from entra_emulator.app import AsgiApp, Receive, Scope, Send, create_app
from entra_emulator.directory import Tenants
from entra_emulator.faults import Faults
from entra_emulator.hosts import names_us
from entra_emulator.login.issuers import Issuers
from entra_emulator.login.service import SignIn
from entra_emulator.server_options import ServerOptions
from entra_emulator.shared_clock import SharedClock
from entra_emulator.snapshots import files
from entra_emulator.state import processes, records, state_files
from entra_emulator.state.state_files import BEGINNING_FILE, DIRECTORY_FILE, HANDED_FILE, SECRETS_FILE

# Terraform's provider opens a connection for each request and keeps it.
BACKLOG = 4096
SAVE_AFTER_SECONDS = 1.0
SAVE_SHARE = 20
_READS = {"GET", "HEAD", "OPTIONS"}
# Handing out tokens changes no directory, and is most of what comes by POST.
_CHANGES_NOTHING = ("/token", "/devicecode")


class Host:
    """An emulator with its files: what `serve` runs, and what is saved."""

    def __init__(self, options: ServerOptions, prepare: Callable[[Tenants], None] | None = None) -> None:
        """Read the directory and the keys of the state folder, or make them."""
        self.options = options
        self.files = tls.ensure(options.state, dt.datetime.now(dt.UTC))
        self.clock = SharedClock(options.state)
        self._path = options.state / DIRECTORY_FILE
        known = self._path.is_file()
        self.directory = Tenants.load(self._path, clock=self.clock) if known else self.initial()
        if prepare is not None:
            prepare(self.directory)
            self._begin_with(self._prepared(prepare) if known else self.directory)
        self.directory.month = options.as_of
        # What is chosen at this start holds for what was saved and for what was just made, too.
        self.directory.choose(options.choices)
        self._saved_kid = ""
        self.sign_in = self._sign_in()
        self.app = create_app(
            self.directory,
            faults=Faults(options.faults),
            verify_token=self.sign_in.verify_for_graph,
            initial=self.initial,
            log_size=options.log_size,
        )
        self.pages = site.assemble(self.sign_in, self.app)
        self.app.control.hand_over = self.hand_over
        self._responded, self._changed = asyncio.Event(), asyncio.Event()

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
        self._responded.set()
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
            try:
                await self._save_in_between()
            except OSError as error:
                # A full disk may have room again later; until then the directory is in memory alone.
                sys.stderr.write(f"cannot save {error.filename}: {error.strerror}\n")
                self._changed.set()
            # A big directory takes long to encode, at the cost of whoever asks meanwhile.
            pause = max(SAVE_AFTER_SECONDS, SAVE_SHARE * (time.perf_counter() - started))

    async def make_pages(self) -> None:
        """Load, once somebody has an answer, what the first page would have to wait for."""
        await self._responded.wait()
        await asyncio.to_thread(self.pages.make)

    def save(self) -> None:
        """Write the directory, and the keys where they changed, readable by their owner only."""
        with state_files.private_file(self._path) as file:
            file.writelines(piece.encode() for piece in self.directory.pieces())
        self._save_keys_if_new()

    def hand_over(self, directory: Tenants) -> None:
        """Write a snapshot into the state folder, for whoever may read it."""
        files.write(self.options.state / HANDED_FILE, directory)

    async def _save_in_between(self) -> None:
        """Save as `save` does, and serve others between two pieces."""
        with state_files.private_file(self._path) as file:
            for piece in self.directory.pieces():
                file.write(piece.encode())
                await asyncio.sleep(0)
        self._save_keys_if_new()

    def _save_keys_if_new(self) -> None:
        if self.sign_in.keys.current.kid != self._saved_kid:
            self._save_keys()

    def _save_keys(self) -> None:
        records.write_made(self.options.state, {SECRETS_FILE: self.sign_in.secrets().encode()})
        self._saved_kid = self.sign_in.keys.current.kid

    def _prepared(self, prepare: Callable[[Tenants], None]) -> Tenants:
        directory = seeds.contoso(clock=self.clock, seed=self.options.seed)
        prepare(directory)
        return directory

    def _begin_with(self, directory: Tenants) -> None:
        with state_files.private_file(self.options.state / BEGINNING_FILE) as file:
            file.writelines(piece.encode() for piece in directory.pieces())

    def _sign_in(self) -> SignIn:
        made = records.read_made(self.options.state, [SECRETS_FILE])
        settings: dict[str, Any] = {"issuers": Issuers(self.options.issuer_keys, self.files.ca)}
        if made is not None:
            return SignIn.restore(self.directory, made[SECRETS_FILE].decode(), **settings)
        return SignIn.create(self.directory, **settings)


def serve(options: ServerOptions, *, prepare: Callable[[Tenants], None] | None = None) -> None:
    """Serve until SIGINT or SIGTERM; NotLoopbackError for a host that a network could reach, BusyPortError
    for a port that is in use, HeldError for a state folder that another emulator serves.
    """
    listening.check_host(options.host, insecure_on_a_network=options.insecure_on_a_network)
    with records.hold(options.state):
        asyncio.run(_serve(options, prepare))


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
    saving, making = asyncio.create_task(host.keep_saved()), asyncio.create_task(host.make_pages())
    run = _describe_run(options.host, port, host.directory)
    host.app.control.let_clients_stop(run.secret, lambda: server.handle_exit(signal.SIGTERM, None))
    records.write_run(options.state, run)
    identities = (
        _managed_identities(host, run.secret) if options.managed_identity else contextlib.nullcontext()
    )
    try:
        async with identities:
            await server.serve(sockets=[listener])
    finally:
        for task in (saving, making):
            task.cancel()
        await asyncio.gather(saving, making, return_exceptions=True)
        host.save()
        records.write_run(options.state, None)


class _SecondServer(uvicorn.Server):
    """A server beside the first one, which alone hears the signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the first server."""
        yield


@contextlib.asynccontextmanager
async def _managed_identities(host: Host, secret: str) -> AsyncIterator[None]:
    """Give tokens to managed identities on a port of its own while the block runs."""
    from entra_emulator.managed_identity import HOST, ManagedIdentities

    identities = ManagedIdentities(host.sign_in)
    host.pages.identities = identities
    listener = listening.listen(HOST, 0)
    identities.open(int(listener.getsockname()[1]), secret)
    server = _SecondServer(_config(identities))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.handle_exit(signal.SIGTERM, None)
        await serving


def _describe_run(host: str, port: int, directory: Tenants) -> records.Run:
    process = processes.find(os.getpid())
    return records.Run(
        pid=os.getpid(),
        started=process.started if process else "",
        host=host,
        port=port,
        secret=secrets.token_hex(32),
        tenant_id=directory.default_id,
        client_id=seeds.DEPLOYER_APP_ID,
        client_secret=seeds.DEPLOYER_SECRET,
    )


def _config(app: AsgiApp, files: tls.TlsFiles | None = None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        ssl_certfile=files.certificate if files else None,
        ssl_keyfile=files.key if files else None,
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
