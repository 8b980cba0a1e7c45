"""The parts of an application that have a class of their own: scopes, roles, permissions, what signs in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Literal

from entra_config.errors import Position, Problem
from entra_config.manifest.until import Until

MemberType = Literal["User", "Application"]


@dataclass(frozen=True, slots=True)
class EmptyEntry:
    """An entry with `each` that makes nothing."""

    MESSAGE: ClassVar[str] = "`{entry}` makes nothing, because its list is empty"

    key: str
    position: Position

    @property
    def problem(self) -> Problem:
        """Return what is to be reported."""
        return Problem(self.position, self.MESSAGE.format(entry=self.key))


@dataclass(frozen=True, slots=True)
class Scope:
    """A delegated permission that an API exposes (Graph: api.oauth2PermissionScopes)."""

    label: str
    value: str
    admin_consent_display_name: str
    admin_consent_description: str
    user_consent_display_name: str | None
    user_consent_description: str | None
    who_can_consent: Literal["admins", "adminsAndUsers"]
    is_enabled: bool = True
    id: str | None = None
    previously: str | None = None
    breaking: bool = False
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Mcp:
    """That an API is an MCP server: its address, one of its identifier URIs, the labels of the scopes that
    clients ask for, and known clients, appId by name, that need no consent.
    """

    url: str
    scopes: tuple[str, ...]
    clients: Mapping[str, str] = field(default_factory=dict)
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class AppRole:
    """An app role (Graph: appRoles). `value` None is a role that tokens do not carry."""

    label: str
    value: str | None
    display_name: str
    description: str
    allowed_member_types: tuple[MemberType, ...]
    is_enabled: bool = True
    id: str | None = None
    previously: str | None = None
    breaking: bool = False
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class ApiPermission:
    """What a client requests of one API, and what of it is consented.

    `resource` is a key of `applications` (`own` True), of `enterpriseApplications`, or the name of a
    Microsoft API. Each consent is None (not managed), or the exact set to be granted (empty: none). `until`
    has those of them that end, by kind and label.
    """

    resource: str
    own: bool
    delegated: tuple[str, ...] = ()
    application: tuple[str, ...] = ()
    delegated_consent: frozenset[str] | None = None
    application_consent: frozenset[str] | None = None
    position: Position | None = None
    until: Mapping[tuple[str, str], Until] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FederatedCredential:
    """A workload identity that may sign in as the application: of a subject, or of all that an expression
    matches.

    `positions` are those of issuer, subject (or expression) and audience, however they are written, and of a
    form's words.
    """

    name: str
    issuer: str
    subject: str
    audience: str = "api://AzureADTokenExchange"
    description: str | None = None
    expression: str | None = None
    positions: Mapping[str, Position] = field(default_factory=dict)
    position: Position | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A public key that the application may sign in with; `der` is base64 of the certificate, `thumbprint`
    SHA-1 in hex.
    """

    label: str
    der: str
    thumbprint: str
    display_name: str
    usage: Literal["Verify", "Encrypt"] = "Verify"
    not_before: str | None = None
    not_after: str | None = None
    position: Position | None = None
    until: date | None = None
