"""What a fleet's client lacks in a tenant, and whether anybody may sign in through it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from entra_config.bootstrap.fleet_client import ExaminedTenant, home, tenant
from entra_config.checks import privileges as levels
from entra_config.checks.examination import Examination
from entra_config.graph.request import Request, Response
from entra_config.kinds import microsoft_graph
from entra_config.kinds.details import RoleHolding
from tests.unit.graph.doors import Door, error, graph
from tests.unit.plan.estates import manifest

READING = levels.reading().permissions
NEEDED = sorted(levels.least(levels.of_manifest(manifest())))
APPLYING = [name for name in NEEDED if name not in READING]


def door(roles: Any, principal: Response | None = None) -> Door:
    """Return a Graph where the client holds these permissions, None where it may not read itself."""
    held = [{"appRoleId": microsoft_graph.roles()[name]} for name in roles or ()]

    def response(request: Request) -> Response:
        if "appRoleAssignments" in str(request.path):
            return error(403, "Forbidden") if roles is None else Response(200, {"value": held})
        return principal or Response(200, {"id": "object", "appOwnerOrganizationId": "home-tenant"})

    return Door(response)


def test_a_client_that_may_do_all_lacks_nothing() -> None:
    """Hold that its home is told, and what is asked."""
    at = door([*READING, *NEEDED])

    assert asyncio.run(tenant(graph(at), [manifest()])) == ExaminedTenant((), "home-tenant")
    assert list(at.requests()) == [
        ("GET", "/servicePrincipals/object?$select=id,appId,appOwnerOrganizationId"),
        ("GET", f"/servicePrincipals/object/appRoleAssignments?{RoleHolding.SELECT}&$top=999"),
    ]


def test_what_reading_needs_is_bad_and_what_applying_needs_is_noted() -> None:
    """Hold that each permission is named once."""
    lacks_applying = Examination("note", "applying", f"lacks {', '.join(APPLYING)}")
    lacks_reading = Examination("bad", "reading", f"lacks {', '.join(sorted(READING))}")

    assert asyncio.run(tenant(graph(door(READING)), [manifest()])).found == (lacks_applying,)
    assert asyncio.run(tenant(graph(door([])), [manifest()])).found[0] == lacks_reading
    assert asyncio.run(tenant(graph(door([])), [])).found == (lacks_reading,)


@pytest.mark.parametrize(
    "principal", [error(403, "Forbidden"), Response(200), Response(200, {"appOwnerOrganizationId": None})]
)
def test_a_client_that_may_not_read_itself_has_no_home(principal: Response) -> None:
    """Hold that nothing more is said than that."""
    words = f"lacks {', '.join(READING)}: it may not even read itself"
    assert asyncio.run(tenant(graph(door(None, principal)), [manifest()])) == ExaminedTenant(
        (Examination("bad", "reading", words),), ""
    )


@pytest.mark.parametrize(
    ("body", "ways"),
    [
        ({}, ""),
        ({"isFallbackPublicClient": False, "web": None, "spa": {"redirectUris": []}}, ""),
        ({"isFallbackPublicClient": True}, "public client flows are allowed"),
        (
            {each: {"redirectUris": ["https://a"]} for each in ("web", "spa", "publicClient")},
            "redirect URIs (mobile and desktop), redirect URIs (web), redirect URIs (single page)",
        ),
    ],
)
def test_nobody_should_sign_in_through_it(body: Mapping[str, Any], ways: str) -> None:
    """Hold that each way is named, and that it is read by its appId."""
    at = Door(lambda _: Response(200, dict(body)))
    found = asyncio.run(home(graph(at), "client"))
    said = f"people may sign in through it: {ways}; take that out, in its home tenant"

    assert found == (
        Examination("bad", "home", said)
        if ways
        else Examination("good", "home", "nobody signs in through it, says its home tenant tenant")
    )
    assert list(at.requests()) == [
        ("GET", "/applications(appId='client')?$select=id,appId,isFallbackPublicClient,publicClient,web,spa")
    ]


@pytest.mark.parametrize("response", [error(404, "NotFound"), Response(200)])
def test_a_registration_that_cannot_be_read_is_noted(response: Response) -> None:
    """Hold that nothing is said of who signs in."""
    found = asyncio.run(home(graph(Door(lambda _: response)), "client"))
    assert found == Examination("note", "home", "its registration cannot be read in its home tenant tenant")
