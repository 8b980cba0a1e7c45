"""A user's manager and reports, and managers of managers."""

import pytest

from tests.conformance.graph_client import BASE, Graph, refused

fact = pytest.mark.fact


@fact("a user's manager", source="user-list-manager, user-post-manager documentation", grade="D")
def test_manager(graph: Graph, alice: str) -> None:
    """A manager is put, read, expanded and removed; without one the answer is 404."""
    refused(
        graph.get(f"{alice}/manager"), 404, "Request_ResourceNotFound", "Resource 'manager' does not exist"
    )
    refused(graph.delete(f"{alice}/manager/$ref"), 404, "Request_ResourceNotFound")
    people = {
        item["displayName"]: item["id"] for item in graph.get("/users?$select=id,displayName").json()["value"]
    }
    for name in ("Bob Baker", "Grace Green"):
        link = {"@odata.id": f"https://graph.microsoft.com/v1.0/users/{people[name]}"}
        assert graph.send("PUT", f"{alice}/manager/$ref", link).status_code == 204
    manager = graph.get(f"{alice}/manager?$select=id,displayName").json()
    assert (manager["@odata.type"], manager["id"]) == ("#microsoft.graph.user", people["Grace Green"])
    assert graph.get(f"/users/{people['Bob Baker']}/directReports").json()["value"] == []
    reports = graph.get(f"/users/{people['Grace Green']}/directReports").json()["value"]
    assert [item["displayName"] for item in reports] == ["Alice Archer"]
    assert people["Grace Green"] in graph.get(f"{alice}/manager/$ref").json()["@odata.id"]
    expanded = graph.get(f"/users/{people['Grace Green']}?$expand=directReports").json()["directReports"]
    assert [item["displayName"] for item in expanded] == ["Alice Archer"]
    own = {"@odata.id": f"{BASE}{alice}"}
    refused(graph.send("PUT", f"{alice}/manager/$ref", own), 400, "Request_BadRequest")
    assert graph.delete(f"{alice}/manager/$ref").status_code == 204
    assert graph.get(f"{alice}/manager").status_code == 404


@fact("managers of managers", source="user-list-manager documentation", grade="D")
def test_levels(graph: Graph) -> None:
    """An expansion goes as many levels up as it says, and ends where managers answer to each other."""
    ids = [item["id"] for item in graph.get("/users?$top=3&$select=id").json()["value"]]
    for low, high in ((0, 1), (1, 2), (2, 0)):
        graph.send("PUT", f"/users/{ids[low]}/manager/$ref", {"@odata.id": f"{BASE}/users/{ids[high]}"})
    one = graph.get(f"/users/{ids[0]}?$select=id&$expand=manager($select=id)").json()
    assert one["manager"] == {"@odata.type": "#microsoft.graph.user", "id": ids[1]}
    two = graph.get(f"/users/{ids[0]}?$expand=manager($levels=2;$select=id)").json()
    assert two["manager"]["manager"]["id"] == ids[2]
    assert "manager" not in two["manager"]["manager"]
    assert graph.advanced(f"/users/{ids[0]}?$expand=manager($levels=max)&$count=true").status_code == 200
