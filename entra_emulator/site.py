"""Sign-in and Graph in; one app over one origin, every answer of which says that it is the emulator, out."""

import threading
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from entra_emulator.app import AsgiApp, Emulator, Receive, Scope, Send, create_app
from entra_emulator.directory import Tenants
from entra_emulator.faults import Faults
from entra_emulator.hosts import MISDIRECTED
from entra_emulator.login.service import SignIn

if TYPE_CHECKING:
    from entra_emulator.managed_identity import ManagedIdentities

HEADER = (b"x-entra-emulator", b"1")
_GRAPH = ("/v1.0/", "/beta/")
_READABLE = (
    b"ETag, Location, Preference-Applied, Content-Range, request-id, client-request-id, "
    b"ReadWriteConsistencyToken, SdkVersion, WWW-Authenticate, Retry-After"
)
# Pages of any origin may call Graph: it is the token that decides.
_ANY_PAGE = ((b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", _READABLE))
_PREFLIGHT = (
    *_ANY_PAGE,
    (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
)


class SitePages:
    """Sign-in and the pages for people. What renders them takes longer to load than all else, so that they
    are made by whoever first asks for one, or before, in a thread of its own.
    """

    def __init__(self, sign_in: SignIn, graph: Emulator) -> None:
        self._sign_in, self._graph = sign_in, graph
        # Set where a listener for managed identities is open.
        self.identities: ManagedIdentities | None = None
        self._made: AsgiApp | None = None
        self._making = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        await (self._made or self.make())(scope, receive, send)

    def make(self) -> AsgiApp:
        """Load and make the pages, once."""
        with self._making:
            if self._made is None:
                from entra_emulator import seeding
                from entra_emulator.login import site as login
                from entra_emulator.managed_identity import ManagedIdentities
                from entra_emulator.portal.pages import Portal

                identities = self.identities or ManagedIdentities(self._sign_in)
                more = [*seeding.routes(self._sign_in, self._graph), *identities.routes()]
                pages = Portal(self._sign_in, self._graph).routes()
                self._made = login.build(self._sign_in, [*pages, *more])
            return self._made


def create_emulator(directory: Tenants, sign_in: SignIn, *, faults: Faults | None = None) -> Emulator:
    """Make an app of Graph, sign-in and pages over one directory."""
    graph = create_app(directory, faults=faults, verify_token=sign_in.verify_for_graph)
    assemble(sign_in, graph)
    return graph


def assemble(sign_in: SignIn, graph: Emulator) -> SitePages:
    """Put sign-in and the pages for people beside Graph; return them."""
    sign_in.traffic = graph.traffic
    pages = SitePages(sign_in, graph)
    graph.site = pages
    return pages


async def misdirected(send: Send) -> None:
    """Refuse a request for another host's name."""
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(MISDIRECTED)).encode()),
        HEADER,
    ]
    await send({"type": "http.response.start", "status": 421, "headers": headers})
    await send({"type": "http.response.body", "body": MISDIRECTED})


async def announced(app: AsgiApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one connection with `x-entra-emulator: 1` on every answer, and Graph's open to pages."""
    is_graph = scope["type"] == "http" and str(scope["path"]).startswith(_GRAPH)
    sent = dict(scope.get("headers", ())) if is_graph else {}
    if is_graph and scope["method"] == "OPTIONS" and b"access-control-request-method" in sent:
        wanted = (
            b"access-control-allow-headers",
            sent.get(b"access-control-request-headers", b"authorization"),
        )
        await send({"type": "http.response.start", "status": 200, "headers": [*_PREFLIGHT, wanted, HEADER]})
        await send({"type": "http.response.body", "body": b""})
        return
    more = (*(_ANY_PAGE if b"origin" in sent else ()), HEADER)

    async def marked(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *more]}
        await send(message)

    await app(scope, receive, marked)
