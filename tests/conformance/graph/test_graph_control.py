"""The emulator's control endpoints: faults, clock, requests and state, and which bodies they refuse."""

from typing import Any

import pytest

from tests.conformance.graph.steering import faults
from tests.conformance.graph_client import Graph

fact = pytest.mark.fact


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
    app = emulated.application()
    state = emulated.send("GET", "/_emulator/state").json()
    assert not {"secrets", "signIn"} & {name for tenant in state["tenants"] for name in tenant}
    assert app["id"] in {row["id"] for tenant in state["tenants"] for row in tenant["applications"]}
    for seed in (7, 8):
        faults(emulated, seed=seed)
        assert emulated.send("GET", "/_emulator/faults").json()["seed"] == seed
    assert emulated.send("GET", "/_emulator/faults").json()["latency_ms"] == 0


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
