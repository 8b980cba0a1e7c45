"""The service around the collections: who calls, what goes wrong on the way, what it costs, what is sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.callers import TokenRejectedError
from entra_emulator.fault_plan import FaultPlan, FaultRule
from entra_emulator.faults import ConnectionCutError
from entra_emulator.graph.call import CollectionResponse, HttpCall, HttpReply
from tests.unit.emulator.graph.sending import World, http

FIRST_ID = World().service._requests.guid()


def verify(token: str) -> Mapping[str, Any]:
    """Return the claims of the one token that there is."""
    if token != "good":  # no secret
        raise TokenRejectedError("No such token.")
    made = World()
    return {
        "tid": seed.CONTOSO,
        "oid": made.as_app().oid,
        "appid": seed.ADMIN_APP_ID,
        "roles": ["User.Read.All"],
    }


def world(plan: FaultPlan | None = None) -> World:
    """Return a world whose service reads tokens, and where this goes wrong."""
    made = World()
    made.service.verify_token = verify
    made.faults.set(plan or FaultPlan())
    return made


def served(made: World, call: HttpCall) -> HttpReply:
    """Return what is sent for a request."""
    return asyncio.run(made.service.serve(call))


def line(reply: HttpReply) -> str:
    """Return a reply's status, and its error."""
    error = json.loads(reply.body or b"{}").get("error", {})
    return f"{reply.status} {error.get('code', '')}: {error.get('message', '')}"


def test_ids_of_requests() -> None:
    """Hold that a response has an id of its own where it has none, the client's, and its units."""
    found = World().service._reply(http(client_request_id="c"), CollectionResponse(204, units=5))
    headers = dict(found.headers)
    assert (headers["request-id"], headers["client-request-id"]) == (FIRST_ID, "c")
    assert headers["x-ms-resource-unit"] == "5"
    assert [name for name, _ in found.headers].count("request-id") == 1


EMPTY = "401 InvalidAuthenticationToken: Access token is empty."


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Bearer good", "200 : "),
        ("bearer  good ", "200 : "),
        ("Bearer bad", "401 InvalidAuthenticationToken: No such token."),
        ("Bearer", EMPTY),
        ("Bearer  ", EMPTY),
        ("Basic good", EMPTY),
        ("", EMPTY),
    ],
)
def test_tokens(header: str, expected: str) -> None:
    """Hold that a bearer token is read, and that a refusal says what is wrong with it."""
    call = http(authorization=header)
    reply = served(world(), call)
    assert line(reply) == expected
    assert (call.caller is not None) == expected.startswith("200")
    challenge = 'Bearer realm="", authorization_uri="", error="invalid_token"'
    assert dict(reply.headers).get("WWW-Authenticate") == (None if reply.status == 200 else challenge)


def test_nobody_to_read_tokens() -> None:
    """Hold that a service that cannot read tokens takes none; the response has one request's id."""
    reply = served(World(), http(authorization="Bearer good", client_request_id="c"))
    assert line(reply) == "401 InvalidAuthenticationToken: Access token validation failure."
    inner = json.loads(reply.body)["error"]["innerError"]
    assert inner == {"date": "2026-01-01T00:00:00", "request-id": FIRST_ID, "client-request-id": "c"}
    assert [value for name, value in reply.headers if name == "request-id"] == [FIRST_ID]


USERS = "/v1.0/users"
CALLS = [(1, "before", "GET", USERS), (1, "after", "GET", USERS)]


