"""Who is in the groups that a plan concerns, and what the signed-in application may do, as Graph tells."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from entra_config.actual import graph_permissions, itself, stakes
from entra_config.graph.request import Request, Response
from entra_config.kinds import microsoft_graph
from entra_config.kinds.details import RoleHolding
from entra_config.plan.held import Members
from tests.unit.graph.doors import Door, error, graph

ANN = {"@odata.type": "#microsoft.graph.user", "id": "a", "displayName": "Ann", "userPrincipalName": "ann@x"}
INNER = {"@odata.type": "#microsoft.graph.group", "id": "g", "displayName": "Inner"}
MORE = {"@odata.nextLink": "https://graph.microsoft.com/v1.0/groups/1/members?$skiptoken=2"}


@pytest.mark.parametrize(
    ("body", "members"),
    [
        ({"value": [ANN]}, Members((("a", "ann@x"),), 1)),
        ({"value": [ANN], "@odata.count": 7}, Members((("a", "ann@x"),), 1)),
        ({"value": [ANN, INNER], "@odata.count": 2}, Members((("a", "ann@x"),), 1)),
        ({"value": [ANN], "@odata.count": 7} | MORE, Members((("a", "ann@x"),), 7)),
        ({"value": []}, Members((), 0)),
        (None, None),
    ],
)
def test_a_group_has_as_many_people_as_it_says_where_it_is_not_read_whole(
    body: dict[str, Any] | None, members: Members | None
) -> None:
    """What stands on its only page is counted itself; a group that may not be read is not known."""
    door = Door(lambda _: error(403) if body is None else Response(200, body))
    found = asyncio.run(stakes.members(graph(door), ["1"]))
    assert found == ({} if members is None else {"1": members})


def test_without_groups_nothing_is_read() -> None:
    """One call for many."""
    door = Door(lambda _: Response(200, {"value": []}))
    assert asyncio.run(stakes.members(graph(door), [])) == {}
    assert door.calls == []
    assert set(asyncio.run(stakes.members(graph(door), ["1", "2"]))) == {"1", "2"}
    assert [request.path for request in door.calls] == ["/$batch"]


def test_permissions_of_oneself_are_told_in_order() -> None:
    """By Graph's names, new ones too; those of other APIs have none, and a user has none at all."""
    known = sorted(microsoft_graph.roles())[:3]
    ids = [microsoft_graph.roles()[name] for name in reversed(known)]
    rows = [{"id": id_, "appRoleId": id_} for id_ in (*ids, "new", "of-another-api")]

    def respond(request: Request) -> Response:
        if request.path == graph_permissions.PERMISSIONS:
            return Response(200, {"appRoles": [{"id": "new", "value": "Zebra.Read"}]})
        assert request.path == f"/servicePrincipals/object/appRoleAssignments?{RoleHolding.SELECT}&$top=999"
        return Response(200, {"value": rows})

    assert asyncio.run(itself.held(graph(Door(respond)))) == [*known, "Zebra.Read"]
    assert asyncio.run(itself.held(graph(Door(lambda _: error(404))))) is None


def test_graph_is_reached_by_one_small_read() -> None:
    """The seconds that it took."""
    ticks = iter((10.0, 12.5))
    door = Door(lambda _: Response(200, {"value": []}))
    assert asyncio.run(itself.measure_response(graph(door), lambda: next(ticks))) == 2.5
