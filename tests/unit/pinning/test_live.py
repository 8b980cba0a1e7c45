"""Who bears a name that is pinned: since when, and how many people it is."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from entra_config.graph.request import Request, Response
from entra_config.pinning.live import Bearer, bearers
from tests.unit.graph.doors import Door, error, graph

MADE = "2026-01-02T00:00:00Z"
AT = datetime(2026, 1, 2, tzinfo=UTC)
PERSON = {"@odata.type": "#microsoft.graph.user", "id": "p", "displayName": "P", "userPrincipalName": "p@x"}


def response(request: Request) -> Response:
    """Play a tenant that has a user, a group of one, an application without a date, and no more."""
    path = str(request.path)
    if path.startswith("/groups/g1/members"):
        return Response(200, {"value": [PERSON]})
    known = {
        "/users/u1": {"id": "u1", "createdDateTime": MADE},
        "/groups/g1": {"id": "g1", "createdDateTime": MADE},
        "/servicePrincipals/s1": {"id": "s1", "createdDateTime": None},
    }
    body = known.get(path.partition("?")[0])
    return Response(200, body) if body is not None else error(404, "Request_ResourceNotFound")


def test_each_is_asked_once_and_what_cannot_be_read_is_not_known() -> None:
    """Hold that a user is one person, a group its members, an application nobody, in one question each."""
    door = Door(response)
    wanted = [
        ("users", "u1"),
        ("groups", "g1"),
        ("servicePrincipals", "s1"),
        ("groups", "g2"),
        ("users", "u2"),
    ]
    found = asyncio.run(bearers(graph(door), wanted))

    assert found == {
        "u1": Bearer(AT, 1),
        "g1": Bearer(AT, 1),
        "s1": Bearer(None, None),
        "g2": Bearer(None, None),
        "u2": Bearer(None, 1),
    }
    assert [path for _, path in door.requests()][:5] == [
        f"/{set_}/{id_}?$select=id,createdDateTime" for set_, id_ in wanted
    ]


def test_nobody_is_asked_about_nobody() -> None:
    """Hold that no request is sent."""
    door = Door(response)
    assert (asyncio.run(bearers(graph(door), [])), door.calls) == ({}, [])
