"""The table of `properties:`, made from Graph's schema, beside the models of msgraph-sdk: where they
differ, and who is right.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from msgraph.generated.models.application import Application
from msgraph.generated.models.service_principal import ServicePrincipal

import entra_config

TABLE = json.loads(
    (Path(entra_config.__file__).parent / "manifest/data/graph_properties.json").read_text(encoding="utf-8")
)
MODELS = {"application": Application, "servicePrincipal": ServicePrincipal}

# What the SDK reads a property with: the table's type of it.
READERS = {
    "get_str_value": "String",
    "get_bool_value": "Boolean",
    "get_int_value": "Int32",
    "get_uuid_value": "Guid",
    "get_bytes_value": "Binary",
    "get_datetime_value": "DateTimeOffset",
    "get_enum_value": "enum",
    "get_object_value": "object",
    "get_collection_of_object_values": "object[]",
    "get_collection_of_enum_values": "enum[]",
    "get_collection_of_primitive_values": "{}[]",
}
PRIMITIVES = {"str": "String", "UUID": "Guid", "bool": "Boolean", "int": "Int32"}

# The table is right: the schema has these as navigation properties, which no PATCH of the object writes. They
# are requests of their own (`owners` and `federatedCredentials` have keys in a manifest; the rest is not this
# tool's).
RELATIONSHIPS = {
    "application": "appManagementPolicies createdOnBehalfOf extensionProperties federatedIdentityCredentials "
    "homeRealmDiscoveryPolicies owners synchronization tokenIssuancePolicies tokenLifetimePolicies",
    "servicePrincipal": "appManagementPolicies appRoleAssignedTo appRoleAssignments claimsMappingPolicies "
    "createdObjects "
    "delegatedPermissionClassifications endpoints federatedIdentityCredentials homeRealmDiscoveryPolicies "
    "memberOf "
    "oauth2PermissionGrants ownedObjects owners remoteDesktopSecurityConfiguration synchronization "
    "tokenIssuancePolicies "
    "tokenLifetimePolicies transitiveMemberOf",
}
# The table is right: an enumeration of flags is one string in JSON; the SDK splits it at its commas.
FLAGS = {
    ("application", "nativeAuthenticationApisEnabled", "enum", "enum[]"),
    ("application", "requestSignatureVerification.allowedWeakAlgorithms", "enum", "enum[]"),
}


class Requested:
    """A parse node that notes how it is read."""

    def __init__(self) -> None:
        self.how, self.of = "", None

    def __getattr__(self, name: str) -> Callable[..., None]:
        def read(of: Any = None) -> None:
            self.how, self.of = name, of

        return read


def read(model: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield name, the table's word for its type, and the class of its values, of each property that a
    model reads.
    """
    for name, reader in model().get_field_deserializers().items():
        if name == "@odata.type":
            continue
        requested = Requested()
        reader(requested)
        yield (
            name,
            READERS[requested.how].format(PRIMITIVES.get(getattr(requested.of, "__name__", ""))),
            requested.of,
        )


def shape(entry: Mapping[str, Any]) -> str:
    """Return the type of an entry of the table, in one word."""
    return f"{entry['type']}{'[]' if entry.get('collection') else ''}"


def differences(
    entity: str, model: Any, table: Mapping[str, Any], prefix: str = ""
) -> Iterator[tuple[str, str, str, str]]:
    """Yield entity, property, the table's type, the SDK's type; "" where one side has not got it."""
    reported = {name: (word, of) for name, word, of in read(model)}
    names = {path.removeprefix(prefix).partition(".")[0] for path in table if path.startswith(prefix)}
    for name in sorted(names - set(reported)):
        yield entity, prefix + name, "there", ""
    for name, (word, of) in reported.items():
        path = prefix + name
        entry = table.get(path)
        if entry is None and not any(other.startswith(f"{path}.") for other in table):
            yield entity, path, "", word
        elif entry and "type" in entry and shape(entry) != word:
            yield entity, path, shape(entry), word
        elif entry and "properties" in entry:
            inner = {f"{path}.{key}": value for key, value in entry["properties"].items()}
            yield from differences(entity, of, inner, f"{path}.")
        elif any(other.startswith(f"{path}.") for other in table):
            yield from differences(entity, of, table, f"{path}.")


@pytest.mark.parametrize("entity", MODELS)
def test_table_and_models_differ_in_what_is_listed(entity: str) -> None:
    """Of more than a hundred properties, nested ones with them, each difference is in this file with who
    is right.
    """
    found = set(differences(entity, MODELS[entity], TABLE[entity]))

    # The id is no property to write: Entra gives it (the table leaves it out where it is the object's own
    # key).
    missing = {name for _, name, ours, _ in found if not ours}
    assert missing == {"id", *RELATIONSHIPS[entity].split()}
    assert {each for each in found if each[2]} == {each for each in FLAGS if each[0] == entity}


def test_a_difference_is_found() -> None:
    """A property that the table lacks, has beyond, or has with another type, on either level, is told."""
    table = {path: entry for path, entry in TABLE["application"].items() if path != "notes"}
    table |= {
        "beyond": {"type": "String"},
        "tags": {"type": "String"},
        "web.homePageUrl": {"type": "Boolean"},
    }
    found = set(differences("application", Application, table)) - FLAGS

    assert {each[1:] for each in found if each[1] not in RELATIONSHIPS["application"].split()} == {
        ("id", "", "String"),
        ("notes", "", "String"),
        ("beyond", "there", ""),
        ("tags", "String", "String[]"),
        ("web.homePageUrl", "Boolean", "String"),
    }
