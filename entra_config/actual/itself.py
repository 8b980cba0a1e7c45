"""Ask Graph how fast it answers, and what the signed-in application may do there."""

from __future__ import annotations

from collections.abc import Callable

from entra_config.actual import graph_permissions
from entra_config.graph.client import Graph
from entra_config.graph.request import Request
from entra_config.kinds.details import RoleHolding


async def measure_response(graph: Graph, clock: Callable[[], float]) -> float:
    """Return how many seconds Graph takes for one small read, as `clock` counts them."""
    start = clock()
    await graph.send([Request("GET", "/organization?$select=id")])
    return clock() - start


async def held(graph: Graph) -> list[str] | None:
    """Return the Graph permissions of the signed-in application; None for a user, whose directory roles
    decide as well.
    """
    path = f"/servicePrincipals/{graph.identity.object_id}/appRoleAssignments"
    (response,) = await graph.send([Request("GET", f"{path}?{RoleHolding.SELECT}&$top=999")])
    if not response.ok:
        return None
    ids = [row["appRoleId"] for row in response.body["value"]]
    names = await graph_permissions.find_role_names(graph, ids)
    return sorted(names[id_] for id_ in ids if id_ in names)
