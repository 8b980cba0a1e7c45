"""Throttling, quotas, failures and lost answers, on demand."""

import httpx
import pytest

from tests.conformance.graph.steering import faults, wait
from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact


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
