"""What every case of a rule of sign-in is made of: the tenant that it begins with, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.oracle.shapes import Piece, application, consent, group, person, principal, role, scope, sp
from tests.oracle.token_endpoint import AsItself, AsUser, Refused, Token, Unknown

ROLES = (
    role("1", "Reader"),
    role("2", "Writer"),
    role("3", None),
    role("4", "Old", enabled=False),
    role("5", "Person", kinds=["User"]),
    role("6", "Robot", kinds=["Application"]),
)
SCOPES = (
    scope("a", "read"),
    scope("b", "write"),
    scope("c", "admin", type_="Admin"),
    scope("d", "off", enabled=False),
)
API: dict[str, Any] = {"roles": ROLES, "scopes": SCOPES, "names": ["api://api"]}
REQUIRED = principal("api", **API, required=True)
BASE = (
    *(application("api"), principal("api", **API)),
    *(application("other"), principal("other", scopes=[scope("o", "see")])),
    principal("graph", scopes=[scope("g", "User.Read"), scope("h", "Mail.Read")], names=["https://graph"]),
    *(application("spa"), principal("spa")),
    *(application("daemon"), principal("daemon")),
    *(person("anna"), person("ben"), group("team", "anna"), group("outer", "team", sp("daemon"))),
)
OFF = principal("api", **API, enabled=False)
READ = consent("spa", "api", "read")
AUTHORIZED = application("api", authorizes={"spa": ["a"]})
EMITTED = {"accessToken": [{"name": "groups", "additionalProperties": ["emit_as_roles"]}]}
CLOSED = principal("spa", required=True)
BARE = application("bare")


def asks(scopes: str = "read", *, user: str = "anna", client: str = "spa", api: str = "api") -> AsUser:
    """Return what a person asks."""
    return AsUser(user, client, api, frozenset(scopes.split()))


def itself(client: str = "daemon", api: str = "api") -> AsItself:
    """Return what an application asks."""
    return AsItself(client, api)


def gets(
    roles: str = "",
    scopes: str = "",
    *,
    perhaps: str = "",
    maybe: str = "",
    api: str = "api",
    version: int | None = 2,
    audience: str | None = None,
) -> Token:
    """Return a token for an API, with the scopes and the roles that it has perhaps."""
    certain, open_ = (
        (frozenset(roles.split()), frozenset(scopes.split())),
        (frozenset(maybe.split()), frozenset(perhaps.split())),
    )
    return Token(*certain, *open_, version, audience or api)


@dataclass(frozen=True)
class Case:
    """One sentence of the notes, where it stands, and an example of it."""

    holds: str
    fact: str
    pieces: tuple[Piece, ...]
    question: AsUser | AsItself
    # A set: refused for certain, with one of these codes, or a code unknown. `Unknown`: not even that.
    response: Token | Refused | type[Unknown] | frozenset[int]
