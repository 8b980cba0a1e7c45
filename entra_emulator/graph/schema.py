"""Bodies against Graph's published schema: JSON in, checked and completed values out."""

import json
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from importlib import resources
from typing import Any

from entra_emulator.clock import in_utc, is_stamp
from entra_emulator.graph.entities import ENTITIES
from entra_emulator.graph.errors import ODataError, bad_request
from entra_emulator.graph.properties import Entity, GraphType, Property
from entra_emulator.identifiers import is_guid

# What only the beta endpoint has of types that have no table of properties.
BETA: Mapping[str, Mapping[str, tuple[str, bool, bool]]] = {
    "appManagementApplicationConfiguration": {"audiences": ("audiencesConfiguration", False, True)},
    "customAppManagementApplicationConfiguration": {"audiences": ("audiencesConfiguration", False, True)},
    "keyCredentialConfiguration": {
        "certificateBasedApplicationConfigurationIds": ("Edm.String", True, False)
    },
    "organization": {"directorySizeQuota": ("directorySizeQuota", False, True)},
    # Of the type that is derived from it.
    "customSecurityAttributeExemption": {"value": ("Edm.String", False, True)},
}
# Types that only the beta endpoint has (audiencesConfiguration, audienceRestriction, directorySizeQuota
# documentation).
_RESTRICTION = {
    "excludeActors": ("appManagementPolicyActorExemptions", False, True),
    "isStateSetByMicrosoft": ("Edm.Boolean", False, False),
    "restrictForAppsCreatedAfterDateTime": ("Edm.DateTimeOffset", False, True),
    "state": ("appManagementRestrictionState", False, False),
}
_BETA_TYPES: Mapping[str, Mapping[str, tuple[str, bool, bool]]] = {
    "audienceRestriction": _RESTRICTION,
    "audiencesConfiguration": {
        "azureAdMultipleOrgs": ("audienceRestriction", False, True),
        "personalMicrosoftAccount": ("audienceRestriction", False, True),
    },
    "federatedIdentityExpression": {
        "languageVersion": ("Edm.Int32", False, False),
        "value": ("Edm.String", False, False),
    },
    # With the properties of the types that are derived from it.
    "signInAudienceRestrictionsBase": {
        "kind": ("Edm.String", False, True),
        "allowedTenantIds": ("Edm.String", True, False),
        "isHomeTenantAllowed": ("Edm.Boolean", False, True),
    },
    "directorySizeQuota": {"total": ("Edm.Int32", False, True), "used": ("Edm.Int32", False, True)},
}
# Properties that answers have and the schema lacks: in 13 manifests and answers, 2024-10 to 2026-09.
_UNPUBLISHED: Mapping[str, Mapping[str, tuple[str, bool, bool]]] = {
    "servicePrincipalLockConfiguration": {"identifierUris": ("Edm.Boolean", False, True)}
}
# The order of answers where it is not the schema's (azure-cli recordings of 2022-06, 2024-09 and 2024-11; the
# lock as above).
_ORDERS = {
    "requiredResourceAccess": ("resourceAppId", "resourceAccess"),
    "servicePrincipalLockConfiguration": (
        "isEnabled",
        "allProperties",
        "credentialsWithUsageVerify",
        "credentialsWithUsageSign",
        "identifierUris",
        "tokenEncryptionKeyId",
    ),
}
# What a property that is never null has before it is set (.NET's defaults; not seen).
_NEVER_NULL = {"Edm.DateTimeOffset": "0001-01-01T00:00:00Z", "Edm.Int32": 0, "mdmAuthority": "unknown"}
_DERIVED = {"signInAudienceRestrictionsBase": ("allowedTenantsAudience", "unrestrictedAudience")}
_BETA_ENUMS = {"appKeyCredentialRestrictionType": frozenset({"trustedCertificateAuthority"})}
# The type of a list of mixed directory objects: a property of any of theirs can be asked for.
ANY_OBJECT = "directoryObject*"
# A moment has a day, a time and what zone it is of.
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,12})?)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE
)


