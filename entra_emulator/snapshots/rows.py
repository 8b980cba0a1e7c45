"""A row of a snapshot file in; the row as Graph's schema has it, completed, or what is wrong with it, out."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from entra_emulator.graph import schema
from entra_emulator.graph.entities import ENTITIES
from entra_emulator.graph.entities.application import make_application
from entra_emulator.graph.entities.device import make_device
from entra_emulator.graph.entities.group import make_group
from entra_emulator.graph.entities.service_principal import make_service_principal
from entra_emulator.graph.entities.user import make_user
from entra_emulator.graph.errors import ODataError
from entra_emulator.identifiers import is_guid
from entra_emulator.snapshots.bounds import SnapshotFileError
from entra_emulator.table import Row

_NO_ID = "00000000-0000-0000-0000-000000000000"
_SEALED_ID = re.compile(r"[A-Za-z0-9_.~-]{1,200}", re.ASCII)
_SETS = ("includes", "excludes")
_LEFT_OUT = frozenset({"origin"})
_PRIVATE = "PRIVATE KEY-----"


@dataclass(frozen=True)
class RowShape:
    """What the rows of a table have: Graph's type, what is there at least, and the emulator's own."""

    kind: str
    # What a row without a property gets; what has no default is asked for.
    defaults: Callable[[], Row] = dict
    required: frozenset[str] = frozenset({"id"})
    own: frozenset[str] = frozenset()
    guid: bool = True
    # Relationships that are kept in the row.
    inside: frozenset[str] = field(default_factory=frozenset)


def _names(text: str) -> frozenset[str]:
    return frozenset(("id", *text.split()))


SHAPES: dict[str, RowShape] = {
    **{
        entity.table: RowShape(entity.name, entity.make, frozenset({"id", *entity.required}))
        for entity in ENTITIES
        if entity.create
    },
    "applications": RowShape(
        "application",
        lambda: make_application(_NO_ID, _NO_ID, "2025-01-01T00:00:00Z", ""),
        _names("appId displayName"),
        _names("_creator _extensions _logo"),
    ),
    "servicePrincipals": RowShape(
        "servicePrincipal",
        lambda: make_service_principal(_NO_ID, _NO_ID, None, _NO_ID),
        _names("appId displayName"),
        _names("_creator _extensions _tags"),
    ),
    "groups": RowShape(
        "group", lambda: make_group(_NO_ID, ""), _names("displayName"), _names("_creator _extensions")
    ),
    "users": RowShape(
        "user", lambda: make_user(_NO_ID, "", "", ""), _names("userPrincipalName"), _names("_extensions")
    ),
    "devices": RowShape(
        "device", lambda: make_device(_NO_ID, _NO_ID, ""), _names("deviceId"), _names("_extensions")
    ),
    "appRoleAssignments": RowShape(
        "appRoleAssignment",
        required=_names(
            "appRoleId principalId principalType principalDisplayName resourceId resourceDisplayName"
        ),
        guid=False,
    ),
    "oauth2PermissionGrants": RowShape(
        "oAuth2PermissionGrant",
        required=_names("clientId consentType principalId resourceId scope"),
        guid=False,
    ),
    "federatedIdentityCredentials": RowShape(
        "federatedIdentityCredential",
        required=_names("name issuer subject description audiences _application"),
        own=_names("_application"),
    ),
    "extensionProperties": RowShape(
        "extensionProperty",
        required=_names("appDisplayName dataType isMultiValued name targetObjects _application"),
        own=_names("_application"),
    ),
    "classifications": RowShape(
        "delegatedPermissionClassification",
        required=_names("permissionId permissionName classification _principal"),
        own=_names("_principal"),
        guid=False,
    ),
    "permissionGrantPolicies": RowShape(
        "permissionGrantPolicy",
        required=_names("displayName description includes excludes"),
        guid=False,
        inside=frozenset(_SETS),
    ),
    "appManagementPolicies": RowShape(
        "appManagementPolicy", required=_names("description displayName isEnabled restrictions")
    ),
    "schemaExtensions": RowShape(
        "schemaExtension", required=_names("description owner properties status targetTypes"), guid=False
    ),
    "audit": RowShape(
        "directoryAudit",
        required=_names(
            "category correlationId result resultReason activityDisplayName activityDateTime loggedByService "
            "operationType initiatedBy targetResources additionalDetails"
        ),
        guid=False,
    ),
}
# What a deleted object keeps to be restored with.
_PARKED = {"_assignments": "appRoleAssignments", "_grants": "oauth2PermissionGrants"}
# Complex properties that some objects have as null: `info` of a managed identity (after_if_null in its row).
_SEEN_NULL = {(entity.name, row.name) for entity in ENTITIES for row in entity.rows if row.after_if_null}
TABLE_OF = {entity.name: entity.table for entity in ENTITIES if entity.restorable}


def checked(table: str, row: Any, where: str) -> Row:
    """Return a row with all that its table expects; SnapshotFileError says where and what is wrong."""
    if not isinstance(row, dict):
        raise SnapshotFileError(where, "is no object")
    if table != "deletedItems":
        return _row(SHAPES[table], row, where)
    inner = TABLE_OF.get(str(row.get("_type")))
    if inner is None:
        raise SnapshotFileError(f"{where}._type", f"is none of {', '.join(TABLE_OF)}")
    if row.get("deletedDateTime") is None:
        raise SnapshotFileError(f"{where}.deletedDateTime", "says no time, and a deleted object has one")
    parked = {name: row[name] for name in _PARKED if name in row}
    found = _row(SHAPES[inner], {k: v for k, v in row.items() if k not in {"_type", *_PARKED}}, where)
    for name, value in parked.items():
        rows = list_of(value, f"{where}.{name}")
        found[name] = [checked(_PARKED[name], each, f"{where}.{name}[{n}]") for n, each in enumerate(rows)]
    return {**found, "_type": row["_type"]}


def _row(shape: RowShape, row: Row, where: str) -> Row:
    if lacking := sorted(shape.required - row.keys()):
        raise SnapshotFileError(where, f"lacks {', '.join(lacking)}")
    row_id = row["id"]
    if not isinstance(row_id, str) or not (
        (is_guid(row_id) and row_id == row_id.lower()) if shape.guid else _SEALED_ID.fullmatch(row_id)
    ):
        raise SnapshotFileError(f"{where}.id", f"is no id: {str(row_id)[:80]!r}")
    defaults = _defaults(shape.kind)
    found = {name: _property(shape, name, value, f"{where}.{name[:80]}") for name, value in row.items()}
    return {**defaults, **found}


@cache
def _defaults(kind: str) -> Row:
    return next(shape.defaults() for shape in SHAPES.values() if shape.kind == kind)


def _property(shape: RowShape, name: str, value: Any, where: str) -> Any:
    """Return a value with all that its type has, so that no reader misses a part of it."""
    _refuse_secrets(name, value, where)
    default = _defaults(shape.kind).get(name)
    if name in shape.own or name in shape.inside:
        return _own(name, value, where)
    declared = schema.types()[shape.kind].properties.get(name)
    if declared is None:
        if name not in _defaults(shape.kind):
            raise SnapshotFileError(where, f"is no property of {shape.kind}")
        if value is not None and default is not None and type(value) is not type(default):
            raise SnapshotFileError(where, f"cannot be {str(value)[:80]!r}")
        return value
    if value is None:
        complex_value = isinstance(default, list | dict) and (shape.kind, name) not in _SEEN_NULL
        if complex_value or (name in shape.required and not declared.nullable):
            raise SnapshotFileError(where, "cannot be null")
        return None
    found = _as_graph_has_it(shape.kind, name, value, where)
    return {**default, **found} if isinstance(default, dict) else found


def _as_graph_has_it(kind: str, name: str, value: Any, where: str) -> Any:
    try:
        return _as_given(value, schema.check(kind, {name: value})[name])
    except ODataError as error:
        raise SnapshotFileError(where, f"is none as Graph has it: {error.message}") from error


def _as_given(given: Any, complete: Any) -> Any:
    """Take from a completed value what rows go without."""
    if isinstance(given, list) and isinstance(complete, list):
        return [_as_given(*pair) for pair in zip(given, complete, strict=True)]
    if isinstance(given, dict) and isinstance(complete, dict):
        kept = (name for name in complete if name in given or name not in _LEFT_OUT)
        return {name: _as_given(given.get(name), complete[name]) for name in kept}
    return complete


def _own(name: str, value: Any, where: str) -> Any:
    kind: Any = dict if name == "_extensions" else list if name in {"_tags", *_SETS} else str
    if not isinstance(value, kind):
        raise SnapshotFileError(where, f"cannot be {str(value)[:80]!r}")
    if name in _SETS:
        return [_set(each, f"{where}[{number}]") for number, each in enumerate(value)]
    if name == "_tags" and not all(isinstance(each, str) for each in value):
        raise SnapshotFileError(where, "is no list of texts")
    return value


def _set(value: Any, where: str) -> Row:
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        raise SnapshotFileError(where, "is no condition set")
    kind = "permissionGrantConditionSet"
    return {name: _as_graph_has_it(kind, name, each, f"{where}.{name}") for name, each in value.items()}


def _refuse_secrets(name: str, value: Any, where: str) -> None:
    """Refuse a password or a private key in clear, wherever it hides: a snapshot holds hashes."""
    if isinstance(value, str) and _PRIVATE in value:
        raise SnapshotFileError(where, "holds a private key")
    if name in {"secretText", "password"} and value is not None:
        raise SnapshotFileError(where, "holds a password in clear; a snapshot has hashes alone")
    if isinstance(value, dict):
        for inner, each in value.items():
            _refuse_secrets(inner, each, f"{where}.{inner[:80]}")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            _refuse_secrets("", each, f"{where}[{number}]")


def list_of(value: Any, where: str) -> list[Any]:
    """Return a value that has to be a list."""
    if not isinstance(value, list):
        raise SnapshotFileError(where, "is no list")
    return value
