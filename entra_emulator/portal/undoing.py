"""One thing that changed in; the change that puts it back, or why none does, out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from entra_emulator.graph.properties import GRAPH
from entra_emulator.graph.schema import entity_of
from entra_emulator.portal.objects import name_of, row_of
from entra_emulator.portal.pieces import COLLECTIONS, ELEMENTS, PLATFORMS, ChangedPiece, known_by
from entra_emulator.portal.proposal import DRIFT, Given, NotThereError, Proposal
from entra_emulator.portal.visit import Visit
from entra_emulator.snapshots.named import SnapshotError
from entra_emulator.tenant import Tenant

Row = Mapping[str, Any]
# Graph removes and changes none of these while it is enabled (terraform-provider-azuread applications.go).
_ENABLED = ("appRoles", "api.oauth2PermissionScopes")
_TWICE = "Graph takes away and changes nothing that is enabled: the first request disables it."
_BACK = "Only going back to the snapshot undoes it."
_TYPES = {
    "applications": "application",
    "servicePrincipals": "servicePrincipal",
    "groups": "group",
    "users": "user",
}
_GRANT = ("clientId", "consentType", "principalId", "resourceId", "scope")
_FEDERATED = ("name", "issuer", "subject", "audiences", "description", "claimsMatchingExpression")


@dataclass(frozen=True)
class WayBack:
    """The word of the change that undoes, with what it is told; or the reason why there is none."""

    edit: str = ""
    given: Mapping[str, str] | None = None
    reason: str = ""


def way_back(visit: Visit, piece: ChangedPiece, since: str) -> WayBack:
    """Return how a change is undone."""
    if piece.kind == "changed" and piece.place == "appRoleAssignments":
        return WayBack(reason=f"Graph writes the names of its ends by itself. {_BACK}")
    known = _by_a_change_of_its_own(piece)
    if known is not None:
        return known
    if piece.place in (*COLLECTIONS, "deletedItems") and not piece.path and piece.kind == "removed":
        if piece.id in visit.tenant.deleted_items:
            return WayBack("restore", {"object": piece.id})
        return WayBack(reason="It was deleted for good, or was there and is deleted no longer. " + _BACK)
    if piece.place in _TYPES and _is_set_by_graph(_TYPES[piece.place], _first(piece.path)):
        return WayBack(reason=f"Graph writes it by itself. {_BACK}")
    if piece.place in ("owners", "oauth2PermissionGrants", "federatedIdentityCredentials", *COLLECTIONS):
        given = {"since": since, "place": piece.place, "id": piece.id}
        return WayBack("undo", {**given, "path": piece.path, "element": piece.element})
    return WayBack(reason=_BACK)


def _is_set_by_graph(kind: str, name: str) -> bool:
    known = entity_of(kind)
    row = known.properties.get(name) if known is not None else None
    return row is not None and row.set_by == GRAPH


def _by_a_change_of_its_own(piece: ChangedPiece) -> WayBack | None:
    """Return the change that the portal offers anyway, with its own question; None where there is none."""
    added, row = piece.kind == "added", piece.after or piece.before or {}
    source, _, target = piece.id.partition("/")
    if piece.place == "members":
        return WayBack(
            *(
                ("take-out", {"group": source, "member": target})
                if added
                else ("put-in", {"group": source, "person": target})
            )
        )
    if piece.place == "appRoleAssignments":
        given = {
            "resource": str(row.get("resourceId")),
            "role": str(row.get("appRoleId")),
            "holder": str(row.get("principalId")),
        }
        return WayBack("take-away", {"assignment": piece.id}) if added else WayBack("assign", given)
    if piece.place == "oauth2PermissionGrants" and added:
        return WayBack("withdraw", {"grant": piece.id})
    if piece.place == "deletedItems" and added:
        return WayBack("restore", {"object": piece.id})
    if piece.place != "applications":
        return None
    if not piece.path and added:
        return WayBack("delete", {"application": piece.id})
    if piece.path == "passwordCredentials":
        if added:
            return WayBack("remove-secret", {"application": piece.id, "key": piece.element})
        return WayBack(reason=f"A secret cannot be brought back: only a new one can be made. {_BACK}")
    if piece.path in {f"{each}.redirectUris" for each in PLATFORMS}:
        platform = piece.path.partition(".")[0]
        given = {"application": piece.id, "uri": piece.element, "platform": platform}
        return WayBack("remove-uri" if added else "add-uri", given)
    return None


def undo(visit: Visit, given: Given) -> Proposal:
    """Put back what was so at a snapshot: a property, an element of a list, an object, a link."""
    try:
        found = visit.held.emulator.snapshots.directory(given.get("since", ""))
    except SnapshotError as error:
        raise NotThereError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error
    old = found.tenants.get(visit.tenant.tenant_id)
    if old is None:
        raise NotThereError("The tenant was not there then.")
    place, object_id = given.get("place", ""), given.get("id", "")
    if place == "owners":
        return _owner(visit, old, object_id)
    if place == "oauth2PermissionGrants":
        return _grant(visit, old, object_id)
    if place == "federatedIdentityCredentials":
        return _federated(visit, old, object_id)
    if place not in COLLECTIONS:
        raise NotThereError("There is no such change.")
    was, now = (tenant.tables[place].get(object_id) for tenant in (old, visit.tenant))
    if now is None:
        raise NotThereError("It is not there any more.")
    if was is None:
        return _proposal(
            visit, (f"Delete {name_of(now)}?", "Delete"), ("DELETE", f"{place}/{object_id}"), object_id
        )
    return _property(visit, place, (was, now), given.get("path", ""), given.get("element", ""))


def _property(visit: Visit, place: str, rows: tuple[Row, Row], path: str, element: str) -> Proposal:
    was, now = (_value(row, path) for row in rows)
    if not path or path.startswith("_"):
        raise NotThereError("There is no such change.")
    if path in ELEMENTS:
        key = ELEMENTS[path][1]
        was = _with(now or [], was or [], key, element)
    what = f"{path} {element}".strip() if path in ELEMENTS else path
    requested = _proposal(
        visit, (f"Put {what} of {name_of(rows[1])} back?", "Put back"), ("PATCH", f"{place}/{rows[1]['id']}"),
        str(rows[1]["id"]), _nested(path, was), lost=(_brief(now),), gained=(_brief(was),),
    )  # fmt: skip
    disabled = _disabled(now or [], was, element) if path in _ENABLED else None
    if disabled is None:
        return requested
    note = f"{_TWICE} {requested.note}"
    return replace(requested, first=_nested(path, disabled), note=note)


def _nested(path: str, value: Any) -> dict[str, Any]:
    head, _, tail = path.partition(".")
    return {head: {tail: value}} if tail else {head: value}


def _disabled(now: list[Row], was: list[Row], element: str) -> list[Row] | None:
    """Return a list with one element disabled, where Graph takes nothing else before: it is enabled, and
    more of it goes back than that.
    """
    one, old = (next((each for each in rows if str(each["id"]) == element), None) for rows in (now, was))
    if one is None or not one.get("isEnabled"):
        return None
    off = {**one, "isEnabled": False}
    if old is not None and {**old, "isEnabled": False} == off:
        return None
    return [off if each is one else each for each in now]


def _with(now: list[Any], was: list[Any], key: str, element: str) -> list[Any]:
    """Return a list with one element as it was: others stay as they are."""
    old = [one for one in was if known_by(one, key) == element]
    if any(known_by(one, key) == element for one in now):
        return [each for one in now for each in (old if known_by(one, key) == element else [one])]
    return [*now, *old]


def _owner(visit: Visit, old: Tenant, pair: str) -> Proposal:
    source, _, target = pair.partition("/")
    found = row_of(visit.tenant, source)
    kinds = {"enterprise": "servicePrincipals", "registrations": "applications", "groups": "groups"}
    if found is None or found[0] not in kinds:
        raise NotThereError("It is not there any more.")
    path, name = f"{kinds[found[0]]}/{source}/owners", name_of(found[1])
    who = row_of(visit.tenant, target)
    whom = name_of(who[1]) if who else target
    if target in old.owners.targets(source):
        body = {"@odata.id": f"{visit.held.door.origin}/v1.0/directoryObjects/{target}"}
        return _proposal(
            visit, (f"Make {whom} an owner of {name}?", "Make"), ("POST", f"{path}/$ref"), source, body
        )
    words = (f"Take {whom} from the owners of {name}?", "Take away")
    return _proposal(visit, words, ("DELETE", f"{path}/{target}/$ref"), source)


def _grant(visit: Visit, old: Tenant, grant_id: str) -> Proposal:
    was, now = (tenant.oauth2_permission_grants.get(grant_id) for tenant in (old, visit.tenant))
    if was is None:
        raise NotThereError("There was no such consent then.")
    scope = str(was.get("scope") or "").strip()
    client = visit.tenant.service_principals.get(str(was["clientId"]))
    question = f"Consent to {scope} for {name_of(client) if client else 'a removed client'} again?"
    on = str(was["clientId"])
    if now is not None:
        lost, gained = (_brief(str(row.get("scope")).strip()) for row in (now, was))
        body = {"scope": was.get("scope")}
        path = f"oauth2PermissionGrants/{grant_id}"
        return _proposal(
            visit, (question, "Put back"), ("PATCH", path), on, body, lost=(lost,), gained=(gained,)
        )
    body = {name: was[name] for name in _GRANT if was.get(name) is not None}
    return _proposal(visit, (question, "Consent"), ("POST", "oauth2PermissionGrants"), on, body)


def _federated(visit: Visit, old: Tenant, credential_id: str) -> Proposal:
    table = "federatedIdentityCredentials"
    was, now = (tenant.tables[table].get(credential_id) for tenant in (old, visit.tenant))
    row = now or was
    if row is None:
        raise NotThereError("It is not there any more.")
    app, name = str(row["_application"]), str(row.get("name"))
    path = f"applications/{app}/{table}"
    if was is None:
        question = f"Take the federated credential {name} away?"
        return _proposal(visit, (question, "Take away"), ("DELETE", f"{path}/{credential_id}"), app)
    body = {each: was[each] for each in _FEDERATED if was.get(each) is not None}
    question = f"Put the federated credential {name} back?"
    if now is None:
        return _proposal(visit, (question, "Put back"), ("POST", path), app, body)
    del body["name"]
    return _proposal(visit, (question, "Put back"), ("PATCH", f"{path}/{credential_id}"), app, body)


def _proposal(
    visit: Visit,
    words: tuple[str, str],
    request: tuple[str, str],
    on: str,
    body: Mapping[str, Any] | None = None,
    *,
    lost: tuple[str, ...] = (),
    gained: tuple[str, ...] = (),
) -> Proposal:
    """Ask by `words` (the question, the verb) about a request (method, path) that changes an object."""
    found = row_of(visit.tenant, on)
    back = visit.path(found[0], on) if found else visit.path("changes")
    return Proposal(
        words[0], words[1], "Leave it", *request, back, body, lost=lost, gained=gained, note=DRIFT,
        look="destroys" if request[0] == "DELETE" else "main",
    )  # fmt: skip


def _value(row: Row, path: str) -> Any:
    head, _, tail = path.partition(".")
    found = row.get(head)
    return (found or {}).get(tail) if tail else found


def _first(path: str) -> str:
    return path.partition(".")[0]


def _brief(value: Any) -> str:
    """Write a value for the question: whole up to a line or two."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]}…"
