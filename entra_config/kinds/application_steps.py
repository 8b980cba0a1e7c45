"""The writes of one application's change: create, extend, reference, edit, disable, reduce, delete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from entra_config.graph import odata
from entra_config.graph.request import Request
from entra_config.kinds import allowed_tenants, entitlement_stages, identifier_uris
from entra_config.kinds.base import CREATED_TAG, bears_owner, created_ref, text, unmarked
from entra_config.kinds.entitlements import ROLES, SCOPES
from entra_config.kinds.facts import OwnerFacts
from entra_config.kinds.graph_values import nest
from entra_config.kinds.identifier_uris import URIS
from entra_config.kinds.writes import Patch, WriteView, purge
from entra_config.manifest.fields.field import RESTRICTIONS
from entra_config.plan.diff import holds
from entra_config.plan.model import Change, Create, Delete, Release, Restore, Update
from entra_config.plan.steps import Bears, Order, Phase, Present, Probe, Step
from entra_config.properties import REDIRECT_URIS, find
from entra_config.resource import Address, Ref, Resource, Value, references

REQUIRED = "requiredResourceAccess"
CERTIFICATES = "keyCredentials"
ENTITLEMENTS = (SCOPES, ROLES)
APART = frozenset({*ENTITLEMENTS, URIS, REQUIRED})  # what goes in writes of its own
CONSENTS = frozenset({"appRoleAssignment", "permissionGrant"})
# By these somebody else can sign in as the application, or get the tokens of those who do: they go first.
CLEANED = frozenset({"redirect URI", "credential", "flow"})
UNIQUE_NAME = "uniqueName"
# Cannot be created by a caller that holds Application.ReadWrite.OwnedBy only, but set later
# (terraform-provider-azuread).
NOT_AT_CREATION = frozenset({"api.acceptMappedClaims"})


def expand(change: Change, view: WriteView, passed: Mapping[str, Address]) -> Iterator[Step | Patch]:
    """Return the writes of a change of one application; `passed`: the identifier URIs that change hands,
    and who holds them.
    """
    match change:
        case Create(after):
            yield from _create(after, view, passed)
        case Restore(before, after):
            yield _restore(before)
            yield from _update(before, after, view, passed)
        case Update(before, after):
            yield from _update(before, after, view, passed)
        case Delete(before):
            # A deleted application keeps its identifier URIs (azure-cli test comments), so it lets go of them
            # before.
            yield from _claim_uris(before, [], view, passed)
            yield _delete(before, view)
        case Release(before):
            yield _release(before)
        case _:
            assert_never(change)


def _create(after: Resource, view: WriteView, passed: Mapping[str, Address]) -> Iterator[Step | Patch]:
    address = after.address
    givers = _find_givers(address, [], after.values.get(URIS) or [], view, passed)
    own = created_ref(address.key)
    later = {
        path
        for path, value in after.values.items()
        if path in NOT_AT_CREATION or any(ref != own for ref in references(value))
    }
    later |= {URIS} if givers else set()
    body = nest(
        {
            path: _on_wire(path, value, view)
            for path, value in after.values.items()
            if path not in later and value is not None
        }
    )
    mark = text(CREATED_TAG, own)
    body["tags"] = [*body["tags"], mark]
    direct = [owner for owner in view.below("owner", address) if not OwnerFacts.of(owner).enterprise]
    bound = sorted({*view.bind, *(owner.facts.principal for owner in direct)})[
        :20
    ]  # 20 at most in one request
    if bound:
        body["owners@odata.bind"] = [view.directory.link(id_) for id_ in bound]
    purges = view.purges.get(address, ())
    yield from (purge(address, id_, address) for id_ in purges)
    yield Step(
        id=f"{address}/create",
        carries=(address, *(owner.address for owner in direct if owner.facts.principal in bound)),
        phase=Phase.CREATE,
        request=Request("POST", "/applications", body, beta=allowed_tenants.of_beta(body)),
        of=address,
        chain=str(address),
        needs=frozenset(f"{address}/purge/{id_}" for id_ in purges),
        produces={Ref(address, name): name for name in ("id", "appId", "createdDateTime")},
        # The name may be anybody's, and the marks can be copied; this one was in no other request.
        found_by=Probe(
            Request("GET", odata.path("/applications(uniqueName=", after.values[UNIQUE_NAME], ")")),
            Bears(mark),
        ),
        visible=Probe(Request("GET", text("/applications/", Ref(address), "?$select=id")), Present()),
    )
    rest = {
        path: _on_wire(path, value, view)
        for path, value in after.values.items()
        if path in later and value is not None
    }
    if rest:
        yield Patch(address, Phase.REFERENCE, rest, (address,), address, Order(awaits=givers))


def _update(
    before: Resource, after: Resource, view: WriteView, passed: Mapping[str, Address]
) -> Iterator[Patch]:
    address = after.address
    changed = {
        path: value
        for path, value in after.values.items()
        if path != UNIQUE_NAME and not holds(before.values.get(path), value)
    }
    if not bears_owner(before.values) and before.values.get(UNIQUE_NAME) is None:
        # Adoption: the alternate key is tried once and never compared (a plain PATCH may fill it while it is
        # null).
        yield Patch(
            address,
            Phase.NAME,
            {UNIQUE_NAME: after.values[UNIQUE_NAME]},
            (address,),
            address,
            done_if=("uniqueName", "Request_BadRequest"),
        )
    if URIS in changed:
        yield from _claim_uris(before, changed[URIS], view, passed)
    if REQUIRED in changed:
        yield from _request_permissions(before, changed[REQUIRED], view)
    plain = {path: value for path, value in changed.items() if path not in APART}
    for path, value in plain.items():
        late = any(ref.address != address for ref in references(value))
        merged = _keep_keys(before.values.get(path), value) if path == CERTIFICATES else value
        redirects = path in REDIRECT_URIS
        left = [item for item in before.values.get(path) or () if item in value] if redirects else []
        if late and redirects and left != before.values.get(path):
            # What goes does not wait for what comes: grants wait for it.
            yield Patch(address, Phase.EXTEND, {path: left}, (address,), address, Order(cleans=True))
        yield Patch(
            address,
            Phase.REFERENCE if late else Phase.EXTEND,
            {path: _on_wire(path, merged, view)},
            (address,),
            address,
            Order(cleans=not late and find(path).risk in CLEANED and _loses(before.values.get(path), value)),
        )
    yield from _entitlements(before, after)


def _loses(before: Value, after: Value) -> bool:
    """Tell whether a value that changes loses something: an entry of a list, or what was switched on."""
    if isinstance(before, list | tuple):
        return any(not any(holds(item, kept) for kept in after) for item in before)
    return bool(before)


def _entitlements(before: Resource, after: Resource) -> Iterator[Patch]:
    # Both collections go in one PATCH: a scope and a role that share an id change together (azuread#1177).
    address = after.address
    found = entitlement_stages.changes(before.values, after.values, ENTITLEMENTS)
    if found is None:
        return
    live, stages = found
    for phase, values in stages.patches(live):
        first = {path: stages.edit_first[path] for path in values} if phase is Phase.EDIT else {}
        settles = frozenset(id_ for id_, since in stages.settled.items() if since is phase)
        yield Patch(address, phase, values, (address,), address, Order(settles=settles), first)


def _restore(before: Resource) -> Step:
    id_ = before.facts.id
    live = Probe(Request("GET", f"/applications/{id_}?$select=id"), Present())
    return Step(
        id=f"{before.address}/restore",
        carries=(before.address,),
        phase=Phase.CREATE,
        request=Request("POST", f"/directory/deletedItems/{id_}/restore"),
        of=before.address,
        chain=str(before.address),
        found_by=live,
        visible=live,
    )


def _delete(before: Resource, view: WriteView) -> Step:
    # The service principal goes with its application, and with both all that hangs on them.
    return Step(
        id=f"{before.address}/delete",
        carries=(before.address, *view.deleted_below(before.address)),
        phase=Phase.DELETE,
        request=Request("DELETE", f"/applications/{before.facts.id}"),
        of=before.address,
        chain=str(before.address),
        done_if=("Request_ResourceNotFound",),
    )


def _release(before: Resource) -> Patch:
    tags = unmarked(before.values["tags"])
    return Patch(before.address, Phase.EXTEND, {"tags": tags}, (before.address,), before.address)


def _request_permissions(
    before: Resource, after: list[Mapping[str, Any]], view: WriteView
) -> Iterator[Patch]:
    """Yield what is newly requested; what no longer is goes once its consents are gone, so that the tenant
    remembers them.
    """
    address = before.address
    live = before.values.get(REQUIRED) or []
    fewer = [item for item in live if not any(holds(item, kept) for kept in after)]
    revoked = frozenset(
        place
        for place, change in view.changes.items()
        if place.kind in CONSENTS and isinstance(change, Delete | Update) and change.before.parent == address
    )
    waits = bool(fewer and revoked)
    more = [*live, *(item for item in after if not any(holds(old, item) for old in live))] if waits else after
    if len(more) > len(live) or not waits:
        late = any(ref.address != address for ref in references(more))
        released = frozenset[Address]() if waits else _released(live, after, view)
        values = {REQUIRED: _on_wire(REQUIRED, more, view)}
        yield Patch(
            address,
            Phase.REFERENCE if late else Phase.EXTEND,
            values,
            (address,),
            address,
            Order(releases=released),
        )
    if waits:
        values = {REQUIRED: _on_wire(REQUIRED, after, view)}
        released = _released(live, after, view)
        order = Order(releases=released, after=revoked)
        yield Patch(address, Phase.UNREFERENCE, values, (address,), address, order)


def _claim_uris(
    before: Resource, after: list[Value], view: WriteView, passed: Mapping[str, Address]
) -> Iterator[Patch]:
    """Yield what others wait for first, the rest once all that they let go of is free; one PATCH where
    nothing changes hands.
    """
    address = before.address
    live = view.directory.live[address.key].subject.application or {}
    held = live.get(URIS) or []
    left = identifier_uris.released(held, after, passed)
    if left is not None:
        yield Patch(address, Phase.EXTEND, {URIS: left}, (address,), address)
        if holds(left, after):
            return
    givers = _find_givers(address, held, after, view, passed)
    late = givers or left is not None or any(ref.address != address for ref in references(after))
    if not isinstance(view.changes[address], Delete):
        yield Patch(
            address,
            Phase.REFERENCE if late else Phase.EXTEND,
            {URIS: after},
            (address,),
            address,
            Order(awaits=givers),
        )


def _find_givers(
    address: Address, before: list[Value], after: list[Value], view: WriteView, passed: Mapping[str, Address]
) -> frozenset[Address]:
    """Return what a claim of new URIs waits for: applications that let go of one, and those that are
    purged with theirs.
    """
    new = identifier_uris.folded(after) - identifier_uris.folded(before)
    purged = frozenset(view.purges) - {address} if new else frozenset()
    return identifier_uris.givers(before, after, passed) | purged


def _released(
    before: list[Mapping[str, Any]], after: list[Mapping[str, Any]], view: WriteView
) -> frozenset[Address]:
    """Return the applications of ours of which this change requires less than before."""
    gone = {item["resourceAppId"] for item in before if not any(holds(item, kept) for kept in after)}
    return frozenset(address for app_id in gone for address in view.bearing(app_id))


def _on_wire(path: str, value: Value, view: WriteView) -> Value:
    """Return a value of our State as Graph takes it."""
    if path == REQUIRED:
        return _nested(value)
    if path == CERTIFICATES:
        return [_key_credential(item, view) for item in value]
    if path == RESTRICTIONS:
        return allowed_tenants.on_wire(value)
    return list(value) if isinstance(value, tuple) else value


def _nested(required: list[Mapping[str, Any]]) -> list[Value]:
    """Return requested permissions as Graph nests them, resource by resource."""
    resources: dict[Value, list[Value]] = {}
    for item in required:
        resources.setdefault(item["resourceAppId"], []).append({"id": item["id"], "type": item["type"]})
    return [{"resourceAppId": app_id, "resourceAccess": access} for app_id, access in resources.items()]


def _key_credential(item: Mapping[str, Any], view: WriteView) -> Value:
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


def _keep_keys(before: Value, after: list[Mapping[str, Any]]) -> list[Value]:
    """Return certificates as they become: of those that are there, what Graph shows of them."""
    live = {item["customKeyIdentifier"]: item for item in before or []}
    return [live.get(item["customKeyIdentifier"], item) for item in after]
