"""The labels of a manifest that was applied to an emulator, or read from it, and who gets them."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from entra_config.cli import emulator_running
from entra_config.cli import labels as command
from entra_config.cli.options import Common, Session
from entra_config.cli.output import Output
from entra_config.graph import connect, endpoint
from entra_config.graph.clouds import EMULATOR, Cloud
from entra_config.manifest import loader
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests import world as pipeline

MANIFESTS = Path(__file__).parents[3] / "manifests"
LOUD = Output(verbose=True, no_color=True)
SESSION: Any = Session(None, None)  # type: ignore[arg-type]  # nobody signs in


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Collect what is sent to an emulator; from the second time on it answers 404."""
    bodies: list[Any] = []

    def respond(request: httpx.Request) -> httpx.Response:
        bodies.append((str(request.url), json.loads(request.content)))
        return httpx.Response(200 if len(bodies) == 1 else 404)

    make = httpx.AsyncClient

    def client(**options: Any) -> httpx.AsyncClient:
        # Graph is reached by a transport of its own.
        given = options if "transport" in options else {"transport": httpx.MockTransport(respond)}
        return make(**given)

    there = endpoint.Endpoint(Cloud(EMULATOR, "https://localhost:1", "x"), Path("ca.pem"), "t", "c", "s")
    monkeypatch.setattr(httpx, "AsyncClient", client)
    monkeypatch.setattr(connect, "trust", lambda _: None)
    monkeypatch.setattr(emulator_running, "find_endpoint", lambda: there)
    return bodies


def applied() -> tuple[Embedded, Any]:
    """Return an emulator that the worked example was applied to, and its manifest."""
    embedded = Embedded.create(seed.contoso())
    manifest = loader.load(MANIFESTS, "dev")

    async def run() -> None:
        await pipeline.apply(embedded, await pipeline.plan(embedded, manifest))

    asyncio.run(run())
    return embedded, manifest


def send(embedded: Embedded, manifest: Any, common: Common, *, done: bool) -> None:
    """Send the labels as a command does, over a connection to the emulator."""

    async def run() -> None:
        async with await pipeline.signed_in(embedded) as graph:
            await command.send(common, graph, manifest, applied=done)

    asyncio.run(run())


def test_each_declared_thing_has_a_label_for_its_object(
    sent: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """By the ids that the tenant has; that an emulator does not know labels is a detail."""
    embedded, manifest = applied()
    send(embedded, manifest, Common(cloud="emulator", output=LOUD), done=True)
    assert capsys.readouterr().err == ""
    ((url, body),) = sent
    assert url == "https://localhost:1/_emulator/labels"
    assert (body["tenant"], body["source"], body["applied"]) == (manifest.tenant_id, "myapp/dev", True)
    assert embedded.app.labels.put(body, embedded.directory.tenants, "now") is not None
    tenant = embedded.directory.default
    api = tenant.one("applications", "displayName", "myapp api (dev)")
    assert api
    found = {
        json.dumps({k: v for k, v in each.items() if k not in ("text", "name")}): each
        for each in body["labels"]
    }
    whole = found[json.dumps({"object": api["id"]})]
    assert whole["name"] == "api"
    assert re.fullmatch(r"(manifests/applications/)?api.yaml:\d+", whole["text"])
    uri = {"object": api["id"], "part": "identifierUris", "value": f"api://{api['appId']}"}
    assert json.dumps(uri) in found
    send(embedded, manifest, Common(cloud="emulator", output=LOUD), done=False)
    assert sent[1][1]["applied"] is False
    assert "the labels could not be sent to the emulator: Client error '404" in capsys.readouterr().err


def test_a_planted_application_takes_no_label(sent: list[Any]) -> None:
    """Of two applications that are tagged with one key, neither has its labels."""
    embedded, manifest = applied()
    tenant = embedded.directory.default
    api = tenant.one("applications", "displayName", "myapp api (dev)")
    assert api
    seed.add_application(tenant, "Planted", tags=api["tags"])
    send(embedded, manifest, Common(cloud="emulator", output=LOUD), done=True)
    ((_, body),) = sent
    keys = {each.get("name") for each in body["labels"] if "object" in each and "part" not in each}
    assert "spa" in keys
    assert "api" not in keys


@pytest.mark.parametrize(
    "common", [Common(), Common(cloud="china"), Common(cloud="emulator", session=SESSION)]
)
def test_no_other_cloud_is_sent_labels(sent: list[Any], common: Common) -> None:
    """Nor one that stands in for another: nothing is asked of its Graph either."""
    nothing: Any = None
    asyncio.run(command.send(common, nothing, nothing, applied=True))
    assert sent == []
