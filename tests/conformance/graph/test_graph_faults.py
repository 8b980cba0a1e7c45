"""Throttling, failures, lost answers and lagging replicas, on demand."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.conformance.graph_client import Graph, refused, role

fact = pytest.mark.fact


def faults(graph: Graph, **plan: Any) -> None:
    """Set the emulator's faults."""
    response = graph.send("PUT", "/_emulator/faults", plan)
    assert response.status_code == 200, response.text


def wait(graph: Graph, seconds: float) -> None:
    """Move the emulator's clock."""
    assert graph.send("POST", "/_emulator/clock", {"advance": seconds}).status_code == 200


@fact("throttling", source="AADAppAudit#9, throttling documentation", grade="R")
def test_throttled(emulated: Graph) -> None:
    """A throttled call is 429 with Retry-After and its own code."""
    faults(emulated, throttle_rate=1.0, retry_after=7)
    response = emulated.get("/applications")
    refused(response, 429, "TooManyRequests", "Too many requests from Identifier:")
    assert response.headers["retry-after"] == "7"
    assert response.headers["x-ms-throttle-information"]


@fact("parts are throttled one by one", source="json-batching documentation", grade="D")
def test_throttled_parts(emulated: Graph) -> None:
    """The batch is 200; a part has its own 429 and Retry-After."""
    faults(
        emulated,
        rules=[
            {"action": "respond", "scope": "part", "status": 429, "code": "TooManyRequests", "retry_after": 3}
        ],
    )
    responses = emulated.batch(*({"method": "GET", "url": "/applications?$top=1"} for _ in range(3)))
    throttled = [response for response in responses.values() if response["status"] == 429]
    assert [response["headers"]["Retry-After"] for response in throttled] == ["3"]


@fact("faults by rule", source="this project", grade="C")
def test_rules(emulated: Graph) -> None:
    """A rule counts each request once: here the second create fails, alone as well as in a batch."""
    rule_ = {"action": "respond", "method": "POST", "path": "/applications$", "skip": 1, "status": 503}
    faults(emulated, rules=[rule_])
    codes = [emulated.post("/applications", {"displayName": "x"}).status_code for _ in range(3)]
    assert codes == [201, 503, 201]
    faults(emulated, rules=[rule_])
    parts = [{"method": "POST", "url": "/applications", "body": {"displayName": "x"}} for _ in range(3)]
    responses = emulated.batch(*parts)
    assert [responses[key]["status"] for key in "123"] == [201, 503, 201]


