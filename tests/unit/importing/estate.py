"""Shuffled registrations of an old estate, and the connection of a process that dies."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from random import Random
from typing import Any

import httpx

from tests.unit.importing import legacy_registrations, quirks
from tests.unit.importing.importer import Ground
from tests.unit.importing.registrations import REGISTRATIONS, guid

ARABIC = "بوابة الموظفين"


class KilledError(BaseException):
    """The process is gone: nothing catches it."""


class Connection(httpx.AsyncBaseTransport):
    """Hands the requests of one process to the emulator and counts in `writes` what Graph wrote.

    The process dies before the answer to its first call with writes arrives, if `dies`.
    """

    def __init__(self, ground: Ground, writes: Counter[str], *, dies: bool = False) -> None:
        self.inner, self.writes, self.dies = ground.embedded.transport(), writes, dies
        self.is_dead = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request and count what it wrote."""
        if self.is_dead:
            # The loop ends and cancels this.
            await asyncio.Event().wait()
        response = await self.inner.handle_async_request(request)
        written = _written(request, response)
        self.writes.update(written)
        if written and self.dies:
            self.is_dead = True
            raise KilledError
        return response


def _written(request: httpx.Request, response: httpx.Response) -> list[str]:
    """Return the method, path and body of each write that Graph did."""
    if request.method == "GET" or not response.is_success:
        return []
    if not request.url.path.endswith("/$batch"):
        line = f"{request.method} {request.url.path} {request.content.decode()}"
        return [line] if not request.url.path.endswith("/getByIds") else []
    answers = {part["id"]: part["status"] for part in json.loads(response.read())["responses"]}
    return [
        f"{part['method']} {part['url']} {json.dumps(part.get('body'))}"
        for part in json.loads(request.content)["requests"]
        if part["method"] != "GET" and answers[part["id"]] < 300 and not part["url"].endswith("/getByIds")
    ]


async def build(ground: Ground, size: int, seed: int) -> None:
    """Register `size` applications in random order, one in three with what years leave."""
    chance = Random(seed)
    for number in range(size):
        body: dict[str, Any] = dict(chance.choice(REGISTRATIONS))
        name = chance.choice((f"Shop {number}", f"{ARABIC} {number}", "Portal"))
        match number % 15:
            case 0:
                # No service principal.
                await ground.post("/applications", {"displayName": name})
            case 1:
                app, _ = await legacy_registrations.register(ground, f"Old {number}")
                await ground.send("DELETE", f"/applications/{app['id']}", None)
            case 2:
                uris = [f"https://host-{n}.contoso.com/{number}" for n in range(200)]
                await legacy_registrations.register(ground, name, web={"redirectUris": uris})
            case 3:
                app, principal = await legacy_registrations.register(ground, name)
                template = {"applicationTemplateId": guid("gallery")}
                legacy_registrations.overwrite(ground, "applications", app, **template)
                legacy_registrations.overwrite(ground, "servicePrincipals", principal, **template)
            case 4:
                await quirks.default_next_to_roles(ground, name)
            case _:
                # An identifier URI and the ids of roles and scopes exist once in a tenant.
                body.pop("identifierUris", None)
                app = await ground.register({**body, "displayName": name})
                await ground.post("/servicePrincipals", {"appId": app["appId"]})
