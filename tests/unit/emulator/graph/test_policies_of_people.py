"""How permissions are classified, what Microsoft recommends, and the description of all routes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from entra_emulator.graph import description
from entra_emulator.graph.call import CollectionResponse
from entra_emulator.graph.routes import ROUTER
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import V1, World, short

CONTEXT = f"{V1}/$metadata#"


def found(response: CollectionResponse) -> Row:
    """Return the body of a response that is no refusal."""
    assert response.status == 200, short(response)
    return response.body or {}


SCOPE = "aaaaaaaa-0000-4000-8000-000000000001"


def api() -> tuple[World, Row, str]:
    """Return a world with an API that has scopes, and where their classes are."""
    made = World()
    scopes = [{"id": SCOPE, "value": "read"}, {"id": SCOPE[:-1] + "2", "value": "write"}]
    row = made.principal("API", api={"oauth2PermissionScopes": scopes})
    return made, row, f"/servicePrincipals/{row['id']}/delegatedPermissionClassifications"


MISSING = (
    "400 Request_BadRequest: A value is required for property '{}' of resource "
    "'DelegatedPermissionClassification'."
)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"classification": None}, MISSING.format("classification")),
        ({"permissionId": None}, MISSING.format("permissionId")),
        (
            {"permissionId": "x"},
            "400 Request_BadRequest: Permission 'x' was not found on the service principal.",
        ),
    ],
)
def test_what_a_class_is_of(sent: Row, expected: str) -> None:
    """Hold that it is of a permission of the API."""
    made, _, path = api()
    assert made.short("POST", path, {"permissionId": SCOPE, "classification": "low", **sent}) == expected


@pytest.mark.parametrize(
    ("name", "days", "impacted"),
    [
        ("passwordCredentials", 0, True),
        ("passwordCredentials", 30, True),
        ("keyCredentials", 15, True),
        ("passwordCredentials", -0.001, False),
        ("keyCredentials", 30.001, False),
        ("keyCredentials", None, False),
    ],
)
def test_credentials_that_end_soon(name: str, days: float | None, impacted: bool) -> None:
    """Hold that beta recommends to renew what ends within a month, and has not ended yet."""
    made = World()
    end = None if days is None else (made.clock.now() + timedelta(days=days)).isoformat()
    app = made.app("App", **{name: [{"endDateTime": None}, {"endDateTime": end}]})
    row_id = f"{made.tenant.tenant_id}_Microsoft.Identity.IAM.Insights.ApplicationCredentialExpiry"
    path, context = "/directory/recommendations", CONTEXT.replace("v1.0", "beta")
    recommended: dict[str, Any] = {
        "id": row_id,
        "recommendationType": "applicationCredentialExpiry",
        "displayName": "Renew expiring application credentials",
        "priority": "high",
        "status": "active",
        "impactType": "apps",
    }
    assert found(made.get(path, version="beta")) == {
        "@odata.context": f"{context}directory/recommendations",
        "value": [recommended] * impacted,
    }
    resource = {"id": app["appId"], "subjectId": app["appId"], "displayName": "App"}
    of_it = f"{path}/{row_id}/impactedResources"
    assert found(made.get(of_it, version="beta")) == {
        "@odata.context": f"{context}directory/recommendations('{row_id}')/impactedResources",
        "value": [{**resource, "resourceType": "app", "status": "active"}] * impacted,
    }
    assert made.short("GET", f"{path}/x/impactedResources", version="beta").startswith("404 ")
    for target in (path, of_it):
        text = "400 BadRequest: Resource not found for the segment 'recommendations'."
        assert made.short("GET", target) == text


def test_the_description_of_all_routes() -> None:
    """Hold that each has its keys, a read its options, and a write its body."""
    document = description.describe(ROUTER)
    paths = document["paths"]
    operations = {(method.upper(), path) for path, of_path in paths.items() for method in of_path}
    assert len(operations) == len({(m, t.replace("*", "{}")) for m, t in ROUTER.templates()})
    read = paths["/v1.0/groups/{key1}/members/{key2}/$ref"]["delete"]
    key = {"in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    assert read["parameters"] == [{"name": "key1", **key}, {"name": "key2", **key}]
    listed = paths["/v1.0/users"]["get"]
    assert [each["name"] for each in listed["parameters"]] == [
        "$filter", "$select", "$expand", "$orderby", "$search", "$top", "$count", "$skiptoken",
        "ConsistencyLevel",
    ]  # fmt: skip
    assert ["requestBody" in paths["/v1.0/users"][method] for method in ("get", "post")] == [False, True]
    assert "requestBody" in paths["/v1.0/users/{key1}"]["patch"]
    assert "requestBody" not in paths["/v1.0/users/{key1}"]["delete"]
    assert list(listed["responses"]) == ["200", "201", "204", "4XX"]
    assert document["security"] == [{"bearer": []}]
