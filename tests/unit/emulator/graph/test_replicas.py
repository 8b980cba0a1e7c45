"""What a replica that lags behind shows of a table."""

from __future__ import annotations

from tests.unit.emulator.graph.sending import World


def lagging(**lag: float) -> World:
    """Return a world in which reads are behind."""
    made = World()
    made.faults.plan.lag, made.faults.plan.list_lag = {"groups": 60.0}, lag
    return made


def shown(made: World, *, listing: bool = False) -> str | None:
    """Return the description of a group that a read shows."""
    row = made.call("GET", "/groups").view("groups", listing=listing).get(made.group("All Staff")["id"])
    return None if row is None else str(row["description"])


def test_versions_of_a_row() -> None:
    """Hold that a read shows the last version that is old enough."""
    made = lagging()
    row = made.group("All Staff")
    found = []
    for number in range(3):
        made.call("PATCH", "/x").put("groups", {**row, "description": str(number)})
        found.append(shown(made))
        made.clock.advance(30)
    assert (found, len(made.tenant.groups.history)) == (["None", "None", "0"], 2)
    assert shown(made) == "1"
    made.clock.advance(29)
    assert shown(made) == "1"
    made.clock.advance(1)
    assert shown(made) == "2"
    made.clock.advance(1)
    made.call("PATCH", "/x").put("groups", row)
    assert len(made.tenant.groups.history) == 1
