"""The published documents of the smaller commands, and every schema by file name: `python -m
entra_config.report.schemas`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field
from pydantic.json_schema import (
    CoreModeRef,
    CoreRef,
    DefsRef,
    GenerateJsonSchema,
    JsonSchemaMode,
    JsonSchemaValue,
)
from pydantic_core import CoreSchema

from entra_config.report.document import DocumentPart, PlanDocument, TestsDocument, published
from entra_config.report.drift_document import DriftDocument
from entra_config.report.event_document import EventDocument
from entra_config.report.lint_document import LintDocument

GUID = r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$"


class HolderPart(DocumentPart):
    """One person or application that holds one role, and through what: `direct`, `consent`, or `group NAME`.

    A group stands for itself where nobody may read its members.
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
    joined: str = Field(
        description=(
            "Since when this person is in the group, from the audit log; empty where that is not known."
        )
    )
    disabled: bool = Field(description="The account, or the application, is disabled: it gets no token.")
    gone: bool = Field(description="The role is gone, `role` is its id: tokens carry nothing.")
    position: str | None = Field(
        description="Where the manifest says so, as file:line:column; null where it does not."
    )


class OwnerPart(DocumentPart):
    """Somebody who owns an application and so can act as it, with what it holds."""

    application: str
    type: Literal["user", "application"]
    name: str
    id: str
    holds: list[str]


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


class AccessDocument(DocumentPart):
    """Who can do what: `entra-config access --format json`."""

    version: Literal[1]
    kind: Literal["access"]
    holders: list[HolderPart]
    owners: list[OwnerPart]
    apis: list[ApiPart]


class MadeApplication(DocumentPart):
    """One application that a run created: what its POST answered, never what a search found."""

    key: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")
    app_id: str = Field(pattern=GUID)
    created_date_time: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")
    created_by_app_id: str | None = Field(pattern=GUID)


class MadeSecret(DocumentPart):
    """One secret with a life: the key ids that a rotation left of it, the value of none."""

    key: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")
    app_id: str = Field(pattern=GUID)
    label: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")
    key_ids: list[str] = Field(max_length=100)


class PinsDocument(DocumentPart):
    """What `apply --pins FILE` and `credentials rotate --pins FILE` write, and `lock --pins FILE` takes."""

    version: Literal[1]
    kind: Literal["pins"]
    project: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")
    environment: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")
    tenant_id: str = Field(pattern=GUID)
    pins: list[MadeApplication] = Field(max_length=1000)
    secrets: list[MadeSecret] = Field(default=[], max_length=1000)


class OwnedApplication(DocumentPart):
    """One registration that bears a mark of this tool."""

    owner: str
    key: str
    display_name: str
    app_id: str
    id: str
    created_date_time: str | None


class OwnedDocument(DocumentPart):
    """What is ours in a tenant: `entra-config owned --format json`."""

    version: Literal[1]
    kind: Literal["owned"]
    applications: list[OwnedApplication]


class RungPart(DocumentPart):
    """One step up in permissions: what they let this tool do, and what is left to a human."""

    name: str
    permissions: list[str]
    does: str
    leaves: str


class SharedDeployer(DocumentPart):
    """A deployer that serves more than one environment of a tenant."""

    deployer: str
    environments: list[str]


class PermissionsDocument(DocumentPart):
    """The least privileges: `entra-config permissions --format json`."""

    version: Literal[1]
    kind: Literal["permissions"]
    environment: str
    least: list[str]
    shared: list[SharedDeployer]
    abuse: dict[str, str | None]
    reading: list[RungPart]
    writing: list[RungPart]


class AppRolePart(DocumentPart):
    """One app role of the manifest and who has it."""

    application: str
    role: str
    value: str | None
    allowed_for: list[Literal["User", "Application"]] = Field(alias="for")
    groups: list[str]
    users: list[str]
    applications: list[str] = Field(
        description="Applications of others; those of the project ask by `apiPermissions`."
    )


class AppRolesDocument(DocumentPart):
    """The roles of an environment: `entra-config app-role list --format json`."""

    version: Literal[1]
    kind: Literal["appRoles"]
    roles: list[AppRolePart]


