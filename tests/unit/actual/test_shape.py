"""What an answer may look like, and what the error says where it does not."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest

from entra_config.actual.shape import check
from entra_config.errors import GraphError
from entra_config.graph.request import Request, Response

SCHEMA = json.loads(
    resources.files("entra_config.manifest")
    .joinpath("data/graph_properties.json")
    .read_text(encoding="utf-8")
)

APP: dict[str, Any] = {
    "id": "1",
    "appId": "2",
    "displayName": None,
    "tags": ["a"],
    "api": {
        "oauth2PermissionScopes": [{"id": "3", "value": None, "isEnabled": True}],
        "preAuthorizedApplications": [],
    },
    "web": None,
}


def checked(change: dict[str, Any]) -> None:
    """Check one application of a list."""
    request = Request("GET", "/applications?$filter=x&$select=id,appId,displayName")
    check(request, Response(200, headers={"request-id": "r-1"}), [APP, {**APP, **change}])


def test_what_graph_answers_passes() -> None:
    """Nulls where the reference allows them, unknown properties of any kind."""
    checked({})
    checked({"futureProperty": [{"a": 1}], "web": {"homePageUrl": None, "redirectUris": []}})


def test_the_same_name_in_another_place_is_another_property() -> None:
    """The lock of a registration that the portal made (recorded 2025-07 to 2026-06), and the id of a key."""
    locked = {"isEnabled": True, "allProperties": True, "tokenEncryptionKeyId": None, "identifierUris": False}
    key_id = "0f0f0f0f-0000-4000-8000-000000000001"
    checked({"servicePrincipalLockConfiguration": locked, "tokenEncryptionKeyId": key_id})


@pytest.mark.parametrize("type_", ["application", "servicePrincipal"])
def test_each_property_of_the_schema_passes_as_its_type(type_: str) -> None:
    """The table of properties asks nothing else of one than Microsoft's published schema says."""
    checked(sample({"type": "object", "properties": SCHEMA[type_]}) | {"id": "1", "appId": "2"})


def sample(of: dict[str, Any]) -> Any:
    """Return a value of a type of the schema; dots in a name are objects in one another."""
    value: Any = {"Boolean": True, "Int32": 1, "object": {}}.get(of["type"], "text")
    # An object comes before its parts. What this tool handles by itself has no type there.
    for path, inner in sorted(of.get("properties", {}).items()):
        if "type" not in inner:
            continue
        *outer, name = path.split(".")
        held = value
        for each in outer:
            held = held.setdefault(each, {})
        held[name] = sample(inner)
    return [value] if of.get("collection") else value


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": None}, "[1] has no id"),
        ({"appId": ""}, "[1] has no appId"),
        ({"displayName": 7}, "[1].displayName is no text"),
        ({"tags": ["a", None]}, "[1].tags is no list of strings"),
        ({"api": []}, "[1].api is no object"),
        ({"api": {"oauth2PermissionScopes": [{}]}}, "[1].api.oauth2PermissionScopes[0] has no id"),
        ({"appRoles": [{"id": "1", "isEnabled": "yes"}]}, "[1].appRoles[0].isEnabled is no boolean"),
        ({"requiredResourceAccess": "x"}, "[1].requiredResourceAccess is no list of objects"),
    ],
)
def test_what_it_cannot_answer_is_named(change: dict[str, Any], words: str) -> None:
    """The request, the place in the answer and what was expected stand in the error."""
    with pytest.raises(GraphError) as caught:
        checked(change)
    assert words in str(caught.value)
    assert "GET /applications" in str(caught.value)
    assert caught.value.request_id == "r-1"
    assert caught.value.advice
