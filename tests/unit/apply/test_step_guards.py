"""Guards of steps: a write is not made where somebody changed what it replaces."""

from __future__ import annotations

from entra_config.graph.request import Request
from entra_config.plan.steps import Holds, Phase, Probe, Step
from entra_config.resource import Ref
from tests.unit.apply.ground import Ground, app, create, patch, rule, waits


def test_a_guard_stops_a_write_when_somebody_changed_what_it_replaces() -> None:
    """The field that moved is named, and the other's value stays."""
    ground = Ground()
    first = ground.apply([create("a", notes="mine")])
    ground.send(Request("PATCH", f"/applications/{first.known[Ref(app('a'))]}", {"notes": "theirs"}))
    outcome = ground.apply([patch("a", {"notes": "new"}, before={"notes": "mine"})], known=first.known)
    ((_, error),) = outcome.failed
    assert "notes is 'theirs', expected 'mine'" in str(error)
    assert error.code == "Moved"
    (row,) = ground.send(Request("GET", f"/applications/{first.known[Ref(app('a'))]}"))
    assert row["notes"] == "theirs"


def test_a_guard_passes_when_the_tenant_is_as_planned() -> None:
    """Order within a collection is no movement."""
    ground = Ground()
    first = ground.apply([create("a", web={"redirectUris": ["https://a.example/1", "https://a.example/2"]})])
    before = {"web.redirectUris": ["https://a.example/2", "https://a.example/1"]}
    outcome = ground.apply([patch("a", {"notes": "new"}, before=before)], known=first.known)
    assert outcome.complete


def test_a_guard_waits_for_this_run_s_own_writes() -> None:
    """A replica that lags behind the step before is no movement."""
    ground = Ground()
    first = ground.apply([create("a", notes="zero")])
    ground.emulator.faults.plan.lag["applications"] = 10
    one = patch("a", {"notes": "one"}, phase=Phase.EXTEND, before={"notes": "zero"})
    two = patch("a", {"notes": "two"}, phase=Phase.EDIT, before={"notes": "one"})
    ground.clock.advance(60)
    outcome = ground.apply([one, two], known=first.known)
    assert outcome.complete
    assert any("own writes" in reason for reason in waits(ground))


def test_guards_of_steps_that_are_ready_together_share_one_batch() -> None:
    """20 guarded changes are one call to look and one to write."""
    ground = Ground()
    first = ground.apply([create(f"a{number}") for number in range(20)])
    steps = [patch(f"a{number}", {"notes": "new"}, before={"notes": None}) for number in range(20)]
    outcome = ground.apply(steps, known=first.known, wait=False)
    assert outcome.complete
    assert (outcome.usage.calls, outcome.usage.depth) == (2, 2)


def test_what_an_earlier_run_took_further_is_left_there() -> None:
    """The plan's list lagged: a step that another run did, and went on from, is done; nothing goes back."""
    ground = Ground()
    ground.apply([create("a", notes="one")])
    made = ground.tenant.applications.find("displayName", "a")[0]
    path = f"/applications/{made['id']}"

    def to(phase: Phase, before: str, after: str) -> Step:
        guard = Probe(Request("GET", path), Holds({"notes": before}))
        return Step(
            f"a/{phase.word}",
            (app("a"),),
            phase,
            Request("PATCH", path, {"notes": after}),
            chain="a",
            guard=guard,
        )

    steps = [to(Phase.EXTEND, "one", "two"), to(Phase.REDUCE, "two", "three")]
    assert ground.apply(steps).complete
    again = ground.apply(steps)
    assert again.complete
    assert ground.tenant.applications.rows[made["id"]]["notes"] == "three"
    assert ground.apply([to(Phase.EXTEND, "one", "two")]).complete is False


def test_a_probe_that_may_not_be_read_fails_its_step() -> None:
    """A guard that Graph refuses to read is no guard passed."""
    ground = Ground()
    first = ground.apply([create("a")])
    ground.emulator.faults.plan.rules.append(
        rule(
            "respond",
            "applications",
            "GET",
            status=403,
            code="Authorization_RequestDenied",
            message="Insufficient privileges",
        )
    )
    outcome = ground.apply(
        [patch("a", {"notes": "x"}, before={"notes": None})], known=first.known, wait=False
    )
    ((_, error),) = outcome.failed
    assert "Insufficient privileges" in str(error)


def test_a_guard_lets_pass_what_is_already_as_this_step_makes_it() -> None:
    """Another run of the same manifest was here first: nothing is lost by writing the same again."""
    ground = Ground()
    first = ground.apply([create("a", notes="old")])
    ground.send(Request("PATCH", f"/applications/{first.known[Ref(app('a'))]}", {"notes": "new"}))
    assert ground.apply([patch("a", {"notes": "new"}, before={"notes": "old"})], known=first.known).complete
    half = patch("a", {"notes": "newer", "description": "d"}, before={"notes": "old", "displayName": "b"})
    assert not ground.apply([half], known=first.known).complete
