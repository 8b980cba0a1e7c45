"""Graph in; whether it answers, what time it tells, and what the signed-in application may do there, out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from entra_config.graph.client import Graph
from entra_config.graph.request import Request
from entra_config.kinds import microsoft_graph
from entra_config.kinds.details import RoleHolding


@dataclass(frozen=True, slots=True)
class Reach:
    """How long Graph took for one small read, in seconds, and the `date` that its answer bears (empty:
    none).
    """

    seconds: float
    date: str


async def reach(graph: Graph, clock: Callable[[], float]) -> Reach:
    """Ask for the tenant's id; `clock` gives seconds."""
    start = clock()
    (response,) = await graph.send([Request("GET", "/organization?$select=id")])
    return Reach(clock() - start, response.headers.get("date", ""))


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
