"""Applications: list, read, create, change, upsert, soft-delete."""

from typing import Any

from entra_emulator.clock import fine_stamp
from entra_emulator.graph import (
    audience_restrictions,
    audit,
    bodies,
    extensions,
    lifecycle,
    lookup,
    permissions,
    references,
    render,
    restrictions,
    schema,
)
from entra_emulator.graph.assignment_records import audit_gone
from entra_emulator.graph.call import NO_CONTENT, AlternateKey, Call, CollectionResponse
from entra_emulator.graph.entities.application import (
    APPLICATION,
    make_application,
)
from entra_emulator.graph.entity_set import EntitySet
from entra_emulator.graph.errors import (
    ODataError,
    bad_request,
    denied,
    duplicate_values,
    invalid_value,
    missing_value,
    not_found,
    taken,
)
from entra_emulator.graph.expanding import Expand, Wanted
from entra_emulator.graph.owners import audit_owner
from entra_emulator.graph.passwords import new_password
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.graph.saving import save_application
from entra_emulator.graph.validation_permissions import check_authorized_clients, check_permissions
from entra_emulator.graph.validation_uris import check_identifier_uris, check_redirect_uris
from entra_emulator.identifiers import is_guid
from entra_emulator.table import Row
from entra_emulator.tenant import Tenant

_KIND, _RESOURCE = "application", "Application"
_BLUEPRINT = "microsoft.graph.agentidentityblueprint"
PERSONAL = {"AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount"}
# parentalControlSettings documentation
_AGE_RULES = (
    "Allow",
    "RequireConsentForPrivacyServices",
    "RequireConsentForMinors",
    "RequireConsentForKids",
    "BlockMinors",
)
_CLAIMS = {"None", "SecurityGroup", "All", "ApplicationGroup", "DirectoryRole"}
_MOST_RESOURCES = 50
_MOST_REQUIRED = 400
_LOCATION = "https://graph.microsoft.com/v2/{tenant}/directoryObjects/{id}/Microsoft.DirectoryServices.{type}"


def create(call: Call) -> CollectionResponse:
    """Answer POST /applications."""
    _refuse_blueprint(call)
    return _create(call, {})


def update(call: Call) -> CollectionResponse:
    """Answer PATCH /applications/{id}, and the upsert by uniqueName."""
    key = call.params[0]
    body = call.object_body(_KIND)
    old = lookup.seek(call, "applications", key)
    if old is None:
        name = key.value if isinstance(key, AlternateKey) else key
        if not (isinstance(key, AlternateKey) and key.name == "uniqueName" and prefers_create(call)):
            # Without the Prefer header an upsert of what is absent is 404.
            raise not_found(name)
        call.body = {**body, "uniqueName": name}
        return _create(call, {"uniqueName": name})
    permissions.require_ownership(call, old["id"])
    old = lookup.current(call, "applications", old)
    audience_restrictions.check_version(call, body)
    body, values = extensions.taken_out(call, _RESOURCE, old, body)
    new = bodies.finish_application(call, old, bodies.merge(_KIND, _RESOURCE, old, body))
    audience_restrictions.finish(old, new, body)
    check_application(call, old, new, set(body))
    if values != old.get("_extensions", {}):
        new["_extensions"] = values
    if new != old:
        save_application(call, old, new)
    return NO_CONTENT


def delete(call: Call) -> CollectionResponse:
    """Answer DELETE /applications/{id}: the service principal leaves with it."""
    row = lookup.current(call, "applications", lookup.find(call, "applications", call.params[0]))
    permissions.require_ownership(call, row["id"])
    lifecycle.soft_delete(call, _KIND, row)
    target = audit.AuditTarget(row["id"], "Application", row["displayName"])
    audit.write(call, "Delete application", "Delete", [target], app_id=row["appId"])
    principal = call.tenant.service_principal_by_app_id(row["appId"])
    if principal is not None:
        audit_gone(call, lifecycle.soft_delete(call, "servicePrincipal", principal), principal)
        changes = [audit.principal_names(principal)]
        gone = audit.AuditTarget(
            principal["id"], "ServicePrincipal", principal["displayName"], changes=changes
        )
        audit.write(call, "Remove service principal", "Delete", [gone], app_id=row["appId"])
    return NO_CONTENT


def _refuse_blueprint(call: Call) -> None:
    """Refuse an agent identity blueprint, which is an application of a derived type: none is kept here."""
    body = call.body if isinstance(call.body, dict) else {}
    if str(body.get("@odata.type")).removeprefix("#").casefold() != _BLUEPRINT:
        return
    if not body.get("sponsors@odata.bind"):
        # microsoft/Agent365-devTools#28, #141
        raise bad_request("No sponsor specified. Please provide at least one sponsor.")
    raise ODataError(501, "NotImplemented", "The emulator does not serve agent identities.")


