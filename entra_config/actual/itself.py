"""Ask Graph how fast it answers, and what the signed-in application may do there."""

from __future__ import annotations

from collections.abc import Callable

from entra_config.graph.client import Graph
from entra_config.graph.request import Request
from entra_config.kinds import microsoft_graph
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
    names = {id_: name for name, id_ in microsoft_graph.roles().items()}
    return sorted(names[row["appRoleId"]] for row in response.body["value"] if row["appRoleId"] in names)
