"""Tell every case's story; yield what its steps show and send, and what commands report in the end."""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import httpx

from entra_config.actual.holders import access
from entra_config.drift import check
from entra_config.errors import EntraConfigError
from entra_config.report import (
    drift_html,
    drift_json,
    drift_markdown,
    drift_sarif,
    drift_text,
    holders_data,
    json,
    markdown,
    text,
)
from entra_config.report import html as plan_html
from tests.cases.stories import CASES, VERBS, World, case_of, tell
from tests.golden.commands import Place, sign_in
from tests.world import NOW, signed_in

PLANS = {"plan", "apply"}
OFFLINE = {"validate": ("validate",), "lint": ("lint", "--persona", "auditor")}
ONLINE = {
    "permissions": ("permissions",),
    "credentials": ("credentials", "list"),
    "list": ("list",),
    "doctor": ("doctor",),
}


class Sent(httpx.AsyncBaseTransport):
    """Hands requests on, and keeps method, path and body of each."""

    def __init__(self, inner: httpx.AsyncBaseTransport, lines: list[str]) -> None:
        self.inner, self.lines = inner, lines

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Keep one request and have it answered."""
        body = request.content.decode()
        path = str(request.url).removeprefix("https://graph.microsoft.com")
        self.lines.append(f"{request.method} {path} {body}".rstrip())
        return await self.inner.handle_async_request(request)


def files(only: str = "") -> Iterator[tuple[str, str]]:
    """Yield the files of every case whose name has `only` in it."""
    for path in CASES:
        if only in path.parent.name:
            with tempfile.TemporaryDirectory() as folder:
                place = Place(Path(folder))
                # What apply draws is in the digests of later plans; columns are as wide as paths are long.
                drawn = random.Random(path.parent.name)
                same = mock.patch.object(
                    secrets, "token_hex", lambda size, drawn=drawn: drawn.randbytes(size).hex()
                )
                with same, contextlib.chdir(place.folder):
                    found = list(_tale(case_of(path), place))
                for name, content in found:
                    yield f"{path.parent.name}/{name}", place.masked(content)


def _tale(case: dict[str, Any], place: Place) -> Iterator[tuple[str, str]]:
    """Yield plans in all formats, the requests of each step, and the reports of the tenant in the end."""
    world, sent = World(Path("manifests"), case["manifest"]), list[str]()
    inner = world.embedded.transport
    world.embedded.transport = lambda: Sent(inner(), sent)  # type: ignore[method-assign]  # of this one tenant
    environment = None
    for number, step in enumerate(case["story"], 1):
        verb = next(iter(step.keys() & VERBS.keys()))
        sent.clear()
        asyncio.run(tell(world, step))
        name = f"{number:02}-{verb.replace(' ', '-')}"
        if sent:
            yield f"{name}.requests", "\n".join([*sent, ""])
        if verb not in PLANS:
            continue
        environment = world.filled(step.get("environment"))
        if world.plan is None:
            yield f"{name}.error", f"{world.error}\n"
        else:
            yield f"{name}.txt", text.render(world.plan)
            yield f"{name}.md", markdown.render(world.plan)
            yield f"{name}.json", json.render(world.plan, show_requests=True)
            yield f"{name}.html", plan_html.render(world.plan)
    with contextlib.suppress(EntraConfigError):
        yield from asyncio.run(_drift_and_access(world, environment))
    place.session = sign_in(world.embedded)
    where = ("-e", environment or next(iter(world.manifest["environments"])))
    for name, words in OFFLINE.items():
        yield from place.every_format(name, *words)
    for name, words in ONLINE.items():
        yield from place.every_format(name, *words, *where)
    yield "lint-live.txt", place.run("lint", "--live", *where)
    yield "import.txt", place.run("import", "--all", "--output", "imported")


async def _drift_and_access(world: World, environment: str | None) -> list[tuple[str, str]]:
    manifest = world.load(environment)
    async with await signed_in(world.embedded) as graph:
        drift = await check.run(manifest, manifest, graph, now=NOW, base="", since=None, unmanaged=True)
        everybody = await access(graph, manifest)
    return [
        ("drift.txt", drift_text.render(drift)),
        ("drift.md", drift_markdown.render(drift)),
        ("drift.json", drift_json.render(drift)),
        ("drift.sarif", drift_sarif.render(drift, root="manifests/entra-config.yaml")),
        ("drift.html", drift_html.render(drift)),
        ("access.json", holders_data.to_json(everybody.holdings, everybody.owners)),
    ]
