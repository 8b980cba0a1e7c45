"""A token in; its claims, each with the reason why it is there and says what it says, out."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt

from entra_emulator.directory import Tenants
from entra_emulator.login import parties
from entra_emulator.login.errors import LoginError
from entra_emulator.login.keys import InvalidTokenError, KeyRing
from entra_emulator.login.parties import Party
from entra_emulator.tenant import Tenant

Claims = Mapping[str, Any]


@dataclass(frozen=True)
class Explained:
    """One claim."""

    name: str
    value: Any
    why: str
    # Of roles and scopes the reason of each.
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ParsedToken:
    """A token taken apart."""

    header: dict[str, Any]
    claims: list[Explained]
    verdict: str
    valid: bool


@dataclass(frozen=True)
class _Scene:
    """What a reason may draw on."""

    claims: Claims
    tenant: Tenant
    client: Party | None
    recipient: Party | None
    user: Mapping[str, Any] | None

    @property
    def is_id_token(self) -> bool:
        return "azp" not in self.claims and "appid" not in self.claims


def explain(text: str, directory: Tenants, keys: KeyRing) -> ParsedToken | None:
    """Take a token apart; None for text that is no JWT."""
    try:
        header = dict(jwt.get_unverified_header(text))
        claims = dict(jwt.decode(text, options={"verify_signature": False}))
    except jwt.InvalidTokenError:
        return None
    explained = reasons(claims, directory)
    try:
        keys.verify(text)
    except InvalidTokenError as error:
        return ParsedToken(header, explained, str(error), valid=False)
    return ParsedToken(header, explained, "Signed by this emulator and valid now.", valid=True)


def reasons(claims: Claims, directory: Tenants) -> list[Explained]:
    """Say of each claim of a token that this emulator issued why it is there."""
    scene = _scene(claims, directory)
    return [
        Explained(name, value, _why(name, value, scene), _parts(name, value, scene))
        for name, value in claims.items()
    ]


def _parts(name: str, value: Any, scene: _Scene) -> dict[str, str]:
    if name == "scp":
        return {scope: _granted_by(scope, scene) for scope in str(value).split()}
    return {str(role): _assigned_by(str(role), scene) for role in value} if name == "roles" else {}


def _scene(claims: Claims, directory: Tenants) -> _Scene:
    tenant = directory.tenants.get(str(claims.get("tid"))) or directory.default
    client_id = str(claims.get("azp") or claims.get("appid") or claims.get("aud"))
    recipient: Party | None
    try:
        recipient = parties.known_resource(directory, tenant, str(claims.get("aud", "")))
    except LoginError:
        recipient = parties.find_party(directory, tenant, str(claims.get("aud", "")))
    client = parties.find_party(directory, tenant, client_id)
    return _Scene(claims, tenant, client, recipient, tenant.users.get(str(claims.get("oid", ""))))


def _why(name: str, value: Any, scene: _Scene) -> str:
    if name in _REASONS:
        return _REASONS[name](value, scene)
    kind = "idToken" if scene.is_id_token else "accessToken"
    listed = ((scene.recipient.application if scene.recipient else {}).get("optionalClaims") or {}).get(
        kind
    ) or ()
    if any(entry["name"] == name for entry in listed):
        return f"An optional claim that the registration of {_named(scene.recipient)} lists."
    return _PLAIN.get(name, "Not a claim that this emulator knows.")


def _audience(_: Any, scene: _Scene) -> str:
    if scene.is_id_token:
        return f"An id_token is for the client that signed the user in: {_named(scene.client)}."
    if scene.recipient is not None and scene.recipient.token_version == 2:
        return (
            f"The appId of {_named(scene.recipient)}: with version 2 it is the audience, whatever URI "
            "was asked for."
        )
    return (
        f"The string by which the client asked for {_named(scene.recipient)}, which takes version 1 tokens."
    )


def _version(_: Any, scene: _Scene) -> str:
    if scene.is_id_token:
        return "The version of the endpoint that the client used."
    return (
        f"requestedAccessTokenVersion of {_named(scene.recipient)} decides, not the client and not the "
        "endpoint."
    )


def _listed(name: str) -> Callable[[Any, _Scene], str]:
    def reason(value: Any, scene: _Scene) -> str:
        return "; ".join(f"{part}: {why}" for part, why in _parts(name, value, scene).items()) + "."

    return reason


def _granted_by(scope: str, scene: _Scene) -> str:
    from entra_emulator.login import consent

    client, recipient = scene.client, scene.recipient
    if client is None or recipient is None:
        return "its client or resource is gone"
    for row in scene.tenant.oauth2_permission_grants.find("clientId", client.id) if client.id else ():
        if row["resourceId"] == recipient.id and scope in str(row.get("scope") or "").split():
            return (
                "an administrator consented for everybody"
                if row["consentType"] == "AllPrincipals"
                else "the user consented"
            )
    if scope in consent.preauthorized(client, recipient):
        return f"{recipient.name} lists {client.name} as authorized client"
    return "no longer granted"


def _assigned_by(role: str, scene: _Scene) -> str:
    recipient = scene.recipient
    ids = {entry["id"] for entry in recipient.app_roles if entry.get("value") == role} if recipient else set()
    if recipient is None or not ids:
        return "a group, since the registration emits groups as roles"
    holders = {str(scene.claims.get("oid")): "assigned directly"}
    for group in scene.tenant.direct_groups(str(scene.claims.get("oid"))) if scene.user else ():
        holders[str(group["id"])] = f"through the group {group['displayName']}"
    found = [
        text
        for holder, text in holders.items()
        if ids & set(parties.assigned(scene.tenant, {holder}, recipient))
    ]
    return " and ".join(found) or "no longer assigned"


def _groups(_: Any, scene: _Scene) -> str:
    setting = scene.recipient.application.get("groupMembershipClaims") if scene.recipient else None
    return f"groupMembershipClaims of {_named(scene.recipient)} is {setting}."


def _subject(value: Any, scene: _Scene) -> str:
    if value == scene.claims.get("oid"):
        return "An application by itself: its service principal's object id."
    return f"The user towards {_named(scene.recipient)} only: another application sees another value."


def _client(_: Any, scene: _Scene) -> str:
    return f"The client that asked: {_named(scene.client)}."


def _proof(value: Any, _: _Scene) -> str:
    proofs = {"0": "nothing: a public client", "1": "a secret", "2": "a certificate or a federated assertion"}
    return f"The client proved itself by {proofs.get(str(value), 'something unknown')}."


def _time(text: str) -> Callable[[Any, _Scene], str]:
    def reason(value: Any, _: _Scene) -> str:
        return f"{dt.datetime.fromtimestamp(value, dt.UTC):%Y-%m-%d %H:%M:%S} UTC. {text}"

    return reason


def _object(_: Any, scene: _Scene) -> str:
    if scene.user is not None:
        return f"The object id of {scene.user.get('userPrincipalName')}, the same for all applications."
    return f"The object id of the service principal of {_named(scene.client)}."


def _named(party: Party | None) -> str:
    return party.name if party is not None else "an application that is gone"


_REASONS: dict[str, Callable[[Any, _Scene], str]] = {
    "aud": _audience,
    "ver": _version,
    "scp": _listed("scp"),
    "roles": _listed("roles"),
    "groups": _groups,
    "sub": _subject,
    "azp": _client,
    "appid": _client,
    "azpacr": _proof,
    "appidacr": _proof,
    "oid": _object,
    "iat": _time("Dated back five minutes, as Entra does."),
    "nbf": _time("The same as iat."),
    "exp": _time("60 minutes for applications, 60 to 90 for users, 20 to 28 hours where Graph can revoke."),
}
_PLAIN: dict[str, str] = {
    "iss": "This emulator and the tenant; never Microsoft, so that no production setting accepts it.",
    "tid": "The tenant that issued it.",
    "name": "The display name; not for authorization.",
    "preferred_username": "Version 2's name for people to read; it can change, so it is no key.",
    "upn": "The user principal name; it can change, so it is no key.",
    "unique_name": "Version 1's name for people to read.",
    "given_name": "In version 1 by default.",
    "family_name": "In version 1 by default.",
    "email": "The scope `email` was asked for, or an optional claim.",
    "auth_time": (
        "When the user signed in: asked for by max_age, by the claims parameter or as an optional claim."
    ),
    "acrs": "The authentication contexts that the claims parameter asked for; no policy stands in their way.",
    "login_hint": "What a later sign-in or sign-out may name the user by: opaque, and no address.",
    "nonce": "The client's own value, so that an answer cannot be replayed.",
    "sid": "The browser's session.",
    "idp": "The identity provider; version 1 says it for applications.",
    "idtyp": "Graph's tokens have it always, others on request: app or user.",
    "acr": "Version 1 only: how strong the sign-in was.",
    "amr": "Version 1 only: by what the user signed in.",
    "ipaddr": "Version 1 only by default: where the request came from.",
    "wids": "Directory roles as template ids, with a marker that Graph's tokens always have.",
    "acct": "0 for a member, 1 for a guest.",
    "xms_cc": "The client declared that it handles revocation (cp1).",
    "xms_st": "The user's sub towards the calling client.",
    "app_displayname": "Graph's tokens name the client.",
    "tenant_region_scope": "Graph's tokens name the region.",
    "_claim_names": "More than 200 groups: the token names where to ask instead.",
    "_claim_sources": "Where to ask; still the retired host, a reader builds Graph's URL itself.",
    "hasgroups": "Too many groups for a token in a URL.",
    "aio": "Opaque; ignore it.",
    "rh": "Opaque; ignore it.",
    "uti": "The token's own id.",
    "xms_ftd": "Opaque; ignore it.",
    "c_hash": "Binds the id_token to the code.",
    "at_hash": "Binds the id_token to the access token.",
}
# Every claim that a token may have, but for those that an application adds by optional claims of its own.
KNOWN_CLAIMS = frozenset({*_REASONS, *_PLAIN})
