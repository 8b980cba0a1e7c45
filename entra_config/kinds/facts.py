"""What is known of each kind's resources beside their values: ids in the tenant, and what they join.

A kind that is added brings a class of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from entra_config.kinds.base import application_address
from entra_config.phrase import Person
from entra_config.resource import Address, Facts

Tenant = Mapping[Address, Facts]


@dataclass(frozen=True, slots=True)
class Deletable(Facts):
    """An object that Graph keeps for 30 days once it was deleted."""

    deleted_date_time: str | None = None

    @property
    def deleted(self) -> str:
        """Return when it was deleted."""
        return self.deleted_date_time or ""


@dataclass(frozen=True, slots=True)
class ApplicationFacts(Deletable):
    """An application and its service principal."""

    app_id: str | None = None
    service_principal_id: str | None = None

    @property
    def properties(self) -> Mapping[str, str]:
        """Return both its ids."""
        return {name: value for name, value in (("id", self.id), ("appId", self.app_id)) if value is not None}

    @property
    def objects(self) -> tuple[str, ...]:
        """Return both its objects."""
        return tuple(filter(None, (self.id, self.service_principal_id)))


@dataclass(frozen=True, slots=True)
class EnterpriseFacts(Deletable):
    """An enterprise application."""


@dataclass(frozen=True, slots=True)
class OwnerFacts(Facts):
    """Somebody who owns an object; `enterprise`: the service principal, and not the application."""

    principal_id: str = ""
    enterprise: bool = False

    @property
    def objects(self) -> tuple[str, ...]:
        """Return the owner."""
        return (self.principal_id,)

    @property
    def principal(self) -> str:
        """Return the owner."""
        return self.principal_id


@dataclass(frozen=True, slots=True)
class AuthorizationFacts(Facts):
    """A client that an API authorizes: a key of ours, or the appId of another; the API by its key."""

    client: str = ""
    api: str = ""
    app_id: str | None = None

    @property
    def keys(self) -> frozenset[str]:
        """Return both ends."""
        return frozenset({self.client, self.api})


@dataclass(frozen=True, slots=True)
class ConsentFacts(Facts):
    """An admin consent: the client by key, the API by name and, once it is there, by id; what it says
    live.
    """

    client: str = ""
    resource: str = ""
    resource_id: str = ""
    scope: str | None = None

    @property
    def objects(self) -> tuple[str, ...]:
        """Return the API."""
        return tuple(filter(None, (self.resource_id,)))

    @property
    def keys(self) -> frozenset[str]:
        """Return both ends."""
        return frozenset({self.client, self.resource})


@dataclass(frozen=True, slots=True)
class AssignmentFacts(Facts):
    """Who holds which role of which resource.

    `client` is the key of the client of ours that holds it, which may have no `principal_id` yet, and `role`
    what its API calls the role then; `sides` are the role and its holder, as titles name them.
    """

    resource: str = ""
    resource_id: str = ""
    app_role_id: str = ""
    principal_type: str = ""
    principal_id: str | None = None
    client: str | None = None
    role: str | None = None
    sides: tuple[str, str | Person] = ("", "")

    @property
    def objects(self) -> tuple[str, ...]:
        """Return the resource and the holder."""
        return tuple(filter(None, (self.resource_id, self.principal_id)))

    @property
    def principal(self) -> str:
        """Return the holder."""
        return self.principal_id or ""

    def edit(self, *, gone: bool) -> tuple[str, ...]:
        """Return how a user or a group gets a role, or loses it, in the manifest."""
        if self.principal_type not in {"user", "group"}:
            return ()
        verb = "unassign" if gone else "assign"
        return "app-role", verb, self.sides[0], f"--{self.principal_type}", self.principal

    def same(self, other: Facts) -> bool:
        """Tell whether the same holder gets the same role."""
        ends = self.principal_id, self.app_role_id, self.client
        return isinstance(other, AssignmentFacts) and ends == (
            other.principal_id,
            other.app_role_id,
            other.client,
        )

    @property
    def keys(self) -> frozenset[str]:
        """Return both ends, as far as they are applications."""
        return frozenset({self.resource, self.client or self.resource})


def application_at(tenant: Tenant, address: Address | None) -> ApplicationFacts:
    """Return what is known of the application at an address; nothing where the tenant has none."""
    found = tenant.get(address) if address is not None else None
    return found if isinstance(found, ApplicationFacts) else ApplicationFacts()


def client_at(tenant: Tenant, key: str | None) -> ApplicationFacts:
    """Return the same of a client by its key."""
    return application_at(tenant, application_address(key) if key else None)
