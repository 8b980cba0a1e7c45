"""Access tokens: what is sent, when it ends, and whom it says it is about (read, never verified: that is
Graph's part).
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import Any, Protocol

# A token with less than this to live is renewed before it is used.
MARGIN = 300.0


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is signed in: the tenant, the object (user or service principal), the client application, a name
    for people.

    `permissions` are the token's for Graph, an application's or a person's; None where it does not tell (an
    opaque one).
    """

    tenant_id: str = ""
    object_id: str = ""
    app_id: str = ""
    name: str = ""
    permissions: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """One access token; `repr` never shows its value."""

    value: str = field(repr=False)
    expires_on: float
    identity: Identity = field(default_factory=Identity)


class TokenSource(Protocol):
    """Something that gives tokens, and keeps them until they are about to end."""

    async def token(self, *, claims: str | None = None) -> Token:
        """Return a token; `claims` is a challenge of Graph that the new token must answer."""
        ...


@dataclass(frozen=True, slots=True)
class FixedToken:
    """A token source with one token that somebody else takes care of."""

    value: str = field(repr=False)
    identity: Identity | None = None

    async def token(self, *, claims: str | None = None) -> Token:  # noqa: ARG002  # there is no other token to give
        """Return the token."""
        return Token(self.value, float("inf"), self.identity or identify(self.value))


def identify(token: str) -> Identity:
    """Return whom a token says it is about; nothing where it is opaque."""
    claims = part(token, 1)

    def text(*names: str) -> str:
        return next((str(claims[name]) for name in names if claims.get(name)), "")

    name = text("upn", "preferred_username", "app_displayname")
    return Identity(text("tid"), text("oid"), text("appid", "azp"), name, _permissions(claims))


def _permissions(claims: dict[str, Any]) -> frozenset[str] | None:
    """Return the app roles of an application, the scopes of a person; None where the token has neither."""
    roles, scopes = claims.get("roles"), claims.get("scp")
    if isinstance(scopes, str):
        return frozenset(scopes.split())
    return frozenset(map(str, roles)) if isinstance(roles, list) else None


def part(token: str, number: int) -> dict[str, Any]:
    """Return what a part of a token says, its header (0) or its claims (1); nothing where it is opaque."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        found = json.loads(base64.urlsafe_b64decode(parts[number] + "=" * (-len(parts[number]) % 4)))
    except (ValueError, binascii.Error):
        return {}
    return found if isinstance(found, dict) else {}