@fact("quotas", source="throttling-limits documentation", grade="D")
def test_quotas(emulated: Graph) -> None:
    """Units are counted over ten seconds, writes over a hundred and fifty; waiting as told is enough."""
    faults(emulated, read_quota=10, write_quota=2)
    statuses = [emulated.get("/applications").status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    wait(emulated, 11)
    codes = [emulated.post("/applications", {"displayName": "x"}).status_code for _ in range(3)]
    assert codes == [201, 201, 429]
    response = emulated.post("/applications", {"displayName": "x"})
    assert response.headers["x-ms-throttle-information"] == "WriteLimitExceeded"
    wait(emulated, float(response.headers["retry-after"]))
    assert emulated.post("/applications", {"displayName": "x"}).status_code == 201


@fact("five reads of the audit log in ten seconds", source="throttling-limits documentation", grade="D")
def test_audit_quota(emulated: Graph) -> None:
    """The audit log has a quota of its own."""
    faults(emulated, audit_quota=5)
    assert [emulated.get("/auditLogs/directoryAudits").status_code for _ in range(6)] == [200] * 5 + [429]
    assert emulated.get("/applications").status_code == 200


@fact("selection makes reads cheaper", source="throttling-limits documentation", grade="D")
def test_costs(emulated: Graph) -> None:
    """$select takes one unit off, $expand adds one."""
    faults(emulated, read_quota=6)
    assert [emulated.get("/applications?$select=id").status_code for _ in range(7)] == [200] * 6 + [429]
    wait(emulated, 11)
    assert [emulated.get("/applications?$expand=owners").status_code for _ in range(3)] == [200, 200, 429]


@fact("failures of the service", source="go-azure-sdk", grade="C")
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_errors(emulated: Graph, status: int) -> None:
    """A failing call has Graph's error form."""
    faults(emulated, error_rate=1.0, error_status=status)
    response = emulated.get("/applications")
    assert response.status_code == status
    assert response.json()["error"]["code"]


@fact("concurrent writes", source="nais/azurerator#448", grade="R")
def test_conflict(emulated: Graph) -> None:
    """A write may meet another one; reads do not."""
    faults(emulated, conflict_rate=1.0)
    text = "Error due to concurrent requests being made to the tenant. Please wait briefly and retry."
    refused(emulated.post("/applications", {"displayName": "x"}), 409, "Directory_ConcurrencyViolation", text)
    assert emulated.get("/applications").status_code == 200


@fact("lost answers", source="this project", grade="C")
@pytest.mark.parametrize(("action", "kept"), [("cut_before", 0), ("cut_after", 1)])
def test_cut(emulated: Graph, action: str, kept: int) -> None:
    """A cut connection may have taken effect, or not."""
    faults(emulated, rules=[{"action": action, "method": "POST", "path": "/applications$"}])
    with pytest.raises(httpx.TransportError):
        emulated.post("/applications", {"displayName": "cut off"})
    assert len(emulated.get("/applications?$filter=displayName eq 'cut off'").json()["value"]) == kept


@fact("reads after a create", source="TF consistency.go", grade="C")
def test_lag(emulated: Graph) -> None:
    """Under lag a new application is 404 and missing in lists, then both show it."""
    faults(emulated, lag={"applications": 30})
    app = emulated.application()
    path = f"/applications/{app['id']}"
    refused(emulated.get(path), 404, "Request_ResourceNotFound")
    refused(emulated.patch(path, {"notes": "x"}), 404, "Request_ResourceNotFound")
    query = f"/applications?$filter=appId eq '{app['appId']}'"
    assert emulated.get(query).json()["value"] == []
    wait(emulated, 31)
    assert emulated.get(path).status_code == 200
    assert len(emulated.get(query).json()["value"]) == 1


@fact(
    "what is expanded is as old as the object beside it",
    source="Microsoft Entra architecture documentation",
    grade="D",
)
def test_lag_of_what_is_expanded(emulated: Graph) -> None:
    """One replica gives one answer: a federated credential beside its application is as late as that, its
    own list is not.
    """
    app = emulated.application()
    faults(emulated, lag={"applications": 30, "federatedIdentityCredentials": 0})
    body = {
        "name": "one",
        "issuer": "https://token.example",
        "subject": "x",
        "audiences": ["api://AzureADTokenExchange"],
    }
    path = f"/applications/{app['id']}"
    assert emulated.post(f"{path}/federatedIdentityCredentials", body).status_code == 201
    assert len(emulated.get(f"{path}/federatedIdentityCredentials").json()["value"]) == 1
    whole = f"{path}?$select=id&$expand=federatedIdentityCredentials"
    assert emulated.get(whole).json()["federatedIdentityCredentials"] == []
    wait(emulated, 31)
    assert [each["name"] for each in emulated.get(whole).json()["federatedIdentityCredentials"]] == ["one"]


@fact("lists lag behind reads by key", source="oauth2permissiongrant-list documentation", grade="D")
def test_list_lag(emulated: Graph) -> None:
    """Reads by key are fresh while lists show the past, deleted objects included."""
    faults(emulated, list_lag={"*": 30})
    app = emulated.application(tags=["conf:lag"])
    query = "/applications?$filter=tags/any(t:t eq 'conf:lag')"
    assert emulated.get(f"/applications/{app['id']}").status_code == 200
    assert emulated.get(query).json()["value"] == []
    wait(emulated, 31)
    emulated.patch(f"/applications/{app['id']}", {"notes": "new"})
    assert [item["notes"] for item in emulated.get(query).json()["value"]] == [None]
    emulated.delete(f"/applications/{app['id']}")
    assert len(emulated.get(query).json()["value"]) == 1
    wait(emulated, 31)
    assert emulated.get(query).json()["value"] == []


@fact("writes to what only a stale read shows", source="", grade="S", verdict="uncertain")
def test_stale_writes(emulated: Graph) -> None:
    """A second delete, a change, a restore or a purge of what is gone is 404, and revives nothing."""
    app = emulated.application()
    principal = emulated.principal(app)
    faults(emulated, lag={"*": 30})
    paths = [f"/applications/{app['id']}", f"/servicePrincipals/{principal['id']}"]
    assert emulated.delete(paths[0]).status_code == 204
    for path in paths:
        assert emulated.get(path).status_code == 200
        refused(emulated.delete(path), 404, "Request_ResourceNotFound")
        refused(emulated.patch(path, {"notes": "x"}), 404, "Request_ResourceNotFound")
    bin_ = f"/directory/deletedItems/{app['id']}"
    refused(emulated.get(bin_), 404, "Request_ResourceNotFound")
    wait(emulated, 31)
    assert emulated.delete(bin_).status_code == 204
    refused(emulated.post(f"{bin_}/restore"), 404, "Request_ResourceNotFound")
    refused(emulated.delete(bin_), 404, "Request_ResourceNotFound")


@fact("service principal before its application is there", source="TF, azure-cli", grade="C")
def test_backing_application_lag(emulated: Graph) -> None:
    """NoBackingApplicationObject passes with time."""
    faults(emulated, lag={"applications": 10})
    app = emulated.application()
    text = "does not reference a valid application object."
    refused(emulated.post("/servicePrincipals", {"appId": app["appId"]}), 400, "Request_BadRequest", text)
    wait(emulated, 11)
    assert emulated.principal(app)["appId"] == app["appId"]


@fact("the misleading 403 passes with time", source="TF service_principal_resource.go", grade="C")
def test_misleading_denial(emulated: Graph, as_app: Callable[..., Graph]) -> None:
    """An OwnedBy caller is denied only until its application is there."""
    owned = as_app("Application.ReadWrite.OwnedBy")
    faults(emulated, lag={"applications": 10})
    app = owned.application()
    refused(
        owned.post("/servicePrincipals", {"appId": app["appId"]}),
        403,
        "Authorization_RequestDenied",
        "backing application",
    )
    wait(emulated, 11)
    assert owned.principal(app)["appId"] == app["appId"]


@fact(
    "assignments wait for role and ends",
    source="TF app_role_assignment_resource.go",
    grade="C",
)
def test_assignment_lag(emulated: Graph) -> None:
    """A new role and a new service principal are not assignable at once."""
    app = emulated.application()
    target = emulated.principal(app)
    user = emulated.get("/users?$top=1").json()["value"][0]["id"]
    faults(emulated, lag={"servicePrincipals": 10})
    new = role("Late")
    emulated.patch(f"/applications/{app['id']}", {"appRoles": [new]})
    body = {"principalId": user, "resourceId": target["id"], "appRoleId": new["id"]}
    path = f"/servicePrincipals/{target['id']}/appRoleAssignedTo"
    refused(
        emulated.post(path, body),
        400,
        "Request_BadRequest",
        "Permission being assigned was not found on application",
    )
    wait(emulated, 11)
    assert emulated.post(path, body).status_code == 201
    client = emulated.principal(emulated.application())
    refused(
        emulated.post(path, {**body, "principalId": client["id"]}),
        400,
        "Request_BadRequest",
        "Not a valid reference update.",
    )


@fact("control endpoints", source="this project", grade="C")
def test_control(emulated: Graph) -> None:
    """Faults are read, set and cleared; what is not known is refused; a foreign page may not steer."""
    assert emulated.send("PUT", "/_emulator/faults", {"nonsense": 1}).status_code == 400
    assert emulated.send("PUT", "/_emulator/faults", {"rules": [{"nonsense": 1}]}).status_code == 400
    faults(emulated, latency_ms=5)
    assert emulated.send("GET", "/_emulator/faults").json()["latency_ms"] == 5
    assert emulated.send("DELETE", "/_emulator/faults").status_code == 204
    headers = {"Origin": "https://evil.example"}
    assert emulated.send("POST", "/_emulator/reset", headers=headers).status_code == 403
    emulated.get("/applications?$top=1")
    logged = emulated.send("GET", "/_emulator/requests").json()["value"]
    assert logged[-1]["path"].startswith("/v1.0/applications")
    state = emulated.send("GET", "/_emulator/state").json()
    assert "secrets" not in state["tenants"][0]


@fact("control endpoints, bodies that cannot be", source="this project", grade="C")
@pytest.mark.parametrize(
    ("method", "name", "body"),
    [
        *(
            ("PUT", "faults", plan)
            for plan in ({"lag": 5}, {"lag": {"*": "5"}}, {"throttle_rate": "x"}, {"throttle_rate": 1.1})
        ),
        *(
            ("PUT", "faults", plan)
            for plan in (
                {"retry_after": True},
                {"latency_ms": -1},
                {"read_quota": 1.5},
                {"error_status": 200},
            )
        ),
        *(("PUT", "faults", {"rules": rules}) for rules in ({}, ["x"], [{}], [{"action": "burn"}])),
        ("PUT", "faults", {"rules": [{"action": "respond", "path": "("}]}),
        ("PUT", "faults", {"rules": [{"action": "respond", "status": 204}]}),
        *(
            ("POST", "clock", body)
            for body in (
                {},
                {"x": 1},
                {"advance": -1},
                {"advance": "1"},
                {"advance": 1e30},
                {"advance": True},
            )
        ),
        ("POST", "clock", {"advance": 1, "x": 1}),
        ("PUT", "requests", {"size": 5, "x": 1}),
        ("POST", "reset", {"tenant": "contoso"}),
    ],
)
def test_control_refuses(emulated: Graph, method: str, name: str, body: dict[str, Any]) -> None:
    """A plan, a move of the clock, or a body where none is read: 400, and everything goes on as before."""
    before = emulated.send("GET", "/_emulator/faults").json()
    response = emulated.send(method, f"/_emulator/{name}", body)
    assert (response.status_code, list(response.json())) == (400, ["error"])
    assert emulated.send("GET", "/_emulator/faults").json() == before
    assert emulated.get("/organization").status_code == 200


@fact("control endpoints, the clock's end", source="this project", grade="C")
def test_the_clock_ends(emulated: Graph) -> None:
    """However often it is moved, the emulator goes on answering: its calendar ends before Python's does."""
    statuses = [emulated.send("POST", "/_emulator/clock", {"advance": 1e9}).status_code for _ in range(12)]
    assert (statuses[0], statuses[-1]) == (200, 400)
    assert emulated.get("/organization").status_code == 200
