"""The properties of a directory extension.

Types and null: microsoftgraph/msgraph-metadata, schemas/v1.0-Prod.csdl, commit f54f11b6, 2026-08-20.
"""

from entra_emulator.graph import permissions
from entra_emulator.graph.properties import GRAPH, Entity, Property

EXTENSION_PROPERTY = Entity(
    "extensionProperty",
    "ExtensionProperty",
    "extensionProperties",
    (
        Property("id", nullable=False, set_by=GRAPH, filter="eq"),
        Property("deletedDateTime", "Edm.DateTimeOffset", set_by=GRAPH),
        Property("appDisplayName", set_by=GRAPH),
        Property("dataType", nullable=False, filter="eq"),
        Property("isMultiValued", "Edm.Boolean", nullable=False),
        Property("isSyncedFromOnPremises", "Edm.Boolean", default=False, set_by=GRAPH),
        Property("name", nullable=False, filter="eq startswith"),
        Property("targetObjects", "Collection(Edm.String)"),
    ),
    read=permissions.APPLICATION_READ,
    create=permissions.APPLICATION_WRITE,
    delete=permissions.APPLICATION_WRITE,
    reads=("", "/$count", "/*"),
    parent="applications",
    index="application",
    open=True,
    required=("name", "dataType", "targetObjects"),
)
