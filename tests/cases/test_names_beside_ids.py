"""Random worlds: whatever was read with a name is not told by its id alone, wherever a person reads it."""

from __future__ import annotations

import asyncio
import contextlib
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from entra_config.actual.holders import access
from entra_config.drift import check
from entra_config.errors import EntraConfigError
from entra_config.report import (
    drift_html,
    drift_markdown,
    drift_text,
    holders,
    holders_data,
    holders_html,
    lines,
    markdown,
    text,
)
from entra_config.report import html as plan_html
from tests import seeds
from tests.cases.hands import tamper
from tests.cases.random_manifests import manifest
from tests.cases.stories import World
from tests.world import NOW, apply, plan, signed_in

GUID = re.compile(r"(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
# Inside of an address, a command or a value of a claim, an id is no way to name something.
INSIDE = re.compile(r"[\w.+-]+://\S+|`[^`]*`|entra-config [^<\n]*|az ad [^<\n]*")
NAMING = ("displayName", "userPrincipalName", "value", "principalDisplayName", "resourceDisplayName")
Known = dict[str, set[str]]


class Heard(httpx.AsyncBaseTransport):
    """Hands requests on, and learns every name that an answer gives to an id."""

    def __init__(self, inner: httpx.AsyncBaseTransport, known: Known) -> None:
        self.inner, self.known = inner, known

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Have one request answered."""
        response = await self.inner.handle_async_request(request)
        await response.aread()
        with contextlib.suppress(ValueError):
            learn(json.loads(response.content), self.known)
        return response


def learn(response: Any, known: Known) -> None:
    """Take from a part of an answer what it calls which id."""
    if isinstance(response, list):
        for each in response:
            learn(each, known)
    if not isinstance(response, dict):
        return
    said = {
        name: response[name]
        for name in NAMING
        if isinstance(response.get(name), str) and response[name].strip()
    }
    own = {said[name] for name in NAMING[:3] if name in said}
    own |= {str(each["name"]) for each in response.get("verifiedDomains") or ()}
    for ids, names in (
        (("id", "appId"), own),
        (("principalId",), {said.get("principalDisplayName", "")}),
        (("resourceId",), {said.get("resourceDisplayName", "")}),
    ):
        for id_ in ids:
            if isinstance(response.get(id_), str):
                known[response[id_].casefold()] |= names - {""}
    for each in response.values():
        learn(each, known)


def nameless(shown: str, known: Known) -> Iterator[str]:
    """Yield each line in which an id stands whose name was read, and not one of its names."""
    for line in shown.splitlines():
        for id_ in GUID.findall(INSIDE.sub("", line)):
            names = known.get(id_.casefold(), set())
            if names and not any(lines.characters.printed(name) in line for name in names):
                yield f"{line.strip()}  [{', '.join(sorted(names))}]"


def read_of(page: str) -> str:
    """Return what a page says, each of its blocks on a line of its own."""
    body = page.partition("<body>")[2]
    blocks = re.sub(r"</(?:p|li|tr|article|h1|h2|dl|pre|figure)>", "\n", body.replace("\n", " "))
    return html.unescape(re.sub(r"<[^>]*>", " ", blocks))


async def reports(world: World, known: Known) -> dict[str, str]:
    """Return all that is told of a world, by what tells it; the names are those of the run that tells it."""
    wanted, found = world.load(), {}
    known.clear()
    try:
        made = await plan(world.embedded, wanted)
        found["plan"] = text.render(made) + lines.format_lines(text.lines(made, whole=True))
        found["plan.md"], found["plan.html"] = (
            markdown.render(made, names=True),
            read_of(plan_html.render(made)),
        )
    except EntraConfigError as error:
        found["plan"] = str(error)
    judged = {name: list(nameless(shown, known)) for name, shown in found.items()}
    async with await signed_in(world.embedded) as graph:
        known.clear()
        try:
            drift = await check.run(wanted, wanted, graph, now=NOW, base="", unmanaged=True)
            found = {
                "drift": drift_text.render(drift),
                "drift.md": drift_markdown.render(drift, people=True),
                "drift.html": read_of(drift_html.render(drift)),
            }
        except EntraConfigError as error:
            found = {"drift": str(error)}
        judged |= {name: list(nameless(shown, known)) for name, shown in found.items()}
        known.clear()
        try:
            everybody = await access(graph, wanted)
        except EntraConfigError:
            return {name: "\n".join(said) for name, said in judged.items()}
        what = (everybody.holdings, everybody.owners)
        about = holders.AccessReading("rnd/dev", everybody.tenant, NOW, everybody.reader)
        found = {
            "access": lines.format_lines(holders.lines(what[0], explain=True, owners=what[1])),
            "access.csv": holders_data.to_csv(*what, about),
            "access.html": read_of(holders_html.to_html(what[0], "Access", what[1])),
        }
        judged |= {name: list(nameless(shown, known)) for name, shown in found.items()}
    return {name: "\n".join(said) for name, said in judged.items()}


@pytest.mark.parametrize("seed", seeds.sample("names", range(200), 12))
def test_whoever_has_a_name_is_told_by_it(seed: int, tmp_path: Path) -> None:
    """Plans, drift and access of a tenant that people had their hands in, in all that they are printed as."""
    world, known = World(tmp_path / "manifests", manifest(seed)), defaultdict(set)

    async def lived() -> dict[str, str]:
        await apply(world.embedded, await plan(world.embedded, world.load()))
        await tamper(world.embedded, seed)
        world.manifest = manifest(seed + (seed % 2) * 1000)
        inner = world.embedded.transport
        world.embedded.transport = lambda: Heard(inner(), known)  # type: ignore[method-assign]  # listened to
        return await reports(world, known)

    found = asyncio.run(lived())
    assert {name: said for name, said in found.items() if said} == {}


def test_an_id_alone_is_found() -> None:
    """The judge sees one: a name that was read, and a line without it."""
    known: Known = defaultdict(set)
    id_ = "14a3ccc4-a7b6-407e-a497-25f28894ec20"
    learn({"value": [{"appId": id_, "displayName": "Tool"}]}, known)
    assert list(nameless(f"created by application {id_}", known))
    assert not list(nameless(f"created by application 'Tool' ({id_})", known))
    assert not list(nameless("created by application 00000000-a7b6-407e-a497-25f28894ec20", known))
