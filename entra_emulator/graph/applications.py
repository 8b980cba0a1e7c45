"""Applications: list, read, create, change, upsert, soft-delete."""

from typing import Any

from entra_emulator.clock import fine_stamp
from entra_emulator.graph import (
    audience_restrictions,
    audit,
    authorization,
    bodies,
    extensions,
    lookup,
    permissions,
    references,
    render,
    restrictions,
    schema,
)
from entra_emulator.graph.call import Call, CollectionResponse
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
    taken,
)
from entra_emulator.graph.expanding import Wanted
from entra_emulator.graph.owners import add_owners
from entra_emulator.graph.passwords import new_password
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.graph.saving import save_application
from entra_emulator.graph.validation_permissions import check_authorized_clients, check_permissions
from entra_emulator.graph.validation_uris import check_identifier_uris, check_redirect_uris
from entra_emulator.identifiers import is_guid
from entra_emulator.table import Row
from entra_emulator.tenant import Tenant

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


def create(call: Call) -> CollectionResponse:
    """Answer POST /applications."""
    _refuse_blueprint(call)
    return _ENTITIES.create(call)


def _change(call: Call, old: Row, body: dict[str, Any]) -> Row:
    bodies.check_version(call, APPLICATION, body)
    new = bodies.finish_application(call, old, extensions.merge(call, APPLICATION, old, body))
    audience_restrictions.finish(old, new, body)
    check_application(call, old, new, set(body))
    return new


def _refuse_blueprint(call: Call) -> None:
    """Refuse an agent identity blueprint, which is an application of a derived type: none is kept here."""
    body = call.body if isinstance(call.body, dict) else {}
    if str(body.get("@odata.type")).removeprefix("#").casefold() != _BLUEPRINT:
        return
    if not body.get("sponsors@odata.bind"):
        # microsoft/Agent365-devTools#28, #141
        raise bad_request("No sponsor specified. Please provide at least one sponsor.")
    raise ODataError(501, "NotImplemented", "The emulator does not serve agent identities.")


def owners_of(call: Call, row: Row, _wanted: Wanted) -> list[dict[str, Any]]:
    """Give the owners of an object for an $expand."""
    found = (lookup.any_object(call, owner) for owner in call.tenant.owners.targets(row["id"]))
    return [render.mixed(call, *each) for each in found if each is not None]


def _credentials_of(call: Call, row: Row, _wanted: Wanted) -> list[dict[str, Any]]:
    rows = call.view("federatedIdentityCredentials").find("application", row["id"])
    return [render.item(call, "federatedIdentityCredential", each, None) for each in rows]


def _insert(call: Call, body: dict[str, Any]) -> Row:
    authorization.require_registering(call)
    restrictions.check_room(call)
    call.body = body
    bodies.check_version(call, APPLICATION, body)
    ids = call.graph.directory.ids
    blank = make_application(ids.guid(), ids.guid(), call.stamp, call.tenant.initial_domain)
    blank |= APPLICATION.form(call.month).defaults
    secrets = _secrets(body)
    sent = {k: v for k, v in body.items() if k != "passwordCredentials"}
    new = extensions.merge(call, APPLICATION, blank, sent, binds=("owners",))
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
    new["createdByAppId"] = call.caller.appid
    owners = _bound_owners(call, body)
    new = bodies.finish_application(call, None, new)
    audience_restrictions.finish(None, new, body)
    check_application(call, None, new, set(body))
    made = [new_password(call, "applications", new, secret) for secret in secrets]
    new["passwordCredentials"] = [{**secret, "secretText": None} for secret in made]
    new["_creator"] = call.caller.oid
    call.put("applications", new)
    audit.record(call, APPLICATION, "Add", new, audit.changes(None, new, APPLICATION.readers))
    keys = audit.changes(None, new, audit.KEYS)
    credentials = audit.AuditTarget(new["id"], "Application", new["displayName"], changes=keys)
    audit.write(call, audit.CREATED_SECRETS, "Add", [credentials], app_id=new["appId"])
    add_owners(call, APPLICATION, new, owners)
    return {**new, "createdDateTime": fine_stamp(call.now), "passwordCredentials": made}


def _secrets(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the secrets that a new application asks for; one that brings its own text is refused."""
    requested = {name: value for name, value in body.items() if name == "passwordCredentials"}
    secrets: list[dict[str, Any]] = schema.check(APPLICATION.name, requested).get("passwordCredentials", [])
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


_ENTITIES = EntitySet(
    entity=APPLICATION,
    expand={"owners": owners_of, "federatedIdentityCredentials": _credentials_of},
    insert=_insert,
    change=_change,
    save=save_application,
)
ROUTES: Routes = {
    **_ENTITIES.routes(),
    ("POST", APPLICATION.path): Route(create, permissions.APPLICATION_CREATE),
}
