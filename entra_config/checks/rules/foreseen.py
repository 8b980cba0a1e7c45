"""Rules about what Microsoft Graph itself would refuse of identifier URIs and roles."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config import uris
from entra_config.checks.changes import ChangesView
from entra_config.checks.rule import Finding, rule
from entra_config.errors import Position
from entra_config.kinds.base import application_address
from entra_config.kinds.directory import Json
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS
from entra_config.kinds.entitlements import ROLES
from entra_config.kinds.facts import ApplicationFacts, AssignmentFacts
from entra_config.kinds.identifier_uris import URIS, folded
from entra_config.plan.model import Change, Create, Delete, Release, address_of
from entra_config.resource import Address

_MEMBERS = {"servicePrincipal": "Application"}


@rule(
    "notice",
    "{what} cannot be read: whether {unknown} is not known before apply",
    example="""\
manifest:
  applications: {api: {type: api, displayName: API}}
edit:
  applications: {api: {identifierUris: ["https://contoso.com/api"]}}
unreadable: /directory/deletedItems
""",
)
def uri_unknown(view: ChangesView, change: Change) -> Iterator[Finding]:
    """Find a new identifier URI of which nobody could read whether the tenant accepts it, or whether it is
    free.
    """
    for uri, _ in _uris(view, change):
        if view.found.claims.domains is None and uris.scheme(uri) in {"http", "https"}:
            what, unknown = "the tenant's verified domains", "it takes new identifier URIs"
            yield Finding({"what": what, "unknown": unknown})
        if uri.casefold() not in view.passed and view.found.claims.holders.get(uri.casefold(), ()) is None:
            yield Finding({"what": "who else holds identifier URIs", "unknown": "a new one is free"})


@rule(
    "refuse",
    "identifier URI '{uri}' {why}",
    example="""\
manifest:
  applications: {api: {type: api, displayName: API}}
edit:
  applications: {api: {identifierUris: ["https://example.com/api"]}}
""",
)
def uri_refused(view: ChangesView, change: Change) -> Iterator[Finding]:
    """Find a new identifier URI of a domain that the tenant has not verified, and one that another
    application has, live or deleted.
    """
    for uri, position in _uris(view, change):
        for why in (_domain(view, uri), _taken(view, uri, address_of(change))):
            if why:
                yield Finding({"uri": uri, "why": why}, address_of(change), position)


@rule(
    "refuse",
    "Microsoft Graph would refuse a new assignment at {key}, because {why}",
    example="""\
manifest:
  applications:
    api:
      type: api
      displayName: API
      appRoles: {Reader: {displayName: Reader, description: Reads., isEnabled: false}}
edit:
  appRoleAssignments: {api: {Reader: {users: [alice@contoso.com]}}}
""",
)
def role_refused(view: ChangesView, change: Change) -> Iterator[Finding]:
    """Find a new holder of a role that is disabled or not for such a holder, and new access without a role
    where there are roles.
    """
    if not isinstance(change, Create) or not isinstance(change.after.facts, AssignmentFacts):
        return
    key, id_ = change.after.facts.resource, change.after.facts.app_role_id
    roles = _roles(view, key)
    role = next((role for role in roles if role["id"] == id_), None)
    member = _MEMBERS.get(change.after.facts.principal_type, "User")
    why = ""
    if id_ == DEFAULT_ACCESS and any(role["isEnabled"] for role in roles):
        why = f"access without a role is possible only if an application has none, and {key} has roles"
    elif role is not None and not role["isEnabled"]:
        why = (
            f"role {_name(role)} of {key} is disabled, and Graph assigns a disabled role to nobody. "
            "Enable the role first"
        )
    elif role is not None and member not in role["allowedMemberTypes"]:
        whom = "applications" if member == "Application" else "users and groups"
        why = f"role {_name(role)} of {key} is not for {whom}"
    if why:
        yield Finding({"key": key, "why": why}, change.after.parent, change.after.position)


def _uris(view: ChangesView, change: Change) -> Iterator[tuple[str, Position | None]]:
    """Yield each identifier URI that an application does not have yet, with its place."""
    if isinstance(change, Delete | Release) or not isinstance(change.after.facts, ApplicationFacts):
        return
    after = change.after
    held = folded(view.body(after.address.key).get(URIS) or ())
    for uri in after.values.get(URIS) or ():
        if isinstance(uri, str) and uri.casefold() not in held:
            yield uri, after.positions.get(f"{URIS}.{uri}") or after.positions.get(URIS) or after.position


def _domain(view: ChangesView, uri: str) -> str:
    domains, host = view.found.claims.domains, uris.host(uri)
    if uris.scheme(uri) not in {"http", "https"} or domains is None or (host and uris.below(host, domains)):
        return ""
    verified = ", ".join(sorted(domains))
    if not host:
        return f"has no host: write https:// and a verified domain of this tenant ({verified}), or use api://${{appId}}"
    if uris.below(host, view.policies.unverified):
        return f"is of {host}, a domain that this tenant has and never verified: verify it first, or use api://${{appId}}"
    return f"is of {host}, which is no verified domain of this tenant ({verified}): verify it first, or use api://${{appId}}"


def _taken(view: ChangesView, uri: str, address: Address) -> str:
    holding = view.found.claims.holders.get(uri.casefold(), ())
    if uri.casefold() in view.passed or holding is None:
        return ""
    purged = {id_ for ids in view.found.purges.values() for id_ in ids}
    mine = view.body(address.key).get("id")
    ours = (live.subject.application for live in view.found.directory.live.values())
    known = [body for body in ours if body and uri.casefold() in folded(body.get(URIS) or ())]
    for body in (*known, *holding):
        if body["id"] != mine and body["id"] not in purged:
            name = f"'{body['displayName']}' (appId {body['appId']})"
            if body.get("deletedDateTime"):
                return (
                    f"is still reserved by the deleted application {name}: purge or restore that first, "
                    "or choose another"
                )
            return f"is held by {name}: take it off there first, or choose another"
    return ""


def _roles(view: ChangesView, key: str) -> list[Json]:
    own = view.desired.get(application_address(key))
    if own is not None and ROLES in own.values:
        return list(own.values[ROLES])
    live = view.found.directory.live.get(key)
    return list((live.subject.service_principal or {}).get("appRoles") or ()) if live else []


def _name(role: Json) -> str:
    return str(role.get("value") or role.get("displayName"))
