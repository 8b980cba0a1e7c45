"""AppIds in; their service principals, and the permissions of Microsoft Graph that each was given, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from entra_config.actual import graph_permissions
from entra_config.graph import errors
from entra_config.graph.client import Graph
from entra_config.graph.odata import by_key
from entra_config.graph.request import Request, Response
from entra_config.kinds import microsoft_graph


@dataclass(frozen=True, slots=True)
class Consented:
    """A service principal: its object id, its name, and the application permissions of Microsoft Graph
    that it has.
    """

    id: str
    name: str
    permissions: frozenset[str]


async def consented(graph: Graph, app_ids: Mapping[str, str]) -> dict[str, Consented]:
    """Return what each appId was given, by its key; who has no service principal is left out."""
    keys = [
        by_key("servicePrincipals", "appId", app_id) for app_id in (microsoft_graph.APP_ID, *app_ids.values())
    ]
    requests = [Request("GET", f"{key}?$select=id,displayName") for key in keys]
    api, *own = [
        _body(request, response)
        for request, response in zip(requests, await graph.send(requests), strict=True)
    ]
    there = {key: body for key, body in zip(app_ids, own, strict=True) if body is not None}
    held = "/servicePrincipals/{}/appRoleAssignments?$top=999"
    lists = await graph.lists([Request("GET", held.format(body["id"])) for body in there.values()])
    # Another API may have a role of the same id.
    held_of = [
        [row["appRoleId"] for row in rows if api is not None and row["resourceId"] == api["id"]]
        for rows in lists
    ]
    names = await graph_permissions.find_role_names(graph, [id_ for ids in held_of for id_ in ids])
    found = {}
    for (key, body), given in zip(there.items(), held_of, strict=True):
        permissions = frozenset(names[id_] for id_ in given if id_ in names)
        found[key] = Consented(str(body["id"]), str(body.get("displayName") or ""), permissions)
    return found


def _body(request: Request, response: Response) -> dict[str, Any] | None:
    if response.status == 404:
        return None
    if not response.ok:
        raise errors.refusal(request, response)
    return dict(response.body)
