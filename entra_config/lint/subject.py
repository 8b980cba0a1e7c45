"""One application as rules see it: the same shape whether a manifest declares it or Graph answered it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from entra_config.errors import Position

Platform = Literal["web", "spa", "mobileAndDesktop"]
PermissionKind = Literal["delegated", "application"]
OwnerType = Literal["user", "servicePrincipal", "unknown"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A value and where the manifest says it; None where it does not."""

    value: Any
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """A redirect URI of one platform; placeholders that stand for an appId stay in it. `path` is where an
    edit finds it.
    """

    platform: Platform
    uri: str
    position: Position | None = None
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Permission:
    """What a client asks of one API: by the API's key or name, its appId where that is known, and the
    permission's value.

    `requested` is False for what is only consented; `consented` is None where nobody says.
    """

    api: str
    kind: PermissionKind
    value: str
    own: bool = False
    app_id: str = ""
    requested: bool = True
    consented: bool | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Federated:
    """A workload that may sign in as it: of a subject, or of all that an expression matches (then `subject`
    is empty).

    `positions` are those of single fields, and of the words of a form that make them.
    """

    name: str
    issuer: str
    subject: str
    audience: str
    position: Position | None = None
    positions: Mapping[str, Position] = field(default_factory=dict)
    expression: str = ""

    def spot(self, *names: str) -> Position | None:
        """Return where the first of some fields stands, or the whole where none is written."""
        return next((self.positions[name] for name in names if name in self.positions), self.position)


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret or a certificate: never its value. `der` is base64 of a certificate, where it is known.

    `chosen`: somebody sent the secret's value, Graph did not make it.
    """

    type: Literal["secret", "certificate"]
    name: str
    key_id: str = ""
    start: datetime | None = None
    end: datetime | None = None
    der: str = ""
    usage: str = "Verify"
    position: Position | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class SubjectOwner:
    """Who may change it. `guest` and `second_factor` (whether one is registered) are None where nobody
    said.
    """

    name: str
    type: OwnerType = "unknown"
    id: str = ""
    guest: bool | None = None
    second_factor: bool | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class SubjectScope:
    """A delegated permission that it offers."""

    value: str
    user_consent: bool
    enabled: bool = True
    position: Position | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class SubjectRole:
    """A role that it offers; `held` are the names of who holds it, by `user`, `group` and `application`."""

    label: str
    value: str | None
    members: tuple[str, ...]
    enabled: bool = True
    position: Position | None = None
    held: Mapping[str, tuple[Placed, ...]] = field(default_factory=dict)
    description: str = ""


@dataclass(frozen=True, slots=True)
class LintSubject:
    """One registration with its enterprise application.

    `settings` maps Graph paths to what holds there, `enterprise` those of its service principal (None: it has
    none). `clients` are those that need no consent, with their scopes: ours by key, others by appId. `owners`
    is None where they are not declared, or could not be read. `type` is "" for what only a tenant knows.
    `mcp` is the address that a manifest says. `limited` tells whether a list says which tenants may use it,
    that of the registration or that of the API's settings; None where it could not be read.
    """

    key: str
    name: str
    type: str
    position: Position | None
    settings: Mapping[str, Placed] = field(default_factory=dict)
    enterprise: Mapping[str, Placed] | None = None
    redirects: tuple[Redirect, ...] = ()
    identifier_uris: tuple[Placed, ...] = ()
    scopes: tuple[SubjectScope, ...] = ()
    roles: tuple[SubjectRole, ...] = ()
    permissions: tuple[Permission, ...] = ()
    clients: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    client_positions: Mapping[str, Position] = field(default_factory=dict)
    federated: tuple[Federated, ...] = ()
    credentials: tuple[Credential, ...] = ()
    principal_credentials: tuple[Credential, ...] = ()
    owners: tuple[SubjectOwner, ...] | None = None
    app_id: str = ""
    mcp: Placed | None = None
    limited: bool | None = None

    def value(self, path: str) -> Any:
        """Return what holds at a Graph path; None where nothing is said."""
        placed = self.settings.get(path)
        return placed.value if placed else None

    def spot(self, path: str) -> Position | None:
        """Return where a Graph path is said, or the application where it is not."""
        placed = self.settings.get(path)
        return placed.position if placed and placed.position else self.position

    def on(self, *platforms: Platform) -> Iterator[Redirect]:
        """Yield the redirect URIs of some platforms."""
        return (each for each in self.redirects if each.platform in platforms)

    @property
    def public(self) -> bool:
        """Tell whether flows without a secret are allowed."""
        return self.value("isFallbackPublicClient") is True

    @property
    def multitenant(self) -> bool:
        """Tell whether people of other organizations may sign in."""
        return self.value("signInAudience") in {"AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount"}

    @property
    def signs_in(self) -> bool:
        """Tell whether people sign in to it or for it."""
        return bool(self.redirects or self.roles or self.scopes or self.public)

    @property
    def assignment_required(self) -> bool:
        """Tell whether only who is assigned gets in."""
        placed = (self.enterprise or {}).get("appRoleAssignmentRequired")
        return bool(placed and placed.value)
