"""The published documents of who can do what, and of who may: access, permissions, app roles."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from entra_config.actual.access import Power
from entra_config.documents import DocumentPart
from entra_config.report.document import TenantPart


class HolderPart(DocumentPart):
    """One person or application that holds one role, and through what: `direct`, `consent`, or `group NAME`.

    A group is in the list if its members cannot be read, or if no person is a direct member of it (`empty`).
    """

    application: str
    role: str = Field(description="The value that tokens carry, `default` where they carry none.")
    label: str = Field(description="What the manifest calls it.")
    type: Literal["user", "application", "group"]
    name: str
    id: str
    through: str
    since: str = Field(description="When the assignment was made: of this holder, or of the group.")
    group: str = Field(description="The object id of the group; empty where it is held directly.")
    member_since: str = Field(
        description=(
            "When this person became a member of the group, from the audit log; empty if that is unknown."
        )
    )
    disabled: bool = Field(description="The account, or the application, is disabled: it gets no token.")
    role_deleted: bool = Field(
        description="The role is deleted and `role` is its id. Tokens do not carry it."
    )
    until: str | None = Field(
        description="The last day that the manifest says, in UTC; null where it says none."
    )
    empty: bool = Field(description="The holder is a group, and no person is a direct member of it.")
    undeclared: bool = Field(description="The manifest does not declare it.")
    position: str | None = Field(
        description="Where the manifest says so, as file:line:column; null where it does not."
    )


class OwnerPart(DocumentPart):
    """A user or application that owns an application, and can act as it with its permissions."""

    application: str
    type: Literal["user", "application"]
    name: str
    id: str
    permissions: list[str] = Field(description="Of the owned application: `API/ROLE` and `API/SCOPE`.")
    until: str | None = Field(description="The last day that the manifest says; null where it says none.")
    disabled: bool = Field(description="The account, or the application, is disabled: it cannot sign in.")


class ApiPart(DocumentPart):
    """Who gets a token for an API: nobody where it is not enabled, everybody where no assignment is
    required, without roles.
    """

    application: str
    enabled: bool
    assignment_required: bool
    missing: Literal["", "application", "servicePrincipal"] = Field(
        description="Deleted as a whole, or without its service principal: not enabled then."
    )


class PossiblePart(DocumentPart):
    """Somebody who could give roles to themselves or to others without a change of the manifest."""

    type: Literal["user", "application", "group"]
    name: str
    id: str
    through: str = Field(description="What makes it possible: an ownership, or a directory role by its name.")
    power: Power = Field(
        description=(
            "`assign`: can give the roles of the targets. `actAs`: can sign in as the targets. `addMembers`: "
            "can add members to the targets, which are groups."
        )
    )
    targets: list[str] = Field(description="Applications by key, or groups by name.")
    roles: list[str] = Field(description="What there is to gain by it, as `api/Reader`.")
    scope: str = Field(
        description="What the directory role is limited to; empty for the whole tenant and for owners."
    )
    disabled: bool = Field(description="The account, or the application, is disabled: it cannot sign in.")


class PotentialPart(DocumentPart):
    """Who could gain access. Eligible members (PIM), access packages and who can reset passwords are not
    read.
    """

    possible: list[PossiblePart]
    unknown: list[str] = Field(
        description="A sentence for each source that could not be read: it says nothing about nobody."
    )


class AccessDocument(DocumentPart):
    """Who can do what: `entra-config access --format json`."""

    version: Literal[2]
    kind: Literal["access"]
    tenant: TenantPart | None
    read_at: datetime | None = Field(description="When the tenant was read, in UTC.")
    read_by: str | None = Field(description="Who was signed in: what they may not read is not told.")
    holders: list[HolderPart]
    owners: list[OwnerPart]
    apis: list[ApiPart]
    potential: PotentialPart | None = Field(description="Null without --potential.")


class PermissionLevelPart(DocumentPart):
    """One level of permissions: what they allow this tool to do, and what an administrator does by hand."""

    name: str
    permissions: list[str]
    allows: str
    manual: str = Field(description="What an administrator does by hand; empty if nothing is left.")


class SharedDeployer(DocumentPart):
    """A deployer that serves more than one environment of a tenant."""

    deployer: str
    environments: list[str]


class PermissionsDocument(DocumentPart):
    """The least privileges: `entra-config permissions --format json`."""

    version: Literal[2]
    kind: Literal["permissions"]
    environment: str
    least: list[str]
    shared: list[SharedDeployer]
    abuse: dict[str, str | None]
    reading: list[PermissionLevelPart]
    writing: list[PermissionLevelPart]


class AppRolePart(DocumentPart):
    """One app role of the manifest and who has it."""

    application: str
    role: str
    value: str | None
    allowed_for: list[Literal["User", "Application"]] = Field(alias="for")
    groups: list[str]
    users: list[str]
    applications: list[str] = Field(
        description="Applications of others by name; those of the project by key, if the role is consented."
    )
    requested_by: list[str] = Field(
        alias="requestedBy",
        description="Applications of the project that request the role without a declared consent.",
    )


class AppRolesDocument(DocumentPart):
    """The roles of an environment: `entra-config app-role list --format json`."""

    version: Literal[1]
    kind: Literal["appRoles"]
    roles: list[AppRolePart]