@pytest.mark.parametrize(
    ("rule", "expected", "seen", "seconds"),
    [
        (None, "200 : ", CALLS, 0.5),
        (FaultRule("delay", seconds=2), "200 : ", CALLS, 2.5),
        (FaultRule("cut_before", seconds=2), "cut", CALLS[:1], 2.5),
        (FaultRule("cut_after"), "cut", CALLS, 0.5),
        (
            FaultRule("respond", status=503, code="C", message="M.", retry_after=7),
            "503 C: M.",
            CALLS,
            0.5,
        ),
        (FaultRule("cut_after", method="POST"), "200 : ", CALLS, 0.5),
    ],
)
def test_what_goes_wrong_on_the_way(
    rule: FaultRule | None, expected: str, seen: list[Any], seconds: float
) -> None:
    """Hold that a call waits, is refused or cut as the plan says, and that its beginning and end are seen."""
    made = world(FaultPlan(latency_ms=500, rules=[rule] if rule else []))
    found: list[Any] = []
    made.faults.on_call = lambda *call: found.append(call)
    start = made.clock.now()
    try:
        reply = served(made, http(authorization="Bearer good"))
    except ConnectionCutError:
        assert expected == "cut"
    else:
        assert line(reply) == expected
        assert dict(reply.headers).get("Retry-After") == ("7" if reply.status == 503 else None)
    assert found == seen
    assert (made.clock.now() - start).total_seconds() == seconds


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (http("POST", "/v1.0/$batch", b'{"requests":[]}', content_type="application/json"),
         "400 BadRequest: Invalid batch payload format."),
        (http("POST", "/v1.0/%24BATCH", b'{"requests":[]}', content_type="application/json"),
         "400 BadRequest: Invalid batch payload format."),
        (http("GET", "/v1.0/$batch"),
         "405 Request_BadRequest: Specified HTTP method is not allowed for the request target."),
        (http("POST", "/v1.0/$batch", query="$top=1"),
         ("400 BadRequest: The query specified in the URI is not valid. Query option '$top' cannot be "
         "applied to "
         "the requested resource.")),
        (http("GET", "/v1.0/$batch/more"), "400 BadRequest: Resource not found for the segment '$batch'."),
        (http("GET", "/v1.0/users", query="$top=1&$top=2"),
         ("400 BadRequest: Query option '$top' was specified more than once, but it must be "
          "specified at most "
         "once.")),
        (http("GET", "/v1.0"), "501 NotImplemented: The emulator does not serve the service document."),
    ],
)  # fmt: skip
def test_batches_and_queries(call: HttpCall, expected: str) -> None:
    """Hold that a batch is one by its path alone, and has no query option."""
    call.headers["authorization"] = "Bearer good"
    assert line(served(world(), call)) == expected


CONFLICT = (
    "409 Directory_ConcurrencyViolation: Error due to concurrent requests being made to the tenant. Please "
    "wait briefly and retry."
)


@pytest.mark.parametrize(
    ("plan", "batched", "method", "target", "expected"),
    [
        (FaultPlan(conflict_rate=1), False, "GET", "/users", "200"),
        (FaultPlan(conflict_rate=1), False, "POST", "/users", CONFLICT),
        (FaultPlan(conflict_rate=1, write_quota=0), False, "POST", "/users", "429"),
        (FaultPlan(write_quota=0), False, "GET", "/users", "200"),
        (FaultPlan(read_quota=1), False, "GET", "/users", "429"),
        (FaultPlan(read_quota=2), False, "GET", "/users", "200"),
        (FaultPlan(audit_quota=0), False, "GET", "/users", "200"),
        (FaultPlan(audit_quota=0), False, "GET", "/auditLogs/directoryAudits", "429"),
        (FaultPlan(error_part_rate=1), True, "GET", "/users", "503"),
        (FaultPlan(error_part_rate=1), False, "GET", "/users", "200"),
        (FaultPlan(read_quota=1), True, "GET", "/users", "429"),
        (FaultPlan(rules=[FaultRule("respond", path="^/v1.0/users$")]), True, "GET", "/users", "503"),
    ],
)  # fmt: skip
def test_what_hinders_one_request(
    plan: FaultPlan, batched: bool, method: str, target: str, expected: str
) -> None:
    """Hold that quotas and conflicts meet what they are for, and that parts of batches have faults of their
    own.
    """
    made = world(plan)
    assert made.short(method, target, {}, batched=batched).startswith(expected)