def prefers_create(call: Call) -> bool:
    """Say whether the request is an upsert."""
    return "create-if-missing" in call.headers.get("prefer", "").casefold()


def location(call: Call, row_id: str, type_name: str) -> tuple[tuple[str, str], ...]:
    """Give the Location header of a create: an internal URL, not one to follow."""
    return (("Location", _LOCATION.format(tenant=call.tenant.tenant_id, id=row_id, type=type_name)),)


def owners_of(call: Call, row: Row, _wanted: Wanted) -> list[dict[str, Any]]:
    """Give the owners of an object for an $expand."""
    found = (lookup.any_object(call, owner) for owner in call.tenant.owners.targets(row["id"]))
    return [render.mixed(*each) for each in found if each is not None]


def _credentials_of(call: Call, row: Row, _wanted: Wanted) -> list[dict[str, Any]]:
    rows = call.view("federatedIdentityCredentials").find("application", row["id"])
    return [render.item(call, "federatedIdentityCredential", each, None) for each in rows]


def _create(call: Call, extra: Row) -> CollectionResponse:
    permissions.require_registering(call)
    restrictions.check_room(call)
    body = {**call.object_body(_KIND), **extra}
    call.body = body
    audience_restrictions.check_version(call, body)
    ids = call.graph.directory.ids
    blank = make_application(ids.guid(), ids.guid(), call.stamp, call.tenant.initial_domain)
    body, values = extensions.taken_out(call, _RESOURCE, None, body)
    secrets = _secrets(body)
    sent = {k: v for k, v in body.items() if k != "passwordCredentials"}
    new = bodies.merge(_KIND, _RESOURCE, blank, sent, binds=("owners",))
    api = body.get("api")
    if new["signInAudience"] in PERSONAL and not (
        isinstance(api, dict) and "requestedAccessTokenVersion" in api
    ):
        # Recordings of 2022: the personal audience comes with version 2 tokens.
        new["api"] = {**new["api"], "requestedAccessTokenVersion": 2}
    if new["signInAudience"] is None:
        new["signInAudience"] = blank["signInAudience"]
    if call.owned_only and call.caller.kind == "app" and new["api"]["acceptMappedClaims"] is not None:
        # Not at creation under OwnedBy, though it can be changed later.
        raise denied()
    if values:
        new["_extensions"] = values
    new["createdByAppId"] = call.caller.appid
    owners = _bound_owners(call, body)
    new = bodies.finish_application(call, None, new)
    audience_restrictions.finish(None, new, body)
    check_application(call, None, new, set(body))
    made = [new_password(call, "applications", new, secret) for secret in secrets]
    new["passwordCredentials"] = [{**secret, "secretText": None} for secret in made]
    new["_creator"] = call.caller.oid
    call.put("applications", new)
    for owner in owners:
        call.tenant.owners.add(new["id"], owner)
    _audit_create(call, new, owners)
    shown = {**new, "createdDateTime": fine_stamp(call.now), "passwordCredentials": made}
    response = render.entity(call, _KIND, shown, "applications/$entity", created=True)
    return CollectionResponse(201, response, headers=location(call, new["id"], "Application"))


