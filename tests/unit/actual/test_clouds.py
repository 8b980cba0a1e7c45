"""Each cloud's Graph is named by its own address in all that a plan sends."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from entra_config import reconcile
from entra_config.graph.clouds import CLOUDS, Cloud
from entra_config.graph.endpoint import cloud as emulator_at
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest, Named
from entra_config.plan.model import Plan
from entra_emulator.embedded import Embedded
from tests import world

MANIFESTS = Path(__file__).parents[3] / "manifests"


def owned_by(manifest: Manifest, *names: str) -> Manifest:
    """Return the manifest with owners for each of its applications."""
    applications = {
        key: replace(application, owners=tuple(Named(name, position=application.position) for name in names))
        for key, application in manifest.applications.items()
    }
    return replace(manifest, applications=applications)


def links(plan: Plan) -> list[str]:
    """Return every link to a directory object in what a plan sends."""
    bodies = [step.request.body for step in plan.steps if isinstance(step.request.body, dict)]
    bound = [link for body in bodies for link in body.get("owners@odata.bind", ())]
    return [*bound, *(body["@odata.id"] for body in bodies if "@odata.id" in body)]


@pytest.mark.parametrize(
    "cloud", [*CLOUDS.values(), emulator_at("https://localhost:8443")], ids=lambda cloud: cloud.name
)
def test_an_owner_is_linked_at_the_graph_of_its_cloud(cloud: Cloud) -> None:
    """Owners of what is created, and owners that come later, are named by the address that the requests go
    to.
    """

    async def story() -> tuple[list[str], list[str]]:
        embedded = Embedded.create(seed="clouds")
        manifest = loader.load(MANIFESTS, "dev")
        async with await world.signed_in(embedded, cloud=cloud) as graph:
            first = await reconcile.plan(owned_by(manifest, "alice@contoso.com"), graph, now=world.NOW)
            await reconcile.apply(first, graph, sleep=world.at_once)
            both = owned_by(manifest, "alice@contoso.com", "bob@contoso.com")
            second = await reconcile.plan(both, graph, now=world.NOW)
            outcome = await reconcile.apply(second, graph, sleep=world.at_once)
            assert outcome.complete, outcome
            return links(first), links(second)

    created, added = asyncio.run(story())

    assert len(created) >= len(loader.load(MANIFESTS, "dev").applications)
    assert added
    for link in (*created, *added):
        assert link.startswith(f"{cloud.graph}/v1.0/directoryObjects/")
