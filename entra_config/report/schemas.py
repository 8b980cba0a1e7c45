"""Make the JSON Schema of each document."""

from __future__ import annotations

import pkgutil
import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import (
    CoreModeRef,
    CoreRef,
    DefsRef,
    GenerateJsonSchema,
    JsonSchemaMode,
    JsonSchemaValue,
)
from pydantic_core import CoreSchema

from entra_config.documents import published
from entra_config.pinning.document import PinsDocument
from entra_config.report.access_document import AccessDocument, AppRolesDocument, PermissionsDocument
from entra_config.report.credentials_document import CredentialsDocument, RotationDocument
from entra_config.report.document import PlanDocument, TestsDocument
from entra_config.report.drift_document import DriftDocument
from entra_config.report.event_document import EventDocument
from entra_config.report.lint_document import LintDocument
from entra_config.report.list_document import ListDocument, SwitchedDocument
from entra_config.snapshot.document import SnapshotDocument

# Those of the fleet are above this package: each is imported when its schema is built.
DOCUMENTS: dict[str, type[BaseModel] | str] = {
    "plan": PlanDocument,
    "drift": DriftDocument,
    "fleet": "entra_fleet.report.document:FleetDocument",
    "fleet-result": "entra_fleet.report.document:FleetResultDocument",
    "fleet-report": "entra_fleet.report.document:FleetReportDocument",
    "fleet-approval": "entra_fleet.report.approval_document:FleetApprovalDocument",
    "fleet-check": "entra_fleet.report.approval_document:FleetCheckDocument",
    "access": AccessDocument,
    "list": ListDocument,
    "permissions": PermissionsDocument,
    "app-roles": AppRolesDocument,
    "events": EventDocument,
    "lint": LintDocument,
    "pins": PinsDocument,
    "switched": SwitchedDocument,
    "credentials": CredentialsDocument,
    "rotation": RotationDocument,
    "snapshot": SnapshotDocument,
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
    found = DOCUMENTS[name]
    document: type[BaseModel] = pkgutil.resolve_name(found) if isinstance(found, str) else found
    schema = document.model_json_schema(by_alias=True, mode="serialization", schema_generator=_Schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema
