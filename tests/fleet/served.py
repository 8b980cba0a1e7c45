"""A folder and names of tenants in; an emulator of those tenants of a fleet, as a process of its own, out.

It notes each request that a tenant gets and whose token that bore, and answers for strangers as they would.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
import sys
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from entra_config.manifest.tenants import reading, shards
from entra_config.testing import populating
from entra_emulator import seed, server
from entra_emulator.directory import Tenants
from entra_emulator.server_options import ServerOptions
from tests.fleet import grown
from tests.fleet.draws import Tree

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MARKUP = "<img src=x onerror=alert(1)> | @all"
ABUSES = ("endless", "bomb", "slow")
_BOMB = 1_000_000_000  # bytes, once unpacked
_PIECE = 1_000_000
_MARK = re.compile(r"skiptoken=endless\d+")


@dataclass
class Conduct:
    """Who is a stranger here (ids of tenants; "" for none), and where what they get is written."""

    log: Path
    hostile: str = ""
    throttled: str = ""
    wrong: str = ""
    gone: str = ""
    slow: float = 1.0
    sign_ins: int = 0
    requested: dict[str, int] = field(default_factory=dict)
    pages: int = 0

    def note(self, **line: Any) -> None:
        """Write a line; whoever reads it meanwhile sees whole ones."""
        with self.log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    async def response(self, call: _Call, inner: Callable[[Receive, Send], Awaitable[None]]) -> None:
        """Answer one request as its tenant does, and note it."""
        if call.token_of:
            await self._sign_in(call, inner)
            return
        if not call.bearer:
            await inner(call.receive, call.send)
            return
        tenant = call.tenant
        began = asyncio.get_running_loop().time()
        count = self.requested[call.bearer] = self.requested.get(call.bearer, 0) + 1
        try:
            if tenant == self.throttled and count in {2, 3, 7}:
                await call.say(429, {"error": {"code": "TooManyRequests", "message": "Later."}}, retry=1)
            elif tenant == self.hostile:
                await self._abuse(call, inner)
            else:
                await inner(call.receive, call.send)
        finally:
            ended = asyncio.get_running_loop().time()
            self.note(tenant=tenant, token=call.bearer, began=began, ended=ended, writes=call.writes,
                      requests=len(call.parts))  # fmt: skip

    async def _sign_in(self, call: _Call, inner: Callable[[Receive, Send], Awaitable[None]]) -> None:
        if call.token_of == self.wrong:
            said = "AADSTS7000215: Invalid client secret provided."
            await call.say(401, {"error": "invalid_client", "error_description": said})
            return
        self.sign_ins += call.token_of == self.hostile
        reply = _Reply()
        await inner(call.receive, reply)
        token = json.loads(reply.body).get("access_token", "")
        self.note(signIn=call.token_of, token=_hashed(token))
        await reply.pass_on(call.send)

    async def _abuse(self, call: _Call, inner: Callable[[Receive, Send], Awaitable[None]]) -> None:
        """Do another thing in each process that signs in."""
        abuse = ABUSES[(self.sign_ins - 1) % len(ABUSES)]
        self.note(abuse=abuse)
        if abuse == "bomb":
            headers = [(b"content-type", b"application/json"), (b"content-encoding", b"gzip")]
            await call.send({"type": "http.response.start", "status": 200, "headers": headers})
            async for piece in _bomb():
                await call.send({"type": "http.response.body", "body": piece, "more_body": True})
            await call.send({"type": "http.response.body", "body": b""})
            return
        if abuse == "slow":
            await asyncio.sleep(self.slow)
            await inner(call.receive, call.send)
            return
        reply = _Reply()
        if (again := self._again(call)) is not None:
            await call.say(200, again)
            return
        await inner(call.receive, reply)
        with suppress(ValueError):
            reply.body = json.dumps(self._endless(json.loads(reply.body), call)).encode()
        await reply.pass_on(call.send)

    def _again(self, call: _Call) -> Tree | None:
        """Return the page that a page of our own making leads to: nothing, with one more behind it."""
        if not call.path.endswith("/$batch"):
            query = call.scope.get("query_string", b"").decode()
            return self._paged({"value": []}, call) if _MARK.search(query) else None
        parts = json.loads(call.body)["requests"]
        if not all(_MARK.search(each["url"]) for each in parts):
            return None
        return {
            "responses": [
                {"id": each["id"], "status": 200, "body": self._paged({"value": []}, call)} for each in parts
            ]
        }

    def _endless(self, content: Any, call: _Call) -> Any:
        if isinstance(content, dict) and "responses" in content:
            parts = [{**each, "body": self._paged(each.get("body"), call)} for each in content["responses"]]
            return {**content, "responses": parts}
        return self._paged(content, call)

    def _paged(self, content: Any, call: _Call) -> Any:
        if not isinstance(content, dict) or not isinstance(content.get("value"), list):
            return content
        self.pages += 1
        host = dict(call.scope["headers"])[b"host"].decode()
        return {
            **content,
            "@odata.nextLink": f"https://{host}/v1.0/applications?$skiptoken=endless{self.pages}",
        }


@dataclass
class _Call:
    """One request: whose token it bears, whose token it asks for, and which writes it holds."""

    scope: Message
    body: bytes
    send: Send

    async def receive(self) -> Message:
        """Give the whole body."""
        return {"type": "http.request", "body": self.body, "more_body": False}

    @property
    def path(self) -> str:
        """Return the path."""
        return str(self.scope["path"])

    @property
    def token_of(self) -> str:
        """Return the tenant whose token is asked for."""
        found = re.fullmatch(r"/([^/]+)/oauth2/v2.0/token", self.path)
        return found[1] if found else ""

    @property
    def _token(self) -> str:
        headers = dict(self.scope["headers"])
        return str(headers.get(b"authorization", b"").decode().partition("Bearer ")[2])

    @property
    def bearer(self) -> str:
        """Return what tells a token from others."""
        return _hashed(self._token) if self._token else ""

    @property
    def tenant(self) -> str:
        """Return the tenant that the token is of."""
        part = self._token.split(".")[1]
        return str(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["tid"])

    @property
    def writes(self) -> list[str]:
        """Return the writes of the request, or of its parts."""
        return [each for each in self.parts if not each.startswith("GET ")]

    @property
    def parts(self) -> list[str]:
        """Return the request, or those that it holds."""
        if self.scope["method"] == "POST" and self.path.endswith("/$batch"):
            parts = json.loads(self.body).get("requests", [])
            return [f"{each['method']} {each['url']}" for each in parts]
        return [f"{self.scope['method']} {self.path}"]

    async def say(self, status: int, content: Tree, *, retry: int | None = None) -> None:
        """Answer with JSON."""
        headers = [(b"content-type", b"application/json")]
        headers += [(b"retry-after", str(retry).encode())] if retry is not None else []
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": json.dumps(content).encode()})


@dataclass
class _Reply:
    """Keeps an answer, to be changed and passed on."""

    start: Message = field(default_factory=dict)
    body: bytes = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message.get("body", b"")

    async def pass_on(self, send: Send) -> None:
        """Send it."""
        headers = [each for each in self.start["headers"] if each[0] != b"content-length"]
        await send({**self.start, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:16]


async def _bomb() -> AsyncIterator[bytes]:
    """Yield a gigabyte of spaces, packed: one piece again and again, since each begins anew."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    yield packer.compress(b" ") + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(b" " * _PIECE) + packer.flush(zlib.Z_FULL_FLUSH)
    for _ in range(_BOMB // _PIECE):
        yield piece


def prepare(directory: Tenants, fleet: Path, names: set[str], conduct: Conduct) -> None:
    """Make the tenants, each as it is."""
    for each in shards.every(reading.read(fleet)):
        if each.placed.shard.tenant not in names:
            continue
        populating.populate(directory, each.manifest)
        id_ = each.manifest.tenant_id
        tenant = directory.tenants[id_]
        if id_ == conduct.gone:
            for group in list(tenant.groups):
                tenant.groups.remove(group["id"])
        if id_ == conduct.hostile:
            tags = [f"entra-config:owner={each.manifest.owner}", "entra-config:key=api"]
            seed.add_application(tenant, MARKUP, tags=tags)


def main() -> None:
    """Serve until it is told to stop."""
    given = json.loads(sys.argv[1])
    conduct = Conduct(Path(given["log"]), **given["conduct"])
    options = ServerOptions(Path(given["state"]), port=0, log_size=0)
    names = set(given["tenants"])
    served = server.Host.__call__

    async def called(self: server.Host, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_emulator"):
            await served(self, scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        call = _Call(scope, body, send)
        await conduct.response(call, lambda hear, say: served(self, scope, hear, say))

    server.Host.__call__ = called  # type: ignore[method-assign]  # what serves notes, too
    fleet = Path(given["fleet"])
    if given["applied"]:
        grown.serve(options, fleet)
    else:
        server.serve(options, prepare=lambda directory: prepare(directory, fleet, names, conduct))


if __name__ == "__main__":
    main()
