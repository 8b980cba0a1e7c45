"""What the control's endpoints answer and do, and whom they refuse."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.directory import Tenants
from entra_emulator.embedded import Embedded
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.graph.call import HttpCall

HERE = "https://localhost:8443"
FORWARD = "the clock goes forward by 0 to 1000000000 seconds, not "


def started() -> Embedded:
    """Make an emulator whose clock stands still."""
    return Embedded.create(seed="control", clock=ManualClock())


def ask(
    emulator: Embedded,
    method: str,
    path: str,
    body: Any = None,
    *,
    headers: dict[str, str] | None = None,
    at: str = HERE,
) -> tuple[int, Any]:
    """Send one request to the control; give its status and its body."""
    path, _, query = path.partition("?")
    sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    call = HttpCall(method, ["_emulator", *path.split("/")], query, headers or {}, sent, at)
    reply = asyncio.run(emulator.app.control.serve(call))
    assert reply.headers == ([] if reply.status == 204 else [("Content-Type", "application/json")])
    return reply.status, json.loads(reply.body) if reply.body else None


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "found"),
    [
        (
            "GET",
            "health",
            None,
            200,
            {"emulator": "entra-emulator", "tenants": [seed.CONTOSO, seed.FABRIKAM]},
        ),
        ("GET", "clock", None, 200, {"now": "2026-01-01T00:00:00Z"}),
        ("POST", "clock", {"advance": 1.5}, 200, {"now": "2026-01-01T00:00:01.5Z"}),
        ("POST", "clock", {"advance": 0}, 200, {"now": "2026-01-01T00:00:00Z"}),
        ("GET", "snapshots", None, 200, {"value": []}),
        (
            "POST",
            "snapshots",
            {"save": "a"},
            200,
            {"value": [{"name": "a", "taken": "2026-01-01T00:00:00Z"}]},
        ),
        ("GET", "diff?since=now", None, 200, {"since": "now", "until": "now", "value": []}),
        ("GET", "labels", None, 200, {"value": []}),
        ("GET", "requests", None, 200, {"total": 0, "size": 2000, "value": []}),
        ("PUT", "requests", {"size": 7}, 200, {"total": 0, "size": 7, "value": []}),
        ("DELETE", "requests", None, 204, None),
        ("DELETE", "faults", None, 204, None),
        ("POST", "reset", None, 204, None),
        ("POST", "reset", {}, 204, None),
        ("POST", "save", None, 409, {"error": "this emulator has no state folder"}),
        ("GET", "nonsense", None, 404, {"error": "no such endpoint: GET /_emulator/nonsense"}),
        ("PUT", "health", None, 404, {"error": "no such endpoint: PUT /_emulator/health"}),
        ("GET", "health/x", None, 404, {"error": "no such endpoint: GET /_emulator/health/x"}),
        ("POST", "clock", [], 400, {"error": "the body must be a JSON object"}),
        ("POST", "reset", {"a": 1}, 400, {"error": "POST /_emulator/reset takes no body"}),
        ("GET", "clock", {"advance": 1}, 400, {"error": "GET /_emulator/clock takes no body"}),
        ("POST", "clock", {}, 400, {"error": f"{FORWARD}None"}),
        ("POST", "clock", {"advance": "1"}, 400, {"error": f"{FORWARD}'1'"}),
        ("POST", "clock", {"advance": -1}, 400, {"error": f"{FORWARD}-1"}),
        ("POST", "clock", {"b": 1, "a": 1}, 400, {"error": "no such name: a, b; known: advance"}),
        ("PUT", "requests", {}, 400, {"error": "the log keeps 0 to 1000000 requests, not -1"}),
        ("PUT", "requests", {"size": 1, "x": 1}, 400, {"error": "no such name: x; known: size"}),
        ("POST", "save", {"x": 1}, 400, {"error": "no such name: x; known: snapshot"}),
        ("PATCH", "choices", {"x": {}}, 400, {"error": "no such tenant: x"}),
    ],
)
def test_what_the_control_answers(  # the columns of a table
    method: str, path: str, body: Any, status: int, found: Any
) -> None:
    """Each endpoint by its method and name; what it does not take is named."""
    assert ask(started(), method, path, body) == (status, found)


def test_what_is_no_json_is_refused() -> None:
    """Nothing happens."""
    status, found = ask(started(), "POST", "clock", b"{")
    assert status == 400
    assert "Expecting" in found["error"]


@pytest.mark.parametrize(
    ("headers", "at", "error"),
    [
        ({}, HERE, ""),
        ({"origin": HERE}, HERE, ""),
        ({"origin": HERE, "sec-fetch-site": "same-origin"}, HERE, ""),
        ({"sec-fetch-site": "none"}, HERE, ""),
        ({"origin": "https://evil.example"}, HERE, "requests from https://evil.example are not accepted"),
        ({"origin": "https://localhost:1"}, HERE, "requests from https://localhost:1 are not accepted"),
        (
            {"origin": "https://evil.example"},
            "https://evil.example",
            "requests from https://evil.example are not accepted",
        ),
        ({"origin": ""}, "", "requests from  are not accepted"),
        ({"sec-fetch-site": "same-site"}, HERE, "requests of pages that are same-site are not accepted"),
        ({"sec-fetch-site": "cross-site"}, HERE, "requests of pages that are cross-site are not accepted"),
    ],
)
def test_pages_of_other_origins_steer_nothing(headers: dict[str, str], at: str, error: str) -> None:
    """Not even one whose own name was bound to this machine."""
    emulator = started()
    emulator.faults.set(FaultPlan(seed=7))
    status, found = ask(emulator, "DELETE", "faults", headers=headers, at=at)
    assert (status, found) == ((403, {"error": error}) if error else (204, None))
    assert emulator.faults.plan.seed == (7 if error else 0)


def test_the_clock_goes_no_further_than_2200() -> None:
    """Up to its first moment, and what is more moves nothing."""
    emulator = started()
    clock = emulator.app.clock
    assert isinstance(clock, ManualClock)
    clock.time = datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC)
    late = {"error": "the clock goes no further than 2200"}
    assert ask(emulator, "POST", "clock", {"advance": 1.5}) == (400, late)
    assert ask(emulator, "POST", "clock", {"advance": 1}) == (200, {"now": "2200-01-01T00:00:00Z"})
    assert ask(emulator, "POST", "clock", {"advance": 0.1}) == (400, late)


def test_a_clock_of_another_kind_is_not_moved() -> None:
    """It has no word for it."""

    class Still:
        """A clock that shows one moment."""

        def now(self) -> datetime:
            """Give it."""
            return datetime(2026, 1, 1, tzinfo=UTC)

        async def sleep(self, seconds: float) -> None:
            """Do nothing."""

    emulator = Embedded.create(clock=Still())
    assert ask(emulator, "POST", "clock", {"advance": 1}) == (409, {"error": "this clock cannot be moved"})
    assert ask(emulator, "GET", "clock") == (200, {"now": "2026-01-01T00:00:00Z"})


def test_a_reset_ends_faults_and_the_log_and_what_was_written() -> None:
    """All of it at once."""
    emulator = started()
    before = emulator.directory.dump()
    emulator.directory.default.users.remove(next(iter(emulator.directory.default.users))["id"])
    emulator.faults.set(FaultPlan(seed=7))
    emulator.app.requests.append({"n": 1})
    assert ask(emulator, "GET", "requests")[1] == {"total": 1, "size": 2000, "value": [{"n": 1}]}
    assert ask(emulator, "POST", "reset") == (204, None)
    assert emulator.directory.dump() == before
    assert emulator.faults.plan == FaultPlan()
    assert ask(emulator, "GET", "requests")[1] == {"total": 0, "size": 2000, "value": []}


def test_the_log_is_cleared() -> None:
    """And nothing besides."""
    emulator = started()
    emulator.faults.set(FaultPlan(seed=7))
    emulator.app.requests.append({"n": 1})
    ask(emulator, "DELETE", "requests")
    assert list(emulator.app.requests) == []
    assert emulator.faults.plan.seed == 7


def test_what_is_handed_over() -> None:
    """The directory of now, or of a snapshot that is named by a string."""
    emulator = started()
    handed: list[Tenants] = []
    emulator.app.control.hand_over = handed.append
    emulator.app.snapshots.save("a")
    assert ask(emulator, "POST", "save") == (204, None)
    assert ask(emulator, "POST", "save", {"snapshot": "a"}) == (204, None)
    assert handed == [emulator.directory, emulator.app.snapshots.directory("a")]
    for name, words in (("b", "'b'"), (5, "'5'"), (["a"], "\"['a']\"")):
        status, found = ask(emulator, "POST", "save", {"snapshot": name})
        assert status == 400
        assert found["error"].startswith(f"there is no snapshot {words}")
    assert len(handed) == 2


def test_what_was_applied_is_kept_with_a_snapshot_of_its_moment() -> None:
    """Labels alone apply nothing; where there is no room for a snapshot, those of others stay."""
    emulator = started()
    body = {"tenant": seed.CONTOSO, "source": "shop/prod", "labels": []}
    expected = {"tenant": seed.CONTOSO, "source": "shop/prod", "labels": 0, "applied": None}
    assert ask(emulator, "PUT", "labels", body) == (200, {"value": [expected]})
    assert emulator.app.snapshots.kept() == []
    applied = {**expected, "applied": "2026-01-01T00:00:00Z"}
    body["applied"] = True
    assert ask(emulator, "PUT", "labels", body) == (200, {"value": [applied]})
    assert [each.name for each in emulator.app.snapshots.kept()] == ["apply of shop.prod"]
    emulator.app.snapshots.drop("apply of shop.prod")
    for number in range(50):
        emulator.app.snapshots.save(f"n{number}")
    assert ask(emulator, "PUT", "labels", body)[0] == 200
    assert len(emulator.app.snapshots.kept()) == 50
    assert "apply of shop.prod" not in {each.name for each in emulator.app.snapshots.kept()}
