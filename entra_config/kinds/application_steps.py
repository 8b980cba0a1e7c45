"""The writes of one application's change: create, extend, reference, edit, disable, reduce, delete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from entra_config.graph.request import Request
from entra_config.kinds.base import (
    KEY_TAG,
    OWNER_TAG,
    Patch,
    Phase,
    View,
    Write,
    text,
)
from entra_config.kinds.entitlements import ROLES, SCOPES
from entra_config.kinds.graph_values import nest
from entra_config.plan.diff import holds
from entra_config.plan.model import Change, Create, Delete, Holds, Present, Probe, Release, Restore, Update
from entra_config.resource import Address, Ref, Resource, Value, references

ENTITLEMENTS = (SCOPES, ROLES)
REQUIRED = "requiredResourceAccess"
CERTIFICATES = "keyCredentials"
UNIQUE_NAME = "uniqueName"
# Cannot be created by a caller that holds Application.ReadWrite.OwnedBy only, but set later (terraform-provider-azuread).
NOT_AT_CREATION = frozenset({"api.acceptMappedClaims"})


def expand(change: Change, view: View) -> Iterator[Write | Patch]:
    """Return the writes of a change of one application."""
    match change:
        case Create(after):
            yield from _create(after, view)
        case Restore(before, after):
            yield _restore(before, "application")
            yield from _update(before, after, view)
        case Update(before, after):
            yield from _update(before, after, view)
        case Delete(before):
            yield _delete(before, view)
        case Release(before):
            yield _release(before)
        case _:
            assert_never(change)


def _create(after: Resource, view: View) -> Iterator[Write | Patch]:
    address = after.address
    later = {path for path, value in after.values.items() if path in NOT_AT_CREATION or any(True for _ in references(value))}
    body = nest(
        {path: on_wire(path, value, view) for path, value in after.values.items() if path not in later and value is not None}
    )
    owners = [owner for owner in view.desired if owner.address.kind == "owner" and owner.parent == address]
    direct = [owner for owner in owners if "/enterpriseApplication/" not in owner.address.key]
    bound = sorted({*view.bind, *(owner.ids["principalId"] for owner in direct)})[:20]  # 20 at most in one request
    if bound:
        body["owners@odata.bind"] = [owner_link(view, id_) for id_ in bound]
    name = after.values[UNIQUE_NAME]
    purges = view.purges.get(address, ())
    yield from (_purge(address, id_) for id_ in purges)
    yield Write(
        id=f"{address}/create",
        carries=(address, *(owner.address for owner in direct if owner.ids["principalId"] in bound)),
        phase=Phase.CREATE,
        request=Request("POST", "/applications", body),
        application=address,
        chain=str(address),
        needs=frozenset(f"{address}/purge/{id_}" for id_ in purges),
        produces={Ref(address, "id"): "id", Ref(address, "appId"): "appId"},
        # Who took the name in the meantime did hardly take the marks with it.
        found_by=Probe(Request("GET", f"/applications(uniqueName='{name}')"), Holds({"tags": after.values["tags"]})),
        visible=Probe(Request("GET", text("/applications/", Ref(address), "?$select=id")), Present()),
    )
    rest = {path: on_wire(path, value, view) for path, value in after.values.items() if path in later and value is not None}
    if rest:
        yield Patch(address, Phase.REFERENCE, rest, (address,), address)


def _purge(address: Address, id_: str) -> Write:
    # A deleted application keeps its uniqueName and identifier URIs (msgraph-bicep-types#137).
    return Write(
        id=f"{address}/purge/{id_}",
        carries=(address,),
        phase=Phase.CREATE,
        request=Request("DELETE", f"/directory/deletedItems/{id_}"),
        application=address,
        done_if=("Request_ResourceNotFound",),
    )


def owner_link(view: View, id_: str) -> str:
    """Return the link by which Graph takes a reference to a directory object."""
    return f"{view.directory.names.get('graph', 'https://graph.microsoft.com/v1.0')}/directoryObjects/{id_}"


def on_wire(path: str, value: Value, view: View) -> Value:
    """Return a value of our State as Graph takes it."""
    if path == REQUIRED:
        return nested(value)
    if path == CERTIFICATES:
        return [_key_credential(item, view) for item in value]
    return list(value) if isinstance(value, tuple) else value


def nested(required: list[Mapping[str, Any]]) -> list[Value]:
    """Return requested permissions as Graph nests them, resource by resource."""
    resources: dict[Value, list[Value]] = {}
    for item in required:
        resources.setdefault(item["resourceAppId"], []).append({"id": item["id"], "type": item["type"]})
    return [{"resourceAppId": app_id, "resourceAccess": access} for app_id, access in resources.items()]


def _key_credential(item: Mapping[str, Any], view: View) -> Value:
    if "keyId" in item:
        # A live one is sent back without its key: Graph keeps what it holds under this keyId.
        return {key: value for key, value in item.items() if key != "key"}
    for application in view.manifest.applications.values():
        for certificate in application.certificates or ():
            if certificate.thumbprint.upper() == item["customKeyIdentifier"]:
                return {
                    "type": "AsymmetricX509Cert",
                    "usage": certificate.usage,
                    "key": certificate.der,
                    "displayName": certificate.display_name,
                }
    raise AssertionError(item["customKeyIdentifier"])


def _update(before: Resource, after: Resource, view: View) -> Iterator[Patch]:
    address = after.address
    changed = {
        path: value for path, value in after.values.items() if path != UNIQUE_NAME and not holds(before.values.get(path), value)
    }
    if not _marked(before) and before.values.get(UNIQUE_NAME) is None:
        # Adoption: the alternate key is tried once and never compared (a plain PATCH may fill it while it is null).
        yield Patch(
            address,
            Phase.CREATE,
            {UNIQUE_NAME: after.values[UNIQUE_NAME]},
            (address,),
            address,
            done_if=("uniqueName", "Request_BadRequest"),
        )
    plain = {path: value for path, value in changed.items() if path not in ENTITLEMENTS}
    for path, value in plain.items():
        late = any(ref.address != address for ref in references(value))
        merged = _keep_keys(before.values.get(path), value) if path == CERTIFICATES else value
        yield Patch(
            address,
            Phase.REFERENCE if late else Phase.EXTEND,
            {path: on_wire(path, merged, view)},
            (address,),
            address,
            releases=_released(before.values.get(path) or [], value, view) if path == REQUIRED else frozenset(),
        )
    yield from _entitlements(before, after, [path for path in ENTITLEMENTS if path in changed])


def _marked(resource: Resource) -> bool:
    return any(tag.startswith(OWNER_TAG) for tag in resource.values.get("tags") or ())


def _keep_keys(before: Value, after: list[Mapping[str, Any]]) -> list[Value]:
    live = {item["customKeyIdentifier"]: item for item in before or []}
    return [live.get(item["customKeyIdentifier"], item) for item in after]


def _released(before: list[Mapping[str, Any]], after: list[Mapping[str, Any]], view: View) -> frozenset[Address]:
    """Return the applications of ours of which this change requires less than before."""
    gone = {item["resourceAppId"] for item in before if not any(holds(item, kept) for kept in after)}
    return frozenset(resource.address for resource in view.actual if resource.ids.get("appId") in gone)


@dataclass(frozen=True, slots=True)
class Stages:
    """One collection of scopes or roles on its way from before to after."""

    extended: list[Value]
    edited: list[Value]
    disabled: list[Value]
    reduced: list[Value]
    edit_first: list[Value]


def stages(before: list[Mapping[str, Any]], after: list[Mapping[str, Any]]) -> Stages:
    """Return what the collection holds after each phase: first the new, then the changed, then without the removed."""
    wanted = {item["id"]: item for item in after}
    live = {item["id"]: item for item in before}
    new = [item for item in after if item["id"] not in live]
    extended = [*before, *new]
    edited = [{**item, **wanted.get(item["id"], {})} for item in extended]
    disabled = [item if item["id"] in wanted else {**item, "isEnabled": False} for item in edited]
    touched = {id_ for id_, item in live.items() if id_ in wanted and not holds(item, wanted[id_])}
    first = [{**item, "isEnabled": False} if item["id"] in touched else item for item in extended]
    return Stages(extended, edited, disabled, [item for item in edited if item["id"] in wanted], first)


def _entitlements(before: Resource, after: Resource, paths: list[str]) -> Iterator[Patch]:
    # Both collections go in one PATCH: a scope and a role that share an id change together (azuread#1177).
    address = after.address
    moving = {path: stages(before.values.get(path) or [], after.values[path]) for path in paths}
    last: dict[str, Value] = {path: before.values.get(path) or [] for path in paths}
    for phase, stage in (
        (Phase.EXTEND, "extended"),
        (Phase.EDIT, "edited"),
        (Phase.DISABLE, "disabled"),
        (Phase.REDUCE, "reduced"),
    ):
        values = {path: getattr(moving[path], stage) for path in paths if getattr(moving[path], stage) != last[path]}
        if not values:
            continue
        first = {path: moving[path].edit_first for path in values} if phase is Phase.EDIT else {}
        yield Patch(address, phase, values, (address,), address, first=first)
        last |= values


def _restore(before: Resource, name: str) -> Write:
    id_ = before.ids["id"]
    return Write(
        id=f"{before.address}/restore",
        carries=(before.address,),
        phase=Phase.CREATE,
        request=Request("POST", f"/directory/deletedItems/{id_}/restore"),
        application=before.parent or before.address,
        chain=str(before.parent or before.address),
        found_by=Probe(Request("GET", f"/{name}s/{id_}?$select=id"), Present()),
        visible=Probe(Request("GET", f"/{name}s/{id_}?$select=id"), Present()),
    )


def _delete(before: Resource, view: View) -> Write:
    # The service principal goes with its application, and with both all that hangs on them.
    inside = [
        address
        for address, change in view.changes.items()
        if isinstance(change, Delete) and change.before.parent == before.address
    ]
    return Write(
        id=f"{before.address}/delete",
        carries=(before.address, *inside),
        phase=Phase.DELETE,
        request=Request("DELETE", f"/applications/{before.ids['id']}"),
        application=before.address,
        chain=str(before.address),
        visible=None,
        done_if=("Request_ResourceNotFound",),
    )


def _release(before: Resource) -> Patch:
    tags = [tag for tag in before.values["tags"] if not tag.startswith((OWNER_TAG, KEY_TAG))]
    return Patch(before.address, Phase.EXTEND, {"tags": tags}, (before.address,), before.address)
