"""Who signs in to what through which client in; the claims of Entra's tokens out, each with its reason."""

import base64
import datetime as dt
import hashlib
import hmac
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from entra_emulator.directory_roles import TEMPLATES
from entra_emulator.login import parties
from entra_emulator.login.claims_request import declares_cp1
from entra_emulator.login.keys import b64url
from entra_emulator.login.optional_claims import (
    OF_PROFILE,
    EntryPoint,
    authentication_contexts,
    client_capabilities,
    groups_claims,
    optional_claims,
    requested_claims,
)
from entra_emulator.login.parties import Party, SignedIn
from entra_emulator.login.scopes import GRAPH
from entra_emulator.tenant import Tenant

# Entra dates iat and nbf five minutes back; six recorded app-only tokens have exp - iat = 3900.
BACKDATED = 300
HOUR = 3600
USER_MARKER = "b79fbf4d-3ef9-4689-8143-76b194e85509"
APP_MARKER = "0997a1d0-0d1d-4acb-b408-d5ca73121e90"
Entropy = Callable[[int], bytes]


@dataclass(frozen=True)
class AccessTokenInput:
    """All that decides an access token."""

    tenant: Tenant
    origin: str
    client: Party
    resource: Party
    requested: str
    acr: str
    who: SignedIn | None = None
    scopes: tuple[str, ...] = ()
    # Tokens that come by URL have room for fewer groups.
    entry_point: EntryPoint = "token"
    # What the client asks for by name, with the values that it wants.
    requested_claims: Mapping[str, Any] = field(default_factory=dict)

    @property
    def continuous(self) -> bool:
        """Tell whether the client declares that it handles revocation."""
        return declares_cp1(self.requested_claims)


@dataclass(frozen=True)
class IdTokenRequest:
    """What a client asks of an id_token: OpenID scopes, nonce, claims by name, how old the sign-in may be."""

    oidc: tuple[str, ...]
    nonce: str | None
    claims: Mapping[str, Any] = field(default_factory=dict)
    max_age: int | None = None


def access_claims(access: AccessTokenInput, now: dt.datetime, entropy: Entropy) -> dict[str, Any]:
    """Return the claims of an access token, of the version that its *resource* asks for."""
    version = access.resource.token_version
    who = access.who
    body = _client_claims(access, version) | _opaque(access.tenant, access.resource, entropy)
    body |= {"tid": access.tenant.tenant_id, "ver": f"{version}.0"}
    body |= _subject_of_app(access, version) if who is None else _subject_of_user(access, who, version)
    body |= _graph_claims(access) if access.resource.is_graph else {}
    if who is not None:
        body |= groups_claims(
            access.tenant, who.user, access.resource, "accessToken", entry_point=access.entry_point
        )
    body |= optional_claims(access.tenant, who, access.resource, "accessToken", version=version, body=body)
    if access.continuous and access.resource.is_graph:
        body["xms_cc"] = ["CP1"]
    body |= client_capabilities(access.requested_claims, access.resource)
    if who is not None:
        body |= authentication_contexts(access.requested_claims)
    return _ordered(
        _audience(access, version),
        issuer(access.origin, access.tenant, version),
        now,
        lifetime(access, entropy),
        body,
    )


def id_claims(
    access: AccessTokenInput, who: SignedIn, wanted: IdTokenRequest, *, now: dt.datetime, entropy: Entropy
) -> dict[str, Any]:
    """Return the claims of a v2 id_token, whose recipient is the client."""
    user, client, oidc = who.user, access.client, wanted.oidc
    body: dict[str, Any] = {
        "sub": pairwise(access.tenant, str(user["id"]), client.app_id),
        "tid": access.tenant.tenant_id,
        "ver": "2.0",
        **_opaque(access.tenant, client, entropy),
    }
    body.pop("xms_ftd")
    if "profile" in oidc:
        body |= {"oid": user["id"], "preferred_username": user.get("userPrincipalName")}
        body["name"] = user.get("displayName")
    if "email" in oidc and user.get("mail"):
        body["email"] = user["mail"]
    if wanted.nonce is not None:
        body["nonce"] = wanted.nonce
    roles = parties.role_values(access.tenant, parties.principals_of(access.tenant, user), client)
    if roles:
        body["roles"] = roles
    body |= groups_claims(access.tenant, user, client, "idToken", entry_point=access.entry_point)
    body |= optional_claims(access.tenant, who, client, "idToken", version=2, body=body)
    body |= requested_claims(access.tenant, who, wanted.claims, body)
    if "profile" not in oidc:
        body = {name: value for name, value in body.items() if name not in OF_PROFILE}
    if wanted.max_age is not None:
        body["auth_time"] = who.auth_time
    return _ordered(
        client.app_id, issuer(access.origin, access.tenant, 2), now, _id_lifetime(who, wanted, now), body
    )


def _id_lifetime(who: SignedIn, wanted: IdTokenRequest, now: dt.datetime) -> int:
    # With max_age the id_token ends when the sign-in is that old, with max_age=0 as it begins:
    # exp equals auth_time (keycloak#46078, microsoft-authentication-library-for-python#444).
    if wanted.max_age is None:
        return HOUR
    return min(HOUR, who.auth_time + wanted.max_age - int(now.timestamp()))