@cache
def types() -> dict[str, GraphType | Entity]:
    """Return every type: the entities with their tables, and what the published schema has besides."""
    text = resources.files("entra_emulator").joinpath("data/graph_schema.json").read_text(encoding="utf-8")
    found: dict[str, GraphType | Entity] = {
        name: GraphType(
            name,
            _properties(name, data.get("properties", {})),
            frozenset(data.get("navigation", ())),
            data.get("open", False),
            frozenset(data.get("enum", ())) | _BETA_ENUMS.get(name, frozenset()),
        )
        for name, data in json.loads(text)["types"].items()
    }
    found |= {name: GraphType(name, _read_properties(declared)) for name, declared in _BETA_TYPES.items()}
    found |= {entity.name: entity for entity in ENTITIES}
    several = [found[name] for name in ("application", "device", "servicePrincipal", "group", "user")]
    every = {name: prop for each in several for name, prop in each.properties.items()}
    found[ANY_OBJECT] = GraphType("directoryObject", every)
    return found


def entity_of(type_name: str) -> Entity | None:
    """Return the table of an entity type; None for a type that has none."""
    found = types().get(type_name)
    return found if isinstance(found, Entity) else None


def only_beta(type_name: str) -> AbstractSet[str]:
    """Return the properties of a type that only the beta endpoint has."""
    known = entity_of(type_name)
    return known.beta if known is not None else BETA.get(type_name, {}).keys()


def _properties(type_name: str, published: Mapping[str, Any]) -> dict[str, Property]:
    """Return the properties of a type in the order of answers."""
    declared = {**published, **BETA.get(type_name, {}), **_UNPUBLISHED.get(type_name, {})}
    return _read_properties({name: declared[name] for name in _ORDERS.get(type_name, declared)})


def _read_properties(declared: Mapping[str, Any]) -> dict[str, Property]:
    return {
        name: Property(name, f"Collection({kind})" if collection else kind, nullable)
        for name, (kind, collection, nullable) in declared.items()
    }


def check(type_name: str, body: dict[str, Any]) -> dict[str, Any]:
    """Check the properties of an entity and complete its values; annotations and binds are left out.

    Unknown properties are refused: at the top by name, inside a complex type without one.
    """
    declared = types()[type_name].properties
    checked: dict[str, Any] = {}
    for name, value in body.items():
        if "@" in name:
            continue
        prop = declared.get(name)
        if prop is None:
            # PnP-Sites-Core#1807
            raise bad_request(f"Invalid property '{name}'.")
        checked[name] = _value(prop, value)
    return checked


@cache
def spellings(type_name: str) -> dict[str, str]:
    """Give the names of a type's properties and relationships by their lower-case form: case means nothing
    in a request.
    """
    graph_type = types()[type_name]
    return {name.casefold(): name for name in (*graph_type.properties, *graph_type.navigation)}


def spelled(type_name: str, body: dict[str, Any]) -> dict[str, Any]:
    """Write the top-level names of a body as the type spells them, those of annotations too; a name given
    twice is refused.
    """
    graph_type = types()[type_name]
    known: dict[str, Any] = {}
    for given, value in body.items():
        name, at, annotation = given.partition("@")
        if name and name not in graph_type.properties:
            name = spellings(type_name).get(name.casefold(), name)
        full = f"{name}@{annotation.casefold()}" if at else name
        if full in known:
            raise bad_request(
                f"A property with name '{name}' was found more than once in the request body.", "BadRequest"
            )
        known[full] = value
    if "@odata.type" in known:
        _check_named(type_name, known["@odata.type"])
    return known


