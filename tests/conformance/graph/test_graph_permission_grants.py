"""Delegated permission grants: their ids, those for all and those per user, pages of them."""

import base64
import uuid

import pytest

from tests.conformance.graph_client import Graph, refused, resource, user_id

fact = pytest.mark.fact


@fact("grants: shape, deterministic id", source="AZ-GRANT", grade="R")
def test_grant(graph: Graph) -> None:
    """A grant has six properties; deleted and made again it has the same id, derived from both ends."""
    client, target = resource(graph), resource(graph)
    body = {
        "clientId": client["id"],
        "consentType": "AllPrincipals",
        "principalId": None,
        "resourceId": target["id"],
    }
    first = graph.post("/oauth2PermissionGrants", {**body, "scope": "b a"})
    assert first.status_code == 201
    made = {name: value for name, value in first.json().items() if name[0] != "@"}
    assert sorted(made) == ["clientId", "consentType", "id", "principalId", "resourceId", "scope"]
    assert made["scope"] == "b a"
    raw = uuid.UUID(client["id"]).bytes_le + uuid.UUID(target["id"]).bytes_le
    assert made["id"] == base64.urlsafe_b64encode(raw).decode().rstrip("=")
    assert graph.patch(f"/oauth2PermissionGrants/{made['id']}", {"scope": "c"}).status_code == 204
    listed = graph.get(f"/oauth2PermissionGrants?$filter=clientId eq '{client['id']}'").json()["value"]
    assert [item["scope"] for item in listed] == ["c"]
    assert graph.delete(f"/oauth2PermissionGrants/{made['id']}").status_code == 204
    assert graph.post("/oauth2PermissionGrants", {**body, "scope": "d"}).json()["id"] == made["id"]


@fact("a grant for all and one per user coexist", source="azure-cli#20974", grade="R")
def test_grant_of_user(graph: Graph) -> None:
    """A user's grant has an id of 48 bytes, beside the one for all."""
    client, target = resource(graph), resource(graph)
    body = {"clientId": client["id"], "resourceId": target["id"], "scope": "user.read"}
    graph.post("/oauth2PermissionGrants", {**body, "consentType": "AllPrincipals"})
    own = graph.post(
        "/oauth2PermissionGrants", {**body, "consentType": "Principal", "principalId": user_id(graph)}
    )
    assert own.status_code == 201
    assert len(own.json()["id"]) == 64
    assert len(graph.get(f"/servicePrincipals/{client['id']}/oauth2PermissionGrants").json()["value"]) == 2
    of_user = graph.get(f"/users/{user_id(graph)}/oauth2PermissionGrants").json()["value"]
    assert [item["id"] for item in of_user] == [own.json()["id"]]
    assert graph.get(f"/servicePrincipals/{target['id']}/oauth2PermissionGrants").json()["value"] == []
    body_of_nobody = {**body, "consentType": "Principal"}
    assert graph.post("/oauth2PermissionGrants", body_of_nobody).status_code == 400


@fact("a client's grants come in pages", source="paging documentation", grade="D")
def test_pages_of_grants(graph: Graph) -> None:
    """Each grant once, and none is left out, in whatever order they were made."""
    client = resource(graph)
    ends = sorted((resource(graph)["id"] for _ in range(3)), key=lambda each: uuid.UUID(each).bytes_le)
    body = {"clientId": client["id"], "consentType": "AllPrincipals", "scope": "a"}
    made = [graph.post("/oauth2PermissionGrants", {**body, "resourceId": end}).json() for end in ends[::-1]]
    found, path = [], f"/servicePrincipals/{client['id']}/oauth2PermissionGrants?$top=1"
    while path:
        page = graph.get(path).json()
        found += [row["id"] for row in page["value"]]
        path = page.get("@odata.nextLink", "")
    assert sorted(found) == sorted(row["id"] for row in made)


@fact("grant that exists is 409", source="terraform-provider-azuread#690", grade="R")
def test_grant_twice(graph: Graph) -> None:
    """A second grant of the same ends is a conflict."""
    client, target = resource(graph), resource(graph)
    body = {
        "clientId": client["id"],
        "consentType": "AllPrincipals",
        "resourceId": target["id"],
        "scope": "a",
    }
    graph.post("/oauth2PermissionGrants", body)
    code = "Request_MultipleObjectsWithSameKeyValue"
    refused(graph.post("/oauth2PermissionGrants", body), 409, code, "Permission entry already exists.")