def issuer(origin: str, tenant: Tenant, version: int) -> str:
    """Name who signs: always the emulator itself, never Microsoft, so that no production setting accepts
    it.
    """
    return f"{origin}/{tenant.tenant_id}/v2.0" if version == 2 else f"{origin}/{tenant.tenant_id}/"


def pairwise(tenant: Tenant, object_id: str, app_id: str) -> str:
    """Return a user's `sub` towards one application: 43 characters, another for each application."""
    key = tenant.tenant_id.encode()
    return b64url(hmac.digest(key, f"{object_id}:{app_id}".encode(), hashlib.sha256))


def lifetime(access: AccessTokenInput, entropy: Entropy) -> int:
    """Return seconds: an hour for applications, 60 to 90 minutes for users, 20 to 28 hours where
    revocable.
    """
    share = int.from_bytes(entropy(2), "big") / 0x10000
    if access.continuous and access.resource.is_graph and access.who is not None:
        return int(20 * HOUR + share * 8 * HOUR)
    return HOUR if access.who is None else int(HOUR + share * HOUR / 2)


def _audience(access: AccessTokenInput, version: int) -> str:
    if version == 2:
        return access.resource.app_id
    if access.resource.is_graph:
        return access.requested if "graph.microsoft.com" in access.requested else GRAPH
    for entry in (access.resource.application.get("optionalClaims") or {}).get("accessToken") or ():
        if entry["name"] == "aud" and "use_guid" in (entry.get("additionalProperties") or ()):
            return access.resource.app_id
    # A v1 token's audience is the string that the client used.
    return access.requested


def _client_claims(access: AccessTokenInput, version: int) -> dict[str, Any]:
    names = ("azp", "azpacr") if version == 2 else ("appid", "appidacr")
    return dict(zip(names, (access.client.app_id, access.acr), strict=True))


def _subject_of_app(access: AccessTokenInput, version: int) -> dict[str, Any]:
    principal = access.client.id
    body: dict[str, Any] = {"oid": principal, "sub": principal}
    if version == 1:
        body["idp"] = issuer(access.origin, access.tenant, 1)
    if access.client.azure_resource:
        body |= {"idtyp": "app", "xms_mirid": access.client.azure_resource}
    roles = parties.role_values(access.tenant, {principal}, access.resource)
    return body | ({"roles": roles} if roles else {})


def _subject_of_user(access: AccessTokenInput, who: SignedIn, version: int) -> dict[str, Any]:
    user = who.user
    body: dict[str, Any] = {
        "oid": user["id"],
        "sub": pairwise(access.tenant, str(user["id"]), access.resource.app_id),
        "name": user.get("displayName"),
        "scp": " ".join(access.scopes),
        "sid": who.session_id,
    }
    name = user.get("userPrincipalName")
    if version == 2:
        body["preferred_username"] = name
    else:
        body |= {"acr": "1", "amr": ["pwd"], "ipaddr": who.address, "unique_name": name, "upn": name}
        body |= {"given_name": user.get("givenName"), "family_name": user.get("surname")}
    roles = parties.role_values(access.tenant, parties.principals_of(access.tenant, user), access.resource)
    if roles:
        body["roles"] = roles
    return {key: value for key, value in body.items() if value is not None}


def _graph_claims(access: AccessTokenInput) -> dict[str, Any]:
    body: dict[str, Any] = {"app_displayname": access.client.name, "tenant_region_scope": "EU"}
    if access.who is None:
        return body | {"idtyp": "app", "wids": [APP_MARKER]}
    user = access.who.user
    held = access.tenant.directory_roles.get(str(user["id"]), ())
    wids = [TEMPLATES[name] for name in held if name in TEMPLATES]
    return body | {
        "acct": 1 if user.get("userType") == "Guest" else 0,
        "idtyp": "user",
        "wids": [*wids, USER_MARKER],
        "xms_st": {"sub": pairwise(access.tenant, str(user["id"]), access.client.app_id)},
    }


def _opaque(tenant: Tenant, resource: Party, entropy: Entropy) -> dict[str, Any]:
    # rh: 3 bytes, the tenant, the recipient, 5 bytes (decoded from four real tokens of 2025 and 2026);
    # uti: 16 bytes of which the last is 0; xms_ftd: 32 bytes, 1, a region.
    ids = uuid.UUID(tenant.tenant_id).bytes_le + uuid.UUID(resource.app_id).bytes_le
    return {
        "aio": base64.b64encode(entropy(48)).decode(),
        "rh": f"1.{b64url(bytes((1, 0x0C, 0x00)) + ids + entropy(5))}.",
        "uti": b64url(entropy(15) + b"\0"),
        "xms_ftd": b64url(entropy(32) + b"\x01" + b"loopback-dsms"),
    }


def _ordered(
    audience: str, name: str, now: dt.datetime, seconds: int, body: dict[str, Any]
) -> dict[str, Any]:
    issued = int(now.timestamp())
    first = {
        "aud": audience,
        "iss": name,
        "iat": issued - BACKDATED,
        "nbf": issued - BACKDATED,
        "exp": issued + seconds,
    }
    # Recorded order: these five, then the alphabet.
    return first | {key: body[key] for key in sorted(body)}