def _check_named(type_name: str, named: Any) -> None:
    """Refuse the name of another type than the one that stands there; types have no case here either."""
    if not isinstance(named, str) or not named:
        text = f"The 'odata.type' instance annotation value '{named}' is not a valid type name."
        raise bad_request(
            f"{text} The value of the 'odata.type' instance annotation must be a non-empty string.",
            "BadRequest",
        )
    folded = named.removeprefix("#").casefold()
    fitting = (type_name, *_DERIVED.get(type_name, ()))
    if folded in {f"microsoft.graph.{name}".casefold() for name in fitting}:
        return
    if folded in {f"microsoft.graph.{name}".casefold() for name in types()}:
        text = (
            f"A resource with type '{named.removeprefix('#')}' was found, but it is not assignable to "
            "the expected type"
        )
        more = (
            "Make sure that the type specified in the payload is equal to either the expected type or a "
            "derived type."
        )
        raise bad_request(f"{text} 'microsoft.graph.{type_name}'. {more}")
    # msgraph-beta-sdk-dotnet#523
    raise bad_request(
        f"A type named '{named}' could not be resolved by the model. When a model is available, each type "
        "name must resolve to "
        "a valid type."
    )


def blank(type_name: str, name: str) -> Any:
    """Give the value of a property that was never set."""
    prop = types()[type_name].properties.get(name)
    if prop is None:
        return None
    if not prop.collection and not prop.nullable and prop.type in _NEVER_NULL:
        return _NEVER_NULL[prop.type]
    return prop.empty


def is_stream(type_name: str, name: str) -> bool:
    """Return True for a property that is read by its own path, and is in no object."""
    prop = types()[type_name].properties.get(name)
    return prop is not None and prop.type == "Edm.Stream"


def complete(type_name: str, value: dict[str, Any]) -> dict[str, Any]:
    """Give a complex value with every property, absent ones with their default."""
    declared = types()[type_name].properties
    return {name: value.get(name, prop.empty) for name, prop in declared.items()}


def _value(prop: Property, value: Any) -> Any:
    if value is None:
        # Clients send explicit nulls for what they leave alone (terraform-provider-azuread).
        return prop.empty
    if prop.collection:
        if not isinstance(value, list):
            raise _conversion(f"Collection({prop.type})")
        return [_single(prop.type, item, inside=True) for item in value]
    return _single(prop.type, value, inside=False)


def _single(type_name: str, value: Any, *, inside: bool) -> Any:
    """Check one value. Elements of collections are completed, single complex values are merged by the
    caller.
    """
    if type_name.startswith("Edm."):
        return _primitive(type_name, value)
    graph_type = types().get(type_name)
    if graph_type is None:
        return value
    if graph_type.enum:
        if not isinstance(value, str) or not set(value.split(",")) <= graph_type.enum:
            raise _conversion(f"microsoft.graph.{type_name}")
        return value
    if not isinstance(value, dict):
        raise _conversion(f"microsoft.graph.{type_name}")
    checked: dict[str, Any] = {}
    for name, item in spelled(type_name, value).items():
        if "@" in name:
            continue
        prop = graph_type.properties.get(name)
        if prop is None:
            if graph_type.open:
                checked[name] = item
                continue
            # microsoft-graph-docs#16069
            raise bad_request("Unexpected contents in request body.")
        checked[name] = _value(prop, item)
    return complete(type_name, checked) if inside else checked


def _primitive(type_name: str, value: Any) -> Any:
    match type_name:
        case "Edm.Boolean":
            fits = isinstance(value, bool)
        case "Edm.Int32":
            fits = isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31
        case "Edm.DateTimeOffset":
            fits = isinstance(value, str) and _MOMENT.fullmatch(value) is not None and is_stamp(value)
        case "Edm.Guid":
            fits = isinstance(value, str) and is_guid(value)
        case _:
            fits = isinstance(value, str)
    if not fits:
        raise _conversion(type_name)
    if type_name != "Edm.DateTimeOffset":
        return value
    try:
        return in_utc(value)
    except ValueError as error:
        raise _conversion(type_name) from error


def _conversion(type_name: str) -> ODataError:
    # microsoft-graph-docs#11760; the code was not seen.
    text = (
        f"Cannot convert a primitive value to the expected type '{type_name}'. See the inner exception "
        "for more details."
    )
    return bad_request(text)
