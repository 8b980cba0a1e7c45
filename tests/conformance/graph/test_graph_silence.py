"""Nothing that a client asks for is passed over in silence: random query options, casts and bodies, judged
one by one.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from entra_emulator.callers import Caller
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from entra_emulator.graph.routes import ROUTER
from entra_emulator.seed import FABRIKAM
from tests.conformance.documented.callers import PERMISSIONS, SCOPES
from tests.conformance.documented.requests import Example
from tests.conformance.documented.tenant import furnish
from tests.conformance.graph import silence
from tests.conformance.graph.requested import ADVANCED
from tests.conformance.graph_client import EMULATED, Graph, refused

fact = pytest.mark.fact
SEED = 20261126
QUICK = 400
OPTIONS = [
    "$filter",
    "$search",
    "$orderby",
    "$top",
    "$expand",
    "$select",
    "$skiptoken",
    "$deltatoken",
    "$count",
]
# Template to path and client.
Reads = dict[str, tuple[str, Graph]]
FUNCTIONS = [each for _, each in ROUTER.templates() if each.startswith("tenantRelationships/")]
# What answers nobody: there are no pictures, nothing to recommend; deleted items are listed by type.
UNREADABLE = {
    "directory/deletedItems",
    "directory/recommendations/*/impactedResources",
    *(f"{base}/photo{tail}" for base in ("users/*", "me") for tail in ("", "/$value")),
}
# What only the beta endpoint has.
BETA = {
    "directory/recommendations",
    "reports/appCredentialSignInActivities",
    "reports/servicePrincipalSignInActivities",
}


@fact("no query option, cast or property is passed over in silence", source="OData", grade="D")
def test_share(emulated: Graph) -> None:
    """Random reads and writes are heeded in all that they ask for, or refused in Graph's words."""
    assert silence.check(emulated, QUICK, SEED).total() == QUICK


@pytest.fixture(scope="module")
def reads() -> Iterator[Reads]:
    """Give every read of the emulator with real ids in its path, and who may send it; made once."""
    with asyncio.Runner() as runner:
        clock = ManualClock()
        embedded = Embedded.create(seed="reads", clock=clock)
        deployer = embedded.app_caller()
        admin = _client(embedded, runner, replace(deployer, roles=frozenset(PERMISSIONS)))
        person = _client(embedded, runner, embedded.user_caller("grace@contoso.com", SCOPES))
        alice = _client(embedded, runner, embedded.user_caller("alice@contoso.com", SCOPES))
        tenant = furnish(admin, person, clock.now())
        paths = {
            each: Example.read(each).target(tenant) for method, each in ROUTER.templates() if method == "GET"
        }
        picture = {"content": b"GIF89a", "headers": {"Content-Type": "image/gif"}}
        assert admin.send("PUT", paths["applications/*/logo"], **picture).status_code == 204
        for template in BETA:
            paths[template] = f"/beta/{template}"
        for template in FUNCTIONS:
            name, value = ("tenantId", FABRIKAM) if "Id/" in template else ("domainName", "fabrikam.com")
            paths[template] = f"/v1.0/{template.removesuffix('/*')}({name}='{value}')"
        yield {
            template: (path, alice if template.split("/")[0] == "me" else admin)
            for template, path in paths.items()
        }


@fact("no read takes an option that its handler looks at nowhere", source="OData", grade="D")
@pytest.mark.parametrize("option", OPTIONS)
def test_every_route(reads: Reads, option: str) -> None:
    """An option with a value that nobody can honour is refused by each read for its own sake: without it,
    it is answered.
    """
    taken = []
    for template, (path, client) in reads.items():
        if template not in UNREADABLE:
            assert client.send("GET", path, headers=ADVANCED).status_code == 200, path
        response = client.send("GET", f"{path}?{option}=(%27", headers=ADVANCED)
        # Domains ignore options, by Microsoft's own list of known issues.
        if template not in {"domains", *UNREADABLE} and response.status_code not in {400, 501}:
            taken.append((path, response.status_code))
    assert taken == []


@fact(
    "a batch itself has no query option",
    source="OData; the answer was not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize("option", OPTIONS)
def test_batch(emulated: Graph, option: str) -> None:
    """Options belong to the parts: on the batch they are refused."""
    body = {"requests": [{"id": "1", "method": "GET", "url": "/users"}]}
    refused(emulated.post(f"/$batch?{option}=1", body), 400, "BadRequest", option)


def _client(embedded: Embedded, runner: asyncio.Runner, caller: Caller) -> Graph:
    http = embedded.client(caller)
    http.base_url = httpx.URL(EMULATED)
    return Graph(http, runner, fresh=True)
