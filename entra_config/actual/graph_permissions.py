"""Which permissions of Microsoft Graph a manifest names, and whether Graph itself must be asked about them.

The kept copy answers for most plans without reading Graph's service principal (280 KB). Graph is asked if the
copy lacks a name, and before an application permission is granted: grants are made by id, and a wrong id
grants another permission.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from entra_config.actual import names
from entra_config.actual.fetch import Questions, Responses, TenantReader
from entra_config.actual.question import GRAPH_PERMISSIONS, About, ApiOfOthers, HeldBy
from entra_config.graph.odata import by_key
from entra_config.graph.request import Request
from entra_config.kinds import microsoft_graph
from entra_config.kinds.details import HOLDINGS, RoleHolding
from entra_config.kinds.directory import Subject
from entra_config.kinds.graph_names import find_unknown, is_graph
from entra_config.manifest.model import Manifest

PERMISSIONS = (
    f"{by_key('servicePrincipals', 'appId', microsoft_graph.APP_ID)}"
    "?$select=id,appId,appRoles,oauth2PermissionScopes"
)


def questions(manifest: Manifest, subjects: Mapping[str, Subject], responses: Responses) -> Questions:
    """Return the question what Graph offers in this tenant, if the answer decides something."""
    if GRAPH_PERMISSIONS in responses:
        return {}
    if not (any(find_unknown(manifest)) or _grants_role(manifest, subjects, responses)):
        return {}
    return {GRAPH_PERMISSIONS: Request("GET", PERMISSIONS)}


def _grants_role(manifest: Manifest, subjects: Mapping[str, Subject], responses: Responses) -> bool:
    """Return True if an application permission of Graph is wanted that its client does not hold yet."""
    own = {item["id"] for item in responses.every(ApiOfOthers) if item["appId"] == microsoft_graph.APP_ID}
    ids = microsoft_graph.roles()
    wanted: list[tuple[Iterable[RoleHolding], Iterable[str]]] = []
    for key, application in manifest.applications.items():
        subject = subjects.get(key)
        rows = responses[About(key, HOLDINGS)] if subject is not None and not subject.deleted else ()
        wanted += [
            (rows, permission.application_consent or ())
            for resource, permission in application.api_permissions.items()
            if is_graph(manifest, resource)
        ]
    principals, _ = names.principals(manifest, responses)
    for given in manifest.grants:
        who = principals.get(("servicePrincipal", given.named.id or given.named.name))
        if who is not None and is_graph(manifest, given.resource):
            wanted.append((responses[HeldBy(who.id)], given.application))
    return any(
        {ids.get(name) for name in permissions} - {row.role for row in rows if row.resource in own}
        for rows, permissions in wanted
    )


def confirmed(kept: Mapping[str, str], live: Mapping[str, str] | None) -> Mapping[str, str]:
    """Return the ids that the kept copy and the tenant agree on, and those that only the tenant knows."""
    if live is None:
        return kept
    return {name: id_ for name, id_ in live.items() if kept.get(name, id_) == id_}


async def find_role_names(graph: TenantReader, ids: Iterable[str]) -> Mapping[str, str]:
    """Return the names of application permissions by id; an id that the kept copy lacks is looked up."""
    known = {id_: name for name, id_ in microsoft_graph.roles().items()}
    if set(ids) <= known.keys():
        return known
    (response,) = await graph.send([Request("GET", PERMISSIONS)])
    roles = response.body.get("appRoles") or () if response.ok else ()
    return known | {role["id"]: role["value"] for role in roles if role.get("value")}
