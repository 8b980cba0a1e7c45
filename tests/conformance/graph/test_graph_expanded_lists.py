"""Lists by tag that bring one relationship of each object, and the list of all tenant-wide grants."""

import pytest

from tests.conformance.graph.steering import faults
from tests.conformance.graph_client import BASE, Graph, refused, resource, role, user_id

fact = pytest.mark.fact
UNRECORDED = "documented, not recorded"
UNSUPPORTED = "Request_UnsupportedQuery"
NO_ROLE = "00000000-0000-0000-0000-000000000000"
LISTS = {
    "applications/owners": "/applications?$filter=tags/any(t:t eq 'x')&$select=id&$expand=owners($select=id)",
    "applications/federatedIdentityCredentials": "/applications?$expand=federatedIdentityCredentials",
    "servicePrincipals/owners": "/servicePrincipals?$filter=tags/any(t:t eq 'x')&$expand=owners",
    "servicePrincipals/appRoleAssignments": "/servicePrincipals?$expand=appRoleAssignments",
    "servicePrincipals/appRoleAssignedTo": "/servicePrincipals?$expand=appRoleAssignedTo",
    "oauth2PermissionGrants": "/oauth2PermissionGrants?$filter=consentType eq 'AllPrincipals'&$top=999",
}


@fact(
    "applications by tag, each with its owners or federated credentials",
    source="application-list documentation",
    grade="D",
    verdict=UNRECORDED,
)
@pytest.mark.parametrize(
    ("expanded", "names"),
    [
        ("owners($select=id,displayName)", {"@odata.type", "id", "displayName"}),
        ("federatedIdentityCredentials", {"id", "name", "issuer", "subject", "audiences", "description"}),
    ],
)
def test_applications_with_what_they_have(graph: Graph, expanded: str, names: set[str]) -> None:
    """Without advanced headers, in pages; each application brings what it has."""
    relationship = expanded.partition("(")[0]
    owner = f"{BASE}/directoryObjects/{user_id(graph)}"
    for _ in range(3):
        app = graph.application(tags=[f"conf:{relationship}"], **{"owners@odata.bind": [owner]})
        body = {
            "name": "one",
            "issuer": "https://token.example",
            "subject": "x",
            "audiences": ["api://AzureADTokenExchange"],
        }
        assert graph.post(f"/applications/{app['id']}/federatedIdentityCredentials", body).status_code == 201
    query = f"$filter=tags/any(t:t eq 'conf:{relationship}')&$select=id&$expand={expanded}&$top=2"
    first = graph.get(f"/applications?{query}").json()
    rest = graph.get(first["@odata.nextLink"]).json()
    assert [len(page["value"]) for page in (first, rest)] == [2, 1]
    for item in (*first["value"], *rest["value"]):
        assert set(item[relationship][0]) >= names


@fact(
    "service principals by tag, each with its owners or assignments",
    source="serviceprincipal-list documentation",
    grade="D",
    verdict=UNRECORDED,
)
@pytest.mark.parametrize("relationship", ["owners", "appRoleAssignments", "appRoleAssignedTo"])
def test_principals_with_what_they_have(graph: Graph, relationship: str) -> None:
    """Without advanced headers; what is related comes as its own list has it."""
    principal = graph.principal(graph.application(tags=[f"conf:{relationship}"]))
    reader = role("Reader", allowedMemberTypes=["Application"])
    api = resource(graph, reader)
    owner = {"@odata.id": f"{BASE}/directoryObjects/{user_id(graph)}"}
    assert graph.post(f"/servicePrincipals/{principal['id']}/owners/$ref", owner).status_code == 204
    for holder, at, role_id in (
        (user_id(graph), principal["id"], NO_ROLE),
        (principal["id"], api["id"], reader["id"]),
    ):
        body = {"principalId": holder, "resourceId": at, "appRoleId": role_id}
        assert graph.post(f"/servicePrincipals/{at}/appRoleAssignedTo", body).status_code == 201
    query = f"$filter=tags/any(t:t eq 'conf:{relationship}')&$select=id&$expand={relationship}"
    (found,) = graph.get(f"/servicePrincipals?{query}").json()["value"]
    listed = graph.get(f"/servicePrincipals/{principal['id']}/{relationship}").json()["value"]
    assert found[relationship] == listed
    assert len(listed) == 1


@fact(
    "all grants for the whole tenant",
    source="oauth2permissiongrant-list documentation",
    grade="D",
    verdict=UNRECORDED,
)
def test_tenant_wide_grants(graph: Graph) -> None:
    """Grants are filtered by whom they are for."""
    client, api = (graph.principal(graph.application())["id"] for _ in range(2))
    body = {"clientId": client, "resourceId": api, "scope": "read", "principalId": None}
    assert graph.post("/oauth2PermissionGrants", body | {"consentType": "AllPrincipals"}).status_code == 201
    personal = body | {"consentType": "Principal", "principalId": user_id(graph)}
    assert graph.post("/oauth2PermissionGrants", personal).status_code == 201
    found = graph.get("/oauth2PermissionGrants?$filter=consentType eq 'AllPrincipals'&$top=999").json()[
        "value"
    ]
    assert [grant["consentType"] for grant in found if grant["clientId"] == client] == ["AllPrincipals"]
    assert {grant["consentType"] for grant in found} == {"AllPrincipals"}


@fact(
    "$expand does not go together with advanced queries",
    source="aad-advanced-queries documentation, the answer was not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    "path",
    [
        "/applications?$expand=owners&$count=true",
        '/servicePrincipals?$expand=appRoleAssignedTo&$search="displayName:conf"',
    ],
)
def test_expand_in_an_advanced_query(graph: Graph, path: str) -> None:
    """A list that asks for both is refused, not answered without what was to be expanded."""
    refused(graph.advanced(path), 400, UNSUPPORTED)


@fact("a list that Graph does not serve", source="this project", grade="C")
@pytest.mark.parametrize("name", LISTS)
def test_each_list_can_be_refused(emulated: Graph, name: str) -> None:
    """The fault `refused_lists` refuses one list, alone or in a batch, and nothing else."""
    faults(emulated, refused_lists=[name])
    for other, path in LISTS.items():
        response = emulated.get(path)
        part = emulated.batch({"method": "GET", "url": path})["1"]
        assert (response.status_code, part["status"]) == ((400, 400) if other == name else (200, 200))
    refused(emulated.get(LISTS[name]), 400, UNSUPPORTED)
    assert emulated.get("/applications?$select=id").status_code == 200
