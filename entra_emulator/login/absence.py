"""A claim, or a value of one, that a token lacks in; why it is not there out."""

from collections.abc import Mapping
from typing import Any

from entra_emulator.directory import Tenants
from entra_emulator.login import consent, parties
from entra_emulator.login.errors import LoginError
from entra_emulator.login.parties import Party, Row
from entra_emulator.login.scopes import parse
from entra_emulator.tenant import Tenant

_SECTIONS = {True: "idToken", False: "accessToken"}


def reason(claims: Mapping[str, Any], name: str, value: str, directory: Tenants) -> str:
    """Return why a token of this directory lacks a claim, or `value` among its values."""
    tenant = directory.tenants.get(str(claims.get("tid"))) or directory.default
    is_id_token = "azp" not in claims and "appid" not in claims
    recipient = _party(directory, tenant, str(claims.get("aud", "")))
    client = _party(directory, tenant, str(claims.get("azp") or claims.get("appid") or claims.get("aud")))
    if recipient is None or client is None:
        return "The application is gone."
    user = tenant.users.get(str(claims.get("oid", ""))) if is_id_token or "scp" in claims else None
    if name == "roles":
        return _role(tenant, recipient, client, user, value)
    if name == "scp":
        return _scope(recipient, client, value, person=user is not None)
    if name == "groups":
        return _groups(tenant, recipient, user, value)
    if is_id_token and name in ("oid", "name", "preferred_username", "email"):
        return (
            f"The client did not ask for the scope `{'email' if name == 'email' else 'profile'}`, or the "
            "user has none."
        )
    return (
        f"Not among the claims that every token has, and optionalClaims.{_SECTIONS[is_id_token]} of "
        f"{recipient.name} adds none."
    )


def unassigned(directory: Tenants, name: str, app_id: str) -> str:
    """Return why a user, by UPN, is not among those whom an application that requires an assignment lists."""
    tenant = directory.default
    user, party = tenant.user_by_name(name), _party(directory, tenant, app_id)
    if user is None or party is None:
        return "The user or the application is gone."
    rows = tenant.app_role_assignments
    held = [row for row in rows if row["resourceId"] == party.id]
    return _not_held(tenant, user, party, {str(row["appRoleId"]) for row in held}, "Access")


def unconsented(directory: Tenants, name: str, app_id: str, scope: str) -> tuple[str, list[str]]:
    """Return which of the scopes that a client asks of a user, by UPN, nobody consented to, and the appIds
    of their APIs.
    """
    tenant = directory.default
    user, client = tenant.user_by_name(name), parties.find_party(directory, tenant, app_id)
    if user is None or client is None:
        return "The user or the application is gone.", []
    needs = consent.needed(directory, tenant, client, parse(scope), user)
    reported = [f"{', '.join(need.names)} of {need.resource.name}" for need in needs]
    requested = " and ".join(reported) or f"anything that {client.name} asks for"
    return f"Nobody consented to {requested} for {client.name}.", [need.resource.app_id for need in needs]


def _role(tenant: Tenant, recipient: Party, client: Party, user: Row | None, value: str) -> str:
    ids = {str(role["id"]) for role in recipient.app_roles if role.get("value") == value}
    if not value:
        ids = {str(role["id"]) for role in recipient.app_roles}
    if not ids:
        return f"{recipient.name} offers no role {value}." if value else f"{recipient.name} offers no roles."
    what = value or "A role"
    if user is None:
        return f"{what} of {recipient.name} is not assigned to {client.name}."
    return _not_held(tenant, user, recipient, ids, what)


def _not_held(tenant: Tenant, user: Row, party: Party, ids: set[str], what: str) -> str:
    name = user.get("userPrincipalName")
    direct = {str(group["id"]) for group in tenant.direct_groups(user["id"])}
    for group in tenant.all_groups(user["id"]):
        if str(group["id"]) not in direct and ids & set(parties.assigned(tenant, {str(group["id"])}, party)):
            inner = [
                each
                for each in tenant.direct_groups(user["id"])
                if group in tenant.all_groups(str(each["id"]))
            ]
            through, outer = ", ".join(str(each["displayName"]) for each in inner), group["displayName"]
            return (
                f"{name} is in {outer} through {through} only: what is assigned to a group is its direct "
                "members'."
            )
    groups = (
        ", ".join(sorted(str(group["displayName"]) for group in tenant.direct_groups(user["id"])))
        or "no group"
    )
    return (
        f"{what} of {party.name} is assigned neither to {name} nor to a group with that direct member: "
        f"{groups}."
    )


def _scope(recipient: Party, client: Party, value: str, *, person: bool) -> str:
    if not person:
        return "An application by itself has roles, and no scopes."
    scope = next((row for row in recipient.scopes if row["value"] == value), None)
    if value and scope is None:
        return f"{recipient.name} offers no scope {value}."
    unlisted = f"{recipient.name} does not list it as authorized for that"
    return f"Nobody consented to {value or 'a scope'} for {client.name}, and {unlisted}."


def _groups(tenant: Tenant, recipient: Party, user: Row | None, value: str) -> str:
    setting = recipient.application.get("groupMembershipClaims")
    if not setting or setting == "None":
        return f"groupMembershipClaims of {recipient.name} is {setting}: its tokens name no groups."
    if user is None:
        return "An application by itself is in no group here."
    named = {str(group["displayName"]) for group in tenant.all_groups(user["id"])}
    who = user.get("userPrincipalName")
    if value and value not in named:
        return f"{who} is no member of {value}."
    return f"groupMembershipClaims of {recipient.name} is {setting}, and no group of {who} is of that type."


def _party(directory: Tenants, tenant: Tenant, name: str) -> Party | None:
    try:
        return parties.known_resource(directory, tenant, name)
    except LoginError:
        return parties.find_party(directory, tenant, name)