class SwitchedApplication(DocumentPart):
    """The application that was stopped, or let go on."""

    key: str
    display_name: str
    app_id: str


class SwitchPart(DocumentPart):
    """One switch: what it was to be, and what became of it."""

    object: str
    property: Literal["accountEnabled", "isDisabled"]
    value: bool
    state: Literal["done", "unchanged", "unseen", "failed"]
    error: str | None


class SwitchedDocument(DocumentPart):
    """An application that was stopped or let go on: `entra-config disable` and `enable`, `--format json`."""

    version: Literal[1]
    kind: Literal["switched"]
    owner: str
    application: SwitchedApplication
    enabled: bool
    switches: list[SwitchPart]
    remarks: list[str]


class ListedCredential(DocumentPart):
    """One way to sign in as an application; never a value."""

    application: str
    object: Literal["application", "servicePrincipal"] = Field(description="Which of its two objects has it.")
    sort: Literal["secret", "certificate", "federated credential"]
    name: str
    key_id: str | None = Field(description="Null of a declared secret that is not there yet.")
    standing: Literal[
        "declared", "rotated", "accepted", "undeclared", "current", "orphan", "overlapping", "done", "missing"
    ] = Field(description="current, orphan, overlapping and done are known where sinks were asked.")
    start: str | None
    end: str | None
    place: str | None = Field(
        description="Where it is kept: a sink; of a federated credential its issuer and subject."
    )
    last_used: str | None
    due: str | None = Field(description="Why its next one is due, or why a rotation has to look at it.")


class CredentialsDocument(DocumentPart):
    """What can sign in as ours: `entra-config credentials --format json`."""

    version: Literal[1]
    kind: Literal["credentials"]
    environment: str
    uses_read: bool = Field(description="Whether the tenant told when keys were last used.")
    credentials: list[ListedCredential]


class RotatedSecret(DocumentPart):
    """What became of one secret, or of one certificate whose keys are generated."""

    application: str
    sort: Literal["secret", "certificate"]
    secret: str = Field(description="Its label in the manifest.")
    sink: str
    place: str
    made: str | None = Field(description="The key id of the new one; null where none was due.")
    ends: str | None
    signed_in: bool = Field(description="What its sink keeps signed in, in this run.")
    removed: list[str]
    key_ids: list[str] = Field(description="All that are left of it, the newest first.")


class RotationDocument(DocumentPart):
    """What a rotation did: `entra-config credentials rotate --format json`."""

    version: Literal[1]
    kind: Literal["rotation"]
    secrets: list[RotatedSecret]


DOCUMENTS: dict[str, type[BaseModel]] = {
    "plan": PlanDocument,
    "drift": DriftDocument,
    "access": AccessDocument,
    "owned": OwnedDocument,
    "permissions": PermissionsDocument,
    "app-roles": AppRolesDocument,
    "events": EventDocument,
    "lint": LintDocument,
    "pins": PinsDocument,
    "switched": SwitchedDocument,
    "credentials": CredentialsDocument,
    "rotation": RotationDocument,
    "tests": TestsDocument,
}


class _Schema(GenerateJsonSchema):
    """A schema whose parts have the names that are published."""

    def get_defs_ref(self, core_mode_ref: CoreModeRef) -> DefsRef:
        """Return the key of a part under `$defs`."""
        core, mode = core_mode_ref
        return super().get_defs_ref((CoreRef(published(core)), mode))

    def generate(self, schema: CoreSchema, mode: JsonSchemaMode = "validation") -> JsonSchemaValue:
        """Return the schema; a description is one paragraph a line, however wide the source is that it
        comes from.
        """
        found = super().generate(schema, mode)
        for part in (found, *found.get("$defs", {}).values()):
            if "description" in part:
                part["description"] = re.sub(r"(?<!\n)\n(?!\n)", " ", part["description"])
        return found


def build(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one document."""
    found = DOCUMENTS[name].model_json_schema(by_alias=True, mode="serialization", schema_generator=_Schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | found


def write(folder: Path) -> None:
    """Write every schema."""
    for name in DOCUMENTS:
        (folder / f"{name}.schema.json").write_text(
            json.dumps(build(name), indent=2) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    write(Path("docs/schemas"))
