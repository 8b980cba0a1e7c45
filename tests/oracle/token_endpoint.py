"""A question to Entra's token endpoint, and what it may be answered with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True)
class AsUser:
    """A person (id) signs in to a client (appId), which asks for scopes (values, `.default`) of a resource
    (appId or URI).
    """

    user: str
    client: str
    resource: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class AsItself:
    """An application (appId) signs in as itself and asks for `.default` of a resource (appId or URI)."""

    client: str
    resource: str


@dataclass(frozen=True)
class Token:
    """What an access token carries; `perhaps_`: what the notes neither give nor deny; None: what they do
    not decide.
    """

    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    perhaps_roles: frozenset[str] = frozenset()
    perhaps_scopes: frozenset[str] = frozenset()
    version: int | None = None
    audience: str | None = None


@dataclass(frozen=True)
class Refused:
    """The AADSTS code of a refusal."""

    code: int


@dataclass(frozen=True)
class Unknown:
    """Why the notes do not decide; `refused`: no token for certain, and where `codes` are told it is one
    of them.
    """

    reason: str
    refused: bool = False
    codes: frozenset[int] = frozenset()
