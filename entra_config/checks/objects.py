"""Changes and what was read in; what Graph calls the objects that they are about out, so that other code can
check an apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from entra_config.actual.found import Found
from entra_config.claimants import Rank
from entra_config.kinds.directory import Directory
from entra_config.kinds.facts import (
    ApplicationFacts,
    AssignmentFacts,
    AuthorizationFacts,
    ConsentFacts,
    EnterpriseFacts,
    Tenant,
    application_at,
)
from entra_config.kinds.table import TRACES
from entra_config.kinds.trace import Part
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Change, Create, IdName, KeyObject, Objects, Proof, address_of
from entra_config.resource import State

Ids = dict[IdName, str | None]


def find_objects(manifest: Manifest, found: Found, actual: State, changes: Iterable[Change]) -> Objects:
    """Return the ids of all that the changes are about, and what proves which object is each key's."""
    tenant = {each.address: each.facts for each in actual}
    principals = _find_principals(found.directory, tenant)
    ours = (key for key, live in found.directory.live.items() if not live.subject.others)
    return Objects(
        {address_of(change): _find_ids(change, tenant, principals) for change in changes},
        principals,
        tuple(_find_key(manifest, found, key) for key in dict.fromkeys((*manifest.applications, *ours))),
        found.makers,
    )


def _find_principals(directory: Directory, tenant: Tenant) -> dict[str, str]:
    """Return the id of each service principal that is known, by appId, key and the name of an API."""
    principals = {app_id: id_ for id_, app_id in directory.app_ids.items()}
    for facts in tenant.values():
        if isinstance(facts, ConsentFacts | AssignmentFacts):
            principals[facts.resource] = facts.resource_id
    principals |= {name: api.id for name, api in directory.apis.items() if isinstance(api.id, str)}
    for key, live in directory.live.items():
        if live.subject.service_principal is not None:
            id_ = str(live.subject.service_principal["id"])
            principals |= {name: id_ for name in (key, (live.subject.application or {}).get("appId")) if name}
    return principals


def _find_ids(change: Change, tenant: Tenant, principals: Mapping[str, str]) -> Ids:
    """Return the ids of what a change is about, by what they are to it; None of what does not exist yet."""
    resource = change.after if isinstance(change, Create) else change.before
    facts, trace = resource.facts, TRACES[resource.address.kind]
    ends = trace.ends(resource, tenant)
    application = application_at(tenant, resource.application)
    ids: Ids = {"object": ends.get("object")}
    match facts:
        case ApplicationFacts():
            ids |= {"appId": facts.app_id, "servicePrincipal": principals.get(resource.address.key)}
        case EnterpriseFacts():
            ids |= {"appId": application.app_id, "servicePrincipal": ids["object"]}
        case AuthorizationFacts():
            ids |= {
                "appId": application.app_id,
                "client": principals.get(ends["clientApp"] or ""),
                "resource": principals.get(facts.api),
            }
        case ConsentFacts():
            ids = {"object": facts.id, "client": ends["client"], "resource": ends["resource"]}
        case AssignmentFacts():
            ids = {name: ends[name] for name in ("resource", "role", "principal")} | {"object": facts.id}
        case _ if isinstance(trace.reported, Part) and trace.reported.id:
            ids = {"object": ends[trace.reported.id], "appId": application.app_id}
        case _ if facts.principal:
            ids["principal"] = facts.principal
    return {name: id_ or None for name, id_ in ids.items()}


def _find_key(manifest: Manifest, found: Found, key: str) -> KeyObject:
    live = found.directory.live.get(key)
    application = (live.subject.application if live else None) or {}
    principal = (live.subject.service_principal if live else None) or {}
    app_id = application.get("appId")
    proof: Proof = "none"
    match found.ranks.get(key):
        case Rank.PIN:
            proof = "pin" if app_id in manifest.pinned.values() else "manifest"
        case Rank.MADE | Rank.PROVEN:
            proof = "creator"
    return KeyObject(key, application.get("id"), app_id, principal.get("id"), proof)
