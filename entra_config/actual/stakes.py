"""Changes in; what tokens say on either side of them, and who is in the groups that this concerns, out."""

from __future__ import annotations

from collections.abc import Iterable

from entra_config.actual import shape
from entra_config.actual.fetch import TenantReader
from entra_config.graph.request import Request
from entra_config.kinds import holdings
from entra_config.kinds.directory import Directory
from entra_config.manifest.model import Manifest
from entra_config.plan import held, impact
from entra_config.plan.held import Stakes
from entra_config.plan.model import Change
from entra_config.resource import State


async def read(
    graph: TenantReader, manifest: Manifest, directory: Directory, actual: State, changes: Iterable[Change]
) -> Stakes:
    """Return what is at stake; one level of requests where groups gain or lose something, nothing where
    nothing changes.
    """
    changes = tuple(changes)
    if not changes:
        return Stakes()
    before, after = holdings.sides(manifest, directory, actual, changes)
    return Stakes(before, after, await members(graph, impact.needed(before, after)))


async def members(graph: TenantReader, groups: list[str]) -> dict[str, held.Members]:
    """Read the first page of each group's members, and how many there are."""
    path = "/groups/{}/members?$select=id,displayName,userPrincipalName&$count=true&$top=999"
    requests = [
        Request("GET", path.format(group), headers={"ConsistencyLevel": "eventual"}) for group in groups
    ]
    found: dict[str, held.Members] = {}
    responses = await graph.send(requests) if requests else []
    for group, request, response in zip(groups, requests, responses, strict=True):
        # Who may not read members still gets a plan: the count is unknown then.
        if response.ok:
            items, following = graph.page(request, response)
            shape.check(request, response, items)
            found[group] = held.members(items, response.body.get("@odata.count") if following else None)
    return found
