"""What reading a tenant's policies costs: requests beside those that are sent anyway, none that the token
shows to be refused.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from entra_config.actual import policies
from entra_config.actual.fetch import fetch
from entra_config.actual.found import Found
from entra_config.actual.read import Reading
from entra_config.graph.client import Graph, ResponseReceived
from entra_config.graph.connect import connect
from entra_config.graph.request import Request, Response, Usage
from entra_config.graph.token import FixedToken, Identity
from entra_config.kinds.table import KINDS
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_emulator.callers import Caller
from entra_emulator.embedded import Embedded
from tests.unit.graph.doors import Door, graph
from tests.world import apply, plan

MANIFESTS = Path(__file__).parents[3] / "manifests"
ROOT = """project: shop
environments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111 } }
applications:
  api:
    type: api
    displayName: Api
    signInAudience: AzureADMultipleOrgs
    identifierUris: ["https://contoso.com/shop"]
    appRoles: { Reader: { displayName: Reader, description: Reads., allowedMemberTypes: [User] } }
appRoleAssignments: { api: { Reader: { groups: [All Staff] } } }
"""
# Paths that only the preflight asks.
OURS = ("/policies/", "/subscribedSkus", "/domains", "/organization?$select=id,directorySizeQuota")


class Paths:
    """Keeps the path of each request."""

    def __init__(self) -> None:
        self.requested: list[str] = []

    def responded(self, event: ResponseReceived) -> None:
        """Take note of one request."""
        self.requested.append(str(event.request.path))

    def noted(self, text: str) -> None:
        """Take no note of how something is read."""

    def waiting(self, reason: str, seconds: float) -> None:
        """Take no note of waits: none is expected."""
        raise AssertionError(reason)

    @property
    def ours(self) -> list[str]:
        """Return what the preflight asked."""
        return [path for path in self.requested if path.startswith(OURS)]


def reads(
    embedded: Embedded, manifest: Manifest, *, preflight: bool, caller: Caller | None = None
) -> tuple[Found, Usage, Paths]:
    """Read a tenant once, signed in by a token that tells its permissions."""

    async def go() -> tuple[Found, Usage, Paths]:
        who, paths = caller or embedded.app_caller(), Paths()
        token = FixedToken(embedded.token(who), Identity(who.tid, who.oid, who.appid, "", who.permissions))
        graph: Graph = await connect("emulator", credential=token, transport=embedded.transport())
        async with graph:
            with graph.observed_by(paths):
                before = graph.usage
                found = await Reading(graph, manifest, KINDS, preflight=preflight).run()
                return found, graph.usage.since(before), paths

    return asyncio.run(go())


@pytest.fixture(scope="module")
def embedded() -> Embedded:
    """Give a tenant to which the worked example was applied."""
    made, manifest = Embedded.create(seed="policies"), loader.load(MANIFESTS, "dev")

    async def go() -> None:
        await apply(made, await plan(made, manifest))

    asyncio.run(go())
    return made


@pytest.fixture
def shop(tmp_path: Path) -> Manifest:
    """Give a manifest that every policy has something to say of."""
    (tmp_path / "entra-config.yaml").write_text(ROOT)
    return loader.load(tmp_path, "dev")


def test_calls_and_depth_stay_as_they_are(embedded: Embedded) -> None:
    """Of what stands, the policies are read in the calls that are made anyway, by at most seven requests
    more.
    """
    manifest = loader.load(MANIFESTS, "dev")
    _, without, _ = reads(embedded, manifest, preflight=False)
    found, with_, paths = reads(embedded, manifest, preflight=True)
    assert (with_.calls, with_.depth) == (without.calls, without.depth)
    assert with_.requests - without.requests == len(paths.ours) == 4
    assert found.policies is not None
    assert found.policies.unknown == ()
    assert found.policies.plans == frozenset({"AAD_PREMIUM"})


def test_what_only_beta_has_is_one_call_more_and_no_level(embedded: Embedded, shop: Manifest) -> None:
    """Where an audience or a creation makes it matter, beta's batches go side by side with the levels that
    there are.
    """
    _, without, _ = reads(embedded, shop, preflight=False)
    found, with_, paths = reads(embedded, shop, preflight=True)
    assert with_.depth == without.depth
    assert with_.requests - without.requests == len(paths.ours) <= policies.MOST
    assert with_.calls - without.calls == 1
    assert found.policies is not None
    assert found.policies.default is not None
    assert "audiences" in found.policies.default["applicationRestrictions"]
    assert found.policies.quota is not None
    assert len(set(paths.ours)) == len(paths.ours) == 6


def test_policies_of_their_own_are_asked_for_as_far_as_there_is_room(
    embedded: Embedded, shop: Manifest
) -> None:
    """Seven requests are the most: of which applications the others are the policy is unknown, and their
    names are kept.
    """
    tenant = embedded.directory.default
    for number in range(4):
        row = {
            "id": f"p{number}",
            "displayName": f"Policy {number}",
            "isEnabled": number > 0,
            "restrictions": {},
        }
        tenant.tables["appManagementPolicies"].put({**row, "deletedDateTime": None, "description": None})
    (given,) = [row for row in tenant.applications if row["displayName"] == "MyApp SPA (dev)"]
    tenant.app_policies.add(given["id"], "p1")
    try:
        _, without, _ = reads(embedded, shop, preflight=False)
        found, with_, paths = reads(embedded, shop, preflight=True)
    finally:
        for number in range(4):
            tenant.tables["appManagementPolicies"].remove(f"p{number}")
            tenant.app_policies.drop(f"p{number}")
    assert with_.requests - without.requests == len(paths.ours) == policies.MOST
    assert with_.depth == without.depth
    assert found.policies is not None
    assert {id_: policy["displayName"] for id_, policy in found.policies.own.items()} == {
        given["id"]: "Policy 1"
    }
    assert found.policies.unread == ("Policy 2", "Policy 3")


def test_nothing_is_asked_that_the_token_shows_to_be_refused(embedded: Embedded) -> None:
    """Without Policy.Read.All no policy is asked for, and what is not known is kept with the permission
    that would tell.
    """
    manifest = loader.load(MANIFESTS, "dev")
    blind = replace(embedded.app_caller(), roles=embedded.app_caller().roles - {"Policy.Read.All"})
    found, _, paths = reads(embedded, manifest, preflight=True, caller=blind)
    assert paths.ours == ["/subscribedSkus"]
    assert found.policies is not None
    assert {each.permission for each in found.policies.unknown} == {"Policy.Read.All"}
    assert policies.first(manifest, Identity(permissions=frozenset({"Application.Read.All"}))) == {}


@pytest.mark.parametrize(
    ("status", "body"), [(404, {}), (501, {}), (400, {}), (200, {"id": "x"}), (200, {"value": []})]
)
def test_what_a_cloud_does_not_serve_is_unknown(status: int, body: dict[str, Any]) -> None:
    """Not there, not served, or an answer that says nothing: all three are unknown, and not as if nothing
    were restricted.
    """
    manifest = loader.load(MANIFESTS, "dev")

    def response(request: Request) -> Response:
        return Response(status, {"error": {"code": "x", "message": "x"}} if status != 200 else body)

    async def go() -> policies.Policies:
        requested = policies.first(manifest, Identity())
        responses = await fetch(graph(Door(response)), requested, optional=requested)
        return policies.read(manifest, responses, manifest.applications)

    found = asyncio.run(go())
    reported = " ".join(each.what for each in found.unknown)
    assert "which secrets" in reported
    assert "who may register" in reported


def test_a_token_that_tells_nothing_is_tried(embedded: Embedded) -> None:
    """What cannot be read off the token is asked, and a refusal stops nothing."""
    manifest = loader.load(MANIFESTS, "dev")
    assert len(policies.first(manifest, Identity())) == 4
    blind = replace(embedded.app_caller(), roles=embedded.app_caller().roles - {"Policy.Read.All"})
    made = asyncio.run(plan(embedded, manifest, caller=blind))
    assert made.changes == ()
    assert made.warnings == ()