def _secrets(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the secrets that a new application asks for; one that brings its own text is refused."""
    requested = {name: value for name, value in body.items() if name == "passwordCredentials"}
    secrets: list[dict[str, Any]] = schema.check(_KIND, requested).get("passwordCredentials", [])
    if any(secret["secretText"] is not None for secret in secrets):
        # microsoft-graph-docs#6179
        raise bad_request("New password credentials must be generated using service actions.")
    return secrets


def _bound_owners(call: Call, body: dict[str, Any]) -> list[str]:
    owners = references.bound(call, body, "owners")
    # A user who creates owns at once (azure-cli recording); an application only where its permission is for
    # its own.
    if call.caller.oid not in owners and (call.caller.kind == "user" or call.owned_only):
        owners.insert(0, call.caller.oid)
    return owners


def _audit_create(call: Call, new: Row, owners: list[str]) -> None:
    changes = audit.changes(None, new, APPLICATION.readers)
    target = audit.AuditTarget(new["id"], "Application", new["displayName"], changes=changes)
    audit.write(call, "Add application", "Add", [target], app_id=new["appId"])
    keys = audit.changes(None, new, audit.KEYS)
    credentials = audit.AuditTarget(new["id"], "Application", new["displayName"], changes=keys)
    audit.write(call, audit.CREATED_SECRETS, "Add", [credentials], app_id=new["appId"])
    for owner in owners:
        audit_owner(call, "application", new, owner, removed=False)


def check_application(call: Call, old: Row | None, new: Row, sent: set[str]) -> None:
    """Check a new or changed application as a whole; `sent` names the properties of the request."""
    _check_info(old, new)
    _check_texts(new)
    _check_tags(new)
    _check_tokens(new)
    _check_required(new)
    check_redirect_uris(old, new)
    check_identifier_uris(call, old, new)
    restrictions.check_audience(call, old, new)
    restrictions.check_keys(call, "applications", old, new)
    if old is None or {"api", "appRoles"} & sent:
        check_permissions(call, old, new)
    api = call.body.get("api")
    if isinstance(api, dict) and "preAuthorizedApplications" in api:
        check_authorized_clients(call, old, new)
    if new["uniqueName"] is not None and (old is None or old["uniqueName"] is None):
        check_unique_name(call.tenant, new["uniqueName"], new["id"])


def check_unique_name(tenant: Tenant, name: str, row_id: str) -> None:
    """Check that no live or soft-deleted object holds a unique name: a delete does not free it."""
    for table in ("applications", "groups", "deletedItems"):
        if any(row["id"] != row_id for row in tenant.tables[table].find("uniqueName", name.casefold())):
            raise taken("uniqueName")


def _check_info(old: Row | None, new: Row) -> None:
    before = old["info"]["logoUrl"] if old is not None else None
    if new["info"]["logoUrl"] is None:
        new["info"] = {**new["info"], "logoUrl": before}
    elif new["info"]["logoUrl"] != before:
        raise bad_request("Property 'info.logoUrl' is read-only and cannot be set.")
    rule = new["parentalControlSettings"]["legalAgeGroupRule"]
    if rule not in (None, *_AGE_RULES):
        raise invalid_value("parentalControlSettings", "Application")


def _check_texts(new: Row) -> None:
    name = new["displayName"]
    if name is None:
        raise missing_value("displayName", "Application")
    known = APPLICATION.properties
    if not name.strip() or len(name) > known["displayName"].longest:
        raise invalid_value("displayName", "Application")
    if new["description"] is not None and len(new["description"]) > known["description"].longest:
        raise invalid_value("description", "Application")
    if new["uniqueName"] == "":
        raise invalid_value("uniqueName", "Application")


def _check_tags(new: Row) -> None:
    tags = new["tags"]
    if any(not 1 <= len(tag) <= 256 or any(c.isspace() for c in tag) for tag in tags):
        raise invalid_value("tags", "Application")
    if len(set(tags)) != len(tags):
        raise duplicate_values()


def _check_tokens(new: Row) -> None:
    if new["signInAudience"] not in APPLICATION.properties["signInAudience"].choices:
        raise invalid_value("signInAudience", "Application")
    version = new["api"]["requestedAccessTokenVersion"]
    if version not in {None, 1, 2} or (new["signInAudience"] in PERSONAL and version != 2):
        # Personal audiences need version 2 tokens.
        raise bad_request("Property api.requestedAccessTokenVersion is invalid.")
    claims = new["groupMembershipClaims"]
    if claims is not None and not {part.strip() for part in claims.split(",")} <= _CLAIMS:
        raise invalid_value("groupMembershipClaims", "Application")


def _check_required(new: Row) -> None:
    resources = new["requiredResourceAccess"]
    total = 0
    for resource in resources:
        if not is_guid(resource["resourceAppId"] or ""):
            raise invalid_value("requiredResourceAccess", "Application")
        for access in resource["resourceAccess"]:
            total += 1
            if access["type"] not in {"Scope", "Role"}:
                raise invalid_value("requiredResourceAccess", "Application")
    if len({resource["resourceAppId"].casefold() for resource in resources}) != len(resources):
        raise duplicate_values()
    if len(resources) > _MOST_RESOURCES or total > _MOST_REQUIRED:
        raise invalid_value("requiredResourceAccess", "Application")


_EXPAND: Expand = {"owners": owners_of, "federatedIdentityCredentials": _credentials_of}
_ENTITIES = EntitySet("applications", _KIND, APPLICATION.rules, _EXPAND)
ROUTES: Routes = {
    **_ENTITIES.routes(permissions.APPLICATION_READ),
    ("POST", "applications"): Route(create, permissions.APPLICATION_CREATE),
    ("PATCH", "applications/*"): Route(update, permissions.APPLICATION_WRITE),
    ("DELETE", "applications/*"): Route(delete, permissions.APPLICATION_WRITE),
}
