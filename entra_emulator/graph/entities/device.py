"""The properties of a device.

Types and null: microsoftgraph/msgraph-metadata, schemas/v1.0-Prod.csdl, commit f54f11b6, 2026-08-20.
"""

from entra_emulator.graph import permissions
from entra_emulator.graph.properties import ADVANCED, GRAPH, Entity, Property
from entra_emulator.table import Row


def make_device(row_id: str, device_id: str, created: str) -> Row:
    """Make a device: one that a person registered, without management."""
    return DEVICE.make(id=row_id, deviceId=device_id, registrationDateTime=created)


DEVICE = Entity(
    "device",
    "Device",
    "devices",
    (
        Property("id", nullable=False, set_by=GRAPH, filter="eq in"),
        Property("deletedDateTime", "Edm.DateTimeOffset", set_by=GRAPH),
        Property("accountEnabled", "Edm.Boolean", filter="eq in"),
        Property(
            "approximateLastSignInDateTime",
            "Edm.DateTimeOffset",
            set_by=GRAPH,
            filter="eq ge le",
            order=ADVANCED,
        ),
        Property("complianceExpirationDateTime", "Edm.DateTimeOffset", set_by=GRAPH),
        Property("deviceCategory", set_by=GRAPH),
        Property("deviceId", set_by=GRAPH, filter="eq in", key=True),
        Property("deviceMetadata"),
        Property("deviceOwnership", set_by=GRAPH),
        Property("deviceVersion", "Edm.Int32"),
        Property("displayName", filter="eq in startswith ge le", order=ADVANCED),
        Property("enrollmentProfileName", set_by=GRAPH),
        Property("enrollmentType", set_by=GRAPH),
        Property("isCompliant", "Edm.Boolean", filter="eq"),
        Property("isManaged", "Edm.Boolean", filter="eq"),
        Property("isManagementRestricted", "Edm.Boolean", set_by=GRAPH),
        Property("isRooted", "Edm.Boolean", set_by=GRAPH),
        Property("managementType", set_by=GRAPH),
        Property("manufacturer", set_by=GRAPH),
        Property("mdmAppId", set_by=GRAPH, filter="eq in"),
        Property("model", set_by=GRAPH),
        Property("onPremisesLastSyncDateTime", "Edm.DateTimeOffset", set_by=GRAPH, filter="eq ge le"),
        Property("onPremisesSecurityIdentifier", set_by=GRAPH, filter="eq in"),
        Property("onPremisesSyncEnabled", "Edm.Boolean", set_by=GRAPH, filter="eq"),
        Property("operatingSystem", filter="eq in startswith ge le"),
        Property("operatingSystemVersion", filter="eq in startswith ge le"),
        Property("physicalIds", "Collection(Edm.String)", filter="eq", inside={"$count": ADVANCED}),
        Property("profileType", default="RegisteredDevice", filter="eq in"),
        Property("registrationDateTime", "Edm.DateTimeOffset", set_by=GRAPH, filter=ADVANCED),
        Property("systemLabels", "Collection(Edm.String)", inside={"$count": ADVANCED}),
        Property("trustType", default="Workplace", set_by=GRAPH, filter="eq in"),
        Property(
            "alternativeSecurityIds",
            "Collection(alternativeSecurityId)",
            inside={"any/type": "eq", "any/identityProvider": ADVANCED},
        ),
    ),
    read=permissions.DEVICE_READ,
    create=permissions.DEVICE_REGISTER,
    update=permissions.DEVICE_WRITE,
    delete=permissions.DEVICE_DELETE,
    navigation=frozenset(
        ["extensions", "memberOf", "registeredOwners", "registeredUsers", "transitiveMemberOf"]
    ),
    searchable=True,
    required=(
        "accountEnabled",
        "alternativeSecurityIds",
        "deviceId",
        "displayName",
        "operatingSystem",
        "operatingSystemVersion",
    ),
    extensible=True,
    phrase="device",
    category="Device",
)
