"""The properties of a schema extension.

Types and null: microsoftgraph/msgraph-metadata, schemas/v1.0-Prod.csdl, commit f54f11b6, 2026-08-20.
"""

from entra_emulator.graph import permissions
from entra_emulator.graph.properties import Entity, Property

SCHEMA_EXTENSION = Entity(
    "schemaExtension",
    "SchemaExtension",
    "schemaExtensions",
    (
        Property("id", nullable=False, filter="eq"),
        Property("description", filter="eq"),
        Property("owner", nullable=False, filter="eq"),
        Property("properties", "Collection(extensionSchemaProperty)"),
        Property("status", nullable=False, filter="eq"),
        Property("targetTypes", "Collection(Edm.String)"),
    ),
    read=permissions.SCHEMA_READ,
    create=permissions.SCHEMA_WRITE,
    update=permissions.SCHEMA_WRITE,
    delete=permissions.SCHEMA_WRITE,
    reads=("", "/*"),
    required=("id", "properties", "targetTypes"),
)
