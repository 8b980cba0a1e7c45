"""The emulator inside this process: a directory and its app, an httpx transport, tokens for callers."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any

import httpx

from entra_emulator import seed as seeds
from entra_emulator.app import IN_PROCESS, Emulator, Scope, create_app
from entra_emulator.callers import Caller, TokenRejectedError
from entra_emulator.clock import Clock, read_month
from entra_emulator.directory import Tenants
from entra_emulator.faults import ConnectionCutError, Faults
from entra_emulator.identifiers import Identifiers

Message = MutableMapping[str, Any]
AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"


class Embedded:
    """A tenant in memory. Its tokens are names in a table: they mean something to this app only."""

    def __init__(self, directory: Tenants, faults: Faults, initial: Callable[[], Tenants]) -> None:
        self.directory = directory
        self.faults = faults
        self._claims: dict[str, Mapping[str, Any]] = {}
        self._ids = Identifiers("embedded tokens")
        self.app: Emulator = create_app(directory, faults=faults, verify_token=self.verify, initial=initial)

    @classmethod
    def create(
        cls,
        directory: Tenants | None = None,
        *,
        seed: str | None = None,
        clock: Clock | None = None,
        faults: Faults | None = None,
        as_of: str | None = None,
    ) -> "Embedded":
        """Make an embedded emulator; without a directory it is the contoso example.

        Graph answers as it did in the month `as_of` (YYYY-MM).
        """

        def initial() -> Tenants:
            return seeds.contoso(clock=clock, seed=seed)

        made = cls(directory or initial(), faults or Faults(), initial)
        if as_of is not None:
            made.directory.month = read_month(as_of)
        return made

    def verify(self, token: str) -> Mapping[str, Any]:
        """Give the claims of a token made by `token`."""
        claims = self._claims.get(token)
        if claims is None:
            raise TokenRejectedError("IDX14100: JWT is not well formed, there are no dots (.).")
        return claims

    def token(self, caller: Caller) -> str:
        """Make a bearer token for a caller."""
        token = f"embedded.{self._ids.guid()}.token"
        self._claims[token] = caller.claims()
        return token

    def app_caller(self, app_id: str = seeds.DEPLOYER_APP_ID, *, tenant_id: str = "") -> Caller:
        """Give an application of the directory as caller, with the Graph permissions assigned to it."""
        tenant = self.directory.tenants[tenant_id or self.directory.default_id]
        principal = tenant.service_principal_by_app_id(app_id)
        graph = tenant.service_principal_by_app_id(seeds.GRAPH_APP_ID)
        if principal is None or graph is None:
            message = f"tenant {tenant.tenant_id} has no service principal of {app_id}"
            raise LookupError(message)
        values = {role["id"]: role["value"] for role in graph["appRoles"]}
        rows = tenant.app_role_assignments.find("principalId", principal["id"])
        roles = frozenset(values[row["appRoleId"]] for row in rows if row["resourceId"] == graph["id"])
        return Caller("app", tenant.tenant_id, principal["id"], app_id, roles=roles)

    def user_caller(
        self, name: str, scopes: Iterable[str], *, tenant_id: str = "", client: str = AZURE_CLI
    ) -> Caller:
        """Give a user of the directory as caller, through a client that holds these scopes."""
        tenant = self.directory.tenants[tenant_id or self.directory.default_id]
        user = tenant.user_by_name(name)
        if user is None:
            message = f"tenant {tenant.tenant_id} has no user {name}"
            raise LookupError(message)
        return Caller("user", tenant.tenant_id, user["id"], client, scopes=frozenset(scopes))

    def transport(self) -> httpx.AsyncBaseTransport:
        """Give an httpx transport that reaches the app without a socket."""
        return _Transport(self.app)

    def client(self, caller: Caller | None = None, **options: Any) -> httpx.AsyncClient:
        """Give an httpx client that calls as the deployer, or as another caller."""
        token = self.token(caller or self.app_caller())
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.AsyncClient(
            transport=self.transport(),
            base_url="https://graph.microsoft.com/v1.0",
            headers=headers,
            **options,
        )


class _Transport(httpx.AsyncBaseTransport):
    """As httpx's own, which searches the path at every request for a library that nobody installed."""

    def __init__(self, app: Emulator) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        exchange = _Exchange(await request.aread())
        try:
            await self._app(_scope(request), exchange.receive, exchange.send)
        except ConnectionCutError as error:
            message = "Server disconnected without sending a response."
            raise httpx.RemoteProtocolError(message, request=request) from error
        assert exchange.ended.is_set()
        body = b"" if request.method == "HEAD" else b"".join(exchange.parts)
        started = exchange.started
        return httpx.Response(started["status"], headers=started["headers"], stream=httpx.ByteStream(body))


class _Exchange:
    """What an app is sent of one request, and what it sends."""

    def __init__(self, body: bytes) -> None:
        self._waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        self.started: Message = {}
        self.parts: list[bytes] = []
        self.ended = asyncio.Event()

    async def receive(self) -> Message:
        """Give the request; after it, once all is sent, that the client is gone."""
        if self._waiting:
            return self._waiting.pop()
        await self.ended.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Take the beginning of the response, or a part of its body."""
        if message["type"] == "http.response.start":
            self.started = message
            return
        self.parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            self.ended.set()


def _scope(request: httpx.Request) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.split(b"?")[0],
        "query_string": request.url.query,
        "server": (request.url.host, request.url.port),
        "client": ("127.0.0.1", 123),
        "root_path": "",
        "extensions": {IN_PROCESS: {}},
    }
