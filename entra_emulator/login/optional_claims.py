"""An application's token configuration and a user in; the groups and optional claims it asks for out."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from entra_emulator.directory_roles import TEMPLATES
from entra_emulator.login import login_hints
from entra_emulator.login.claims_request import values_of
from entra_emulator.login.parties import Party, Row, SignedIn, assigned
from entra_emulator.tenant import Tenant

Kind = Literal["accessToken", "idToken"]
EntryPoint = Literal["token", "authorize"]

OVERAGE = 200
IMPLICIT_OVERAGE = 5
# These come with the scope `profile` only, as optional claims of an id_token too.
OF_PROFILE = ("family_name", "given_name", "login_hint", "upn")
_SYNCED = {
    "sam_account_name": ("onPremisesSamAccountName",),
    "dns_domain_and_sam_account_name": ("onPremisesDomainName", "onPremisesSamAccountName"),
    "netbios_domain_and_sam_account_name": ("onPremisesNetBiosName", "onPremisesSamAccountName"),
}


def groups_claims(
    tenant: Tenant, user: Row, recipient: Party, kind: Kind, *, entry_point: EntryPoint
) -> dict[str, Any]:
    """Return `groups`, or what stands for them beyond the limit, and `wids`, as the recipient's manifest
    asks.
    """
    wanted = {
        part.strip() for part in str(recipient.application.get("groupMembershipClaims") or "").split(",")
    }
    claims: dict[str, Any] = {}
    if wanted & {"DirectoryRole", "All"}:
        claims |= _wids(tenant, user)
    groups = _groups(tenant, user, recipient, wanted)
    if not groups:
        return claims
    form = _properties(recipient, kind, "groups")
    if "emit_as_roles" in form:
        return claims | {"roles": _names(groups, form)}
    if entry_point == "authorize" and len(groups) > IMPLICIT_OVERAGE:
        return claims | {"hasgroups": True}
    if len(groups) > OVERAGE:
        # The endpoint is still on the retired host; the reader has to build Graph's URL itself.
        endpoint = f"https://graph.windows.net/{tenant.tenant_id}/users/{user['id']}/getMemberObjects"
        return claims | {
            "_claim_names": {"groups": "src1"},
            "_claim_sources": {"src1": {"endpoint": endpoint}},
        }
    return claims | {"groups": _names(groups, form)}


def optional_claims(
    tenant: Tenant,
    who: SignedIn | None,
    recipient: Party,
    kind: Kind,
    *,
    version: int,
    body: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the optional claims that the recipient's registration lists for this kind of token."""
    claims: dict[str, Any] = {}
    for entry in _entries(recipient, kind):
        name, properties = str(entry["name"]), tuple(entry.get("additionalProperties") or ())
        value = _value(tenant, who, name, properties, version)
        if value is not None and name not in body:
            claims[name] = value
    return claims


def requested_claims(
    tenant: Tenant, who: SignedIn, wanted: Mapping[str, Any], body: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the claims of an id_token that the request names: those that could be optional claims too."""
    claims = {name: _value(tenant, who, name, (), 2) for name in wanted if name not in body}
    return {name: value for name, value in claims.items() if value is not None} | authentication_contexts(
        wanted
    )


def authentication_contexts(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return `acrs` with the authentication contexts asked for: without a Conditional Access policy each
    one is met.
    """
    contexts = values_of(wanted.get("acrs"))
    return {"acrs": contexts} if contexts else {}


def client_capabilities(wanted: Mapping[str, Any], recipient: Party) -> dict[str, Any]:
    """Return `xms_cc` with the known capabilities that the client declares, for an API that lists it as an
    optional claim.
    """
    known = [value for value in values_of(wanted.get("xms_cc")) if value.lower() == "cp1"]
    listed = any(entry["name"] == "xms_cc" for entry in _entries(recipient, "accessToken"))
    return {"xms_cc": known} if listed and known else {}


def _value(tenant: Tenant, who: SignedIn | None, name: str, properties: Iterable[str], version: int) -> Any:
    if name == "idtyp":
        if who is None:
            return "app"
        return "user" if "include_user_token" in properties else None
    if name in _OF_TENANT:
        return _OF_TENANT[name]
    if who is None:
        return None
    user = who.user
    if name == "acct":
        return 1 if user.get("userType") == "Guest" else 0
    if name in {"sid", "auth_time"}:
        return who.session_id if name == "sid" else who.auth_time
    if name == "ipaddr":
        return who.address if version == 2 else None
    if name == "upn":
        return _upn(user, properties)
    if name == "login_hint":
        return login_hints.write(tenant, user)
    source = _FROM_USER.get(name)
    return user.get(source) if source else None


_OF_TENANT = {"tenant_ctry": "DE", "tenant_region_scope": "EU"}
_FROM_USER = {
    "email": "mail",
    "family_name": "surname",
    "given_name": "givenName",
    "ctry": "usageLocation",
    "onprem_sid": "onPremisesSecurityIdentifier",
    "preferred_username": "userPrincipalName",
    "verified_primary_email": "mail",
    "xms_pl": "preferredLanguage",
}


def _upn(user: Row, properties: Iterable[str]) -> str | None:
    name = str(user.get("userPrincipalName", ""))
    if "#EXT#" not in name:
        return name
    # A guest's home name (mail_domain#EXT#@tenant) appears only when asked for.
    wanted = set(properties)
    if "include_externally_authenticated_upn_without_hash" in wanted:
        return name.replace("#", "_")
    return name if "include_externally_authenticated_upn" in wanted else None


def _wids(tenant: Tenant, user: Row) -> dict[str, Any]:
    held = tenant.directory_roles.get(str(user["id"]), ())
    wids = [TEMPLATES[name] for name in held if name in TEMPLATES]
    return {"wids": wids} if wids else {}


def _groups(tenant: Tenant, user: Row, recipient: Party, wanted: set[str]) -> list[Row]:
    if "ApplicationGroup" in wanted:
        # Only groups assigned to the application, and only direct membership: the way around overage.
        return [
            group
            for group in tenant.direct_groups(str(user["id"]))
            if assigned(tenant, {str(group["id"])}, recipient)
        ]
    if "All" in wanted:
        return list(tenant.all_groups(str(user["id"])))
    if "SecurityGroup" in wanted:
        return [group for group in tenant.all_groups(str(user["id"])) if group.get("securityEnabled")]
    return []


def _names(groups: Iterable[Row], form: tuple[str, ...]) -> list[str]:
    if "cloud_displayname" in form:
        return [str(group["displayName"]) for group in groups]
    for name, sources in _SYNCED.items():
        if name in form:
            return [
                "\\".join(str(group[source]) for source in sources)
                if group.get(sources[-1])
                else str(group["id"])
                for group in groups
            ]
    return [str(group["id"]) for group in groups]


def _entries(recipient: Party, kind: Kind) -> list[Mapping[str, Any]]:
    return list((recipient.application.get("optionalClaims") or {}).get(kind) or ())


def _properties(recipient: Party, kind: Kind, name: str) -> tuple[str, ...]:
    named = [entry for entry in _entries(recipient, kind) if entry["name"] == name]
    return tuple(value for entry in named for value in entry.get("additionalProperties") or ())
