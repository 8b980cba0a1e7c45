"""What apply promises: order, side by side, guards, nothing doubled, failures kept apart, an end that can
be read back.
"""

from __future__ import annotations

import asyncio
import dataclasses
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from entra_config.apply.events import Outcome, StepDone, StepFailed, StepSkipped, StepStarted, Waiting
from entra_config.apply.journal import Journal
from entra_config.apply.run import run
from entra_config.graph.request import Request
from entra_config.plan.steps import Absent, Bears, Holds, Phase, Present, Probe, Step
from entra_config.resource import Ref, Text
from tests.unit.apply.ground import Ground, app, create, enlist, patch, principal, rule

ROLE: dict[str, Any] = {
    "id": "7c3ab2b0-0000-4000-8000-000000000001",
    "value": "Writer",
    "displayName": "Writer",
    "description": "Changes records.",
    "allowedMemberTypes": ["User"],
    "isEnabled": True,
}


def waits(ground: Ground) -> list[str]:
    """Give the reasons of all waits."""
    return [event.reason for event in ground.events if isinstance(event, Waiting)]


def test_ids_of_what_is_made_fill_what_comes_after() -> None:
    """A service principal is made for the appId that the application's answer brought."""
    ground = Ground()
    outcome = ground.apply([create("api"), enlist("api")])
    assert outcome.complete
    assert outcome.known[Ref(principal("api"))] in ground.tenant.service_principals.rows
    assert [type(event) for event in ground.events] == [StepStarted, StepDone] * 2


def test_independent_chains_go_side_by_side_in_batches() -> None:
    """40 applications with their service principals: 4 calls that write, depth 2; and one more that reads
    back, depth 3.
    """
    steps = [step for number in range(40) for step in (create(f"a{number}"), enlist(f"a{number}"))]
    outcome = Ground().apply(steps)
    assert outcome.complete
    assert (outcome.usage.requests, outcome.usage.calls, outcome.usage.depth) == (86, 5, 3)
    assert Ground().apply(steps, wait=False).usage.depth == 2


def test_a_service_principal_waits_for_its_application_to_be_replicated() -> None:
    """The refusal of a replica that lags is waited out; nothing is doubled."""
    ground = Ground(lag={"applications": 20})
    outcome = ground.apply([create("api"), enlist("api")])
    assert outcome.complete
    assert any("application not replicated" in reason for reason in waits(ground))
    assert ground.applications() == ["api"]


@pytest.mark.parametrize("action", ["cut_before", "cut_after"])
@pytest.mark.parametrize("lag", [0, 5, 30])
def test_a_lost_answer_never_makes_a_second_object(action: str, lag: int) -> None:
    """Whether the POST took effect before the connection broke or not, and however reads lag, one
    application stands.
    """
    ground = Ground(lag={"applications": lag} if lag else {}, rules=[rule(action, "applications", "POST")])
    outcome = ground.apply([create("api"), enlist("api")])
    assert outcome.complete
    assert ground.applications() == ["api"]


def test_a_lost_answer_of_a_whole_batch_doubles_nothing() -> None:
    """30 creations, and the answer to the first batch is lost."""
    ground = Ground(rules=[rule("cut_after", r"\$batch", "POST")])
    outcome = ground.apply([create(f"a{number}") for number in range(30)])
    assert outcome.complete
    assert len(ground.applications()) == 30
    assert sum(isinstance(event, StepDone) and "found again" in event.note for event in ground.events) == 20


def test_a_post_that_nobody_can_find_again_is_not_repeated() -> None:
    """Without a way to look, a lost answer is a failure with what to do."""
    ground = Ground(rules=[rule("cut_before", "applications", "POST")])
    step = Step("x", (app("x"),), Phase.CREATE, Request("POST", "/applications", {"displayName": "x"}))
    outcome = ground.apply([step])
    ((failed, error),) = outcome.failed
    assert failed is step
    assert "no response came" in str(error)
    assert ground.applications() == []


def test_a_failed_step_stops_what_depends_on_it_and_nothing_else() -> None:
    """A refused PATCH leaves out what needs it; the other chain is done; the reasons are told."""
    ground = Ground()
    bad = patch("a", {"identifierUris": ["https://not-ours.example/api"]})
    after = patch("a", {"notes": "later"}, phase=Phase.REFERENCE, needs=frozenset({bad.id}))
    outcome = ground.apply([create("a"), bad, after, create("b"), patch("b", {"notes": "done"})])
    ((failed, error),) = outcome.failed
    assert failed.id == "application.a/extend"
    assert error.code == "HostNameNotOnVerifiedDomain"
    assert "verified" in error.advice
    assert error.request_id
    assert [(step.id, why) for step, why in outcome.not_tried] == [
        ("application.a/reference", "application.a/extend was not done")
    ]
    assert {step.id for step in outcome.done} == {
        "application.a/create",
        "application.b/create",
        "application.b/extend",
    }
    assert any(isinstance(event, StepFailed) for event in ground.events)
    assert any(isinstance(event, StepSkipped) for event in ground.events)


def test_without_its_creation_nothing_of_an_application_is_tried() -> None:
    """Steps whose ids never became known are not sent."""
    ground = Ground(
        rules=[
            rule(
                "respond",
                "applications",
                "POST",
                status=403,
                code="Authorization_RequestDenied",
                message="no",
            )
        ]
    )
    outcome = ground.apply([create("a"), enlist("a"), patch("a", {"notes": "x"})])
    assert len(outcome.failed) == 1
    assert len(outcome.not_tried) == 2
    assert outcome.done == ()


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


def test_an_enabled_role_is_changed_by_way_of_disabling_it() -> None:
    """Graph refuses the edit, so it is disabled, changed, enabled; its id stays."""
    ground = Ground()
    first = ground.apply([create("a", appRoles=[ROLE])])
    path = Text(("/applications/", Ref(app("a"))))
    edited = {**ROLE, "description": "Changes and deletes records."}
    off = Request("PATCH", path, {"appRoles": [{**ROLE, "isEnabled": False}]})
    step = patch(
        "a",
        {"appRoles": [edited]},
        phase=Phase.EDIT,
        fallback=(off, Request("PATCH", path, {"appRoles": [edited]})),
    )
    outcome = ground.apply([step], known=first.known)
    assert outcome.complete
    (row,) = ground.send(Request("GET", f"/applications/{first.known[Ref(app('a'))]}"))
    assert [(role["id"], role["description"], role["isEnabled"]) for role in row["appRoles"]] == [
        (ROLE["id"], "Changes and deletes records.", True)
    ]


def test_without_a_way_around_an_enabled_role_is_a_failure() -> None:
    """The refusal is final when this run disabled nothing."""
    ground = Ground()
    first = ground.apply([create("a", appRoles=[ROLE])])
    outcome = ground.apply([patch("a", {"appRoles": []}, phase=Phase.REDUCE)], known=first.known)
    ((_, error),) = outcome.failed
    assert error.code == "CannotDeleteOrUpdateEnabledEntitlement"


def test_what_is_so_already_is_done() -> None:
    """A deletion of what is gone, and an answer that the step knows as success, count as done."""
    ground = Ground()
    gone = Step(
        "gone",
        (app("x"),),
        Phase.DELETE,
        Request("DELETE", "/applications/7c3ab2b0-0000-4000-8000-00000000dead"),
    )
    ground.apply([create("a")])
    again = Step(
        "again", (app("a"),), Phase.CREATE, create("a").request,
        done_if=("uniqueName already exists",), found_by=create("a").found_by, produces={Ref(app("a")): "id"},
    )  # fmt: skip
    outcome = ground.apply([gone, again])
    assert outcome.complete
    assert outcome.known[Ref(app("a"))]
    assert ground.applications() == ["a"]


def test_an_object_of_somebody_else_in_the_way_is_a_failure() -> None:
    """A name that was taken before, with no answer lost, is not taken for ours."""
    ground = Ground()
    ground.apply([create("a")])
    outcome = ground.apply([create("a")])
    ((_, error),) = outcome.failed
    assert "uniqueName already exists" in str(error)


MARKS = ["entra-config:owner=test/dev", "entra-config:key=a"]


def marked(draws: str = "") -> Step:
    """Make an application with our marks and one that is this creation's own; `draws` is drawn by another
    run.
    """
    own = Text(("entra-config:created=", Ref(app("a"), "created")))
    step = create("a", tags=[*MARKS, draws or own])
    assert step.found_by
    return dataclasses.replace(step, found_by=Probe(step.found_by.request, Bears(own)))


@pytest.mark.parametrize("tags", [["theirs"], MARKS, [*MARKS, f"entra-config:created={'0' * 32}"]])
def test_the_holder_of_a_name_is_ours_only_with_the_mark_of_its_creation(tags: list[str]) -> None:
    """Whatever marks the holder copied, it is not adopted: the step fails, and what hangs on it is not
    tried.
    """
    ground = Ground(lag={"applications": 5})
    ground.apply([create("a", tags=tags)], wait=False)
    outcome = ground.apply([marked(), enlist("a")], draw=lambda: "1" * 32)
    assert [step.id for step, _ in outcome.failed] == ["application.a/create"]
    assert [step.id for step, _ in outcome.not_tried] == ["enterpriseApplication.a/create"]
    assert len(ground.tenant.applications.find("displayName", "a")) == 1
    [(_, error)] = outcome.failed
    assert "'a' (appId " in str(error)
    assert ("bears the same marks" in str(error)) is (tags[:2] == MARKS)


def test_a_creation_whose_answer_was_lost_is_found_by_its_mark() -> None:
    """What this run made itself is found again, once it can be read, and never made twice; each run draws
    another mark.
    """
    ground = Ground(lag={"applications": 5}, rules=[rule("cut_after", "applications", "POST")])
    outcome = ground.apply([marked(), enlist("a")])
    assert outcome.complete, outcome.failed
    assert len(ground.tenant.applications.find("displayName", "a")) == 1
    [made] = ground.tenant.applications.find("displayName", "a")
    assert made["tags"][2] == f"entra-config:created={outcome.known[Ref(app('a'), 'created')]}"
    assert len(outcome.known[Ref(app("a"), "created")]) == 32


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


def test_the_wish_to_stop_lets_what_is_in_flight_finish() -> None:
    """After the first answer nothing new begins, and the rest is named as not tried."""
    ground = Ground()
    stop = asyncio.Event()

    def observe(event: Any) -> None:
        ground.events.append(event)
        if isinstance(event, StepDone):
            stop.set()

    async def go() -> Any:
        from entra_config.apply.run import run

        async with await ground.connect() as graph:
            return await run(
                [create("a"), enlist("a"), create("b")],
                graph,
                observe=observe,
                sleep=ground.clock.sleep,
                stop=stop,
            )

    outcome = asyncio.run(go())
    assert outcome.stopped
    assert {step.id for step in outcome.done} == {"application.a/create", "application.b/create"}
    assert [step.id for step, _ in outcome.not_tried] == ["enterpriseApplication.a/create"]


def test_the_wish_to_stop_ends_a_wait() -> None:
    """A back-off of minutes is not sat out, and a lost answer is looked for once more."""
    ground = Ground(rules=[rule("cut_after", "applications", "POST")], lag={"applications": 5})
    stop = asyncio.Event()

    async def go() -> Any:
        from entra_config.apply.run import run

        async def sleep(seconds: float) -> None:
            stop.set()
            ground.clock.advance(seconds + 10)
            await asyncio.Event().wait()

        async with await ground.connect() as graph:
            return await run([create("a")], graph, sleep=sleep, stop=stop)

    outcome = asyncio.run(asyncio.wait_for(go(), 10))
    assert [step.id for step in outcome.done] == ["application.a/create"]
    assert ground.applications() == ["a"]


def test_a_fallback_is_taken_to_its_end_whoever_wants_to_stop() -> None:
    """Once a role is disabled the wish to stop waits, its back-off too, until it is changed and enabled
    again.
    """
    ground = Ground()
    known = ground.apply([create("a", appRoles=[ROLE])]).known
    path, edited = (
        Text(("/applications/", Ref(app("a")))),
        {**ROLE, "description": "Changes and deletes records."},
    )
    requests = [
        Request("PATCH", path, {"appRoles": [each]}) for each in ({**ROLE, "isEnabled": False}, edited)
    ]
    step = patch("a", {"appRoles": [edited]}, phase=Phase.EDIT, fallback=tuple(requests))
    lagging = rule(
        "respond",
        "applications",
        "PATCH",
        status=404,
        code="Request_ResourceNotFound",
        message="not yet",
        skip=2,
    )
    ground.emulator.faults.plan.rules.append(lagging)
    stop, slept = asyncio.Event(), []

    async def sleep(seconds: float) -> None:
        stop.set()
        slept.append(seconds)
        await ground.clock.sleep(seconds)

    async def go() -> Outcome:
        async with await ground.connect() as graph:
            later = patch("a", {"notes": "later"}, phase=Phase.REDUCE)
            return await run(
                [step, later],
                graph,
                observe=ground.events.append,
                sleep=sleep,
                stop=stop,
                known=known,
                wait=False,
            )

    outcome = asyncio.run(go())

    assert [each.id for each in outcome.done] == ["application.a/edit"]
    assert [each.id for each, _ in outcome.not_tried] == ["application.a/reduce"]
    assert len(slept) == 1
    (row,) = ground.send(Request("GET", f"/applications/{known[Ref(app('a'))]}"))
    assert (row["appRoles"][0]["isEnabled"], row["appRoles"][0]["description"]) == (
        True,
        edited["description"],
    )
    done = [event for event in ground.events if isinstance(event, StepDone)][-1]
    assert (done.note, done.rule) == ("disabled, changed, enabled", "apply-by-disabling")


def test_the_end_comes_when_what_was_written_can_be_read_back() -> None:
    """With lagging reads apply ends later than its last write; without the wait it ends at once."""
    ground = Ground(lag={"applications": 25})
    begin = ground.clock.now()
    outcome = ground.apply([create("a")])
    assert outcome.unseen == ()
    assert (ground.clock.now() - begin).total_seconds() >= 25
    quick = Ground(lag={"applications": 25})
    quick.apply([create("a")], wait=False)
    assert waits(quick) == []


def test_the_wait_for_reading_back_is_bounded() -> None:
    """What cannot be read back in five minutes, by key either, is named; the tenant is not known to be as
    declared.
    """
    ground = Ground(lag={"applications": 100_000})
    outcome = ground.apply([create("a")])
    assert not outcome.complete
    assert [(step.id, moved) for step, moved in outcome.differs] == [
        ("application.a/create", "it is not there")
    ]


def test_what_lists_do_not_show_yet_and_a_read_by_key_does_is_done() -> None:
    """Lists lag most, so the last word is a read by key."""
    ground = Ground(list_lag={"applications": 100_000})
    outcome = ground.apply([create("a")])
    assert outcome.complete
    assert [step.id for step in outcome.unseen] == ["application.a/create"]


def edited_after(
    ground: Ground, known: dict[Ref, str], first: Step, last: Step, values: dict[str, Any]
) -> Outcome:
    """Apply two steps, with a colleague's edit of the application right after the second is answered."""

    class Colleague:
        """Edits as soon as apply has written."""

        def __call__(self, event: Any) -> None:
            if isinstance(event, StepDone) and event.step == last:
                table = ground.tenant.applications
                table.put({**table.get(known[Ref(app("a"))]), **values})

    async def go() -> Outcome:
        async with await ground.connect() as graph:
            colleague = Colleague()
            return await run(
                [first, last],
                graph,
                observe=colleague,
                sleep=ground.clock.sleep,
                jitter=lambda: 0.0,
                known=known,
            )

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("lag", "theirs", "longest"), [(0, "theirs", 40), (15, "theirs", 60), (0, "old", 330)]
)
def test_a_colleague_s_edit_after_our_own_write_is_told_and_not_waited_out(
    lag: float, theirs: str, longest: float
) -> None:
    """What differs is said, and the apply is not complete; a value of before may be lag, and is waited for
    to the end.
    """
    ground = Ground()
    known = dict(ground.apply([create("a", notes="old")]).known)
    ground.emulator.faults.plan.list_lag["applications"] = lag
    begin = ground.clock.now()
    first = patch("a", {"notes": "between"}, before={"notes": "old"})
    last = patch("a", {"notes": "ours"}, phase=Phase.EDIT, before={"notes": "between"})
    outcome = edited_after(ground, known, first, last, {"notes": theirs})
    assert [(step.id, moved) for step, moved in outcome.differs] == [
        ("application.a/edit", f"notes is {theirs!r}, expected 'ours'"),
    ]
    assert not outcome.complete
    assert (ground.clock.now() - begin).total_seconds() <= longest


def test_a_replica_that_shows_what_was_before_is_no_colleague() -> None:
    """A value of before, or of between, is waited for as long as it takes."""
    ground = Ground()
    known = dict(ground.apply([create("a", notes="old")]).known)
    ground.emulator.faults.plan.list_lag["applications"] = 100
    first = patch("a", {"notes": "between"}, before={"notes": "old"})
    outcome = ground.apply(
        [first, patch("a", {"notes": "ours"}, phase=Phase.EDIT, before={"notes": "between"})], known=known
    )
    assert (outcome.complete, outcome.differs, outcome.unseen) == (True, (), ())


def test_only_the_last_of_two_writes_of_one_property_is_looked_for() -> None:
    """An earlier value that a later step replaced is not waited for."""
    ground = Ground()
    outcome = ground.apply(
        [create("a"), patch("a", {"notes": "one"}), patch("a", {"notes": "two"}, phase=Phase.EDIT)]
    )
    assert outcome.unseen == ()
    assert waits(ground) == []


def test_the_journal_tells_every_try_and_no_body() -> None:
    """Each line has time, step, request, status, request id and duration; nothing of what was sent."""
    ground = Ground(
        rules=[
            rule(
                "respond",
                "applications",
                "POST",
                status=429,
                code="TooManyRequests",
                message="slow",
                retry_after=2,
            )
        ]
    )
    file = io.StringIO()
    ground.apply(
        [create("a", notes="hush"), enlist("a")],
        journal=Journal(file, lambda: datetime(2026, 1, 1, tzinfo=UTC)),
        wait=False,
    )
    lines = [json.loads(line) for line in file.getvalue().splitlines()]
    assert [(line["step"], line["method"], line["status"]) for line in lines] == [
        ("application.a/create", "POST", 429),
        ("application.a/create", "POST", 201),
        ("enterpriseApplication.a/create", "POST", 201),
    ]
    assert all(line["requestId"] for line in lines[1:])
    assert lines[0]["at"] == "2026-01-01T00:00:00+00:00"
    assert "hush" not in file.getvalue()


def test_steps_that_wait_for_each_other_are_an_error_of_the_plan() -> None:
    """A cycle is named, not waited for."""
    one = Step("one", (), Phase.EDIT, Request("DELETE", "/a"), needs=frozenset({"two"}))
    two = Step("two", (), Phase.EDIT, Request("DELETE", "/b"), needs=frozenset({"one"}))
    with pytest.raises(ValueError, match="wait for each other"):
        Ground().apply([one, two])
    with pytest.raises(ValueError, match="same id"):
        Ground().apply([one, one])


def test_nothing_to_do_costs_nothing() -> None:
    """No steps, no requests."""
    assert Ground().apply([]).usage.requests == 0


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


def test_a_deletion_is_seen_when_nothing_is_there_any_more() -> None:
    """After a deletion the earlier marks of the object are not looked for, its absence is."""
    ground = Ground()
    path = Text(("/applications/", Ref(app("a"))))
    step = Step(
        "application.a/delete",
        (app("a"),),
        Phase.DELETE,
        Request("DELETE", path),
        chain=str(app("a")),
        visible=Probe(Request("GET", path), Absent()),
    )
    outcome = ground.apply([create("a"), step])
    assert outcome.complete
    assert outcome.unseen == ()
    assert ground.applications() == []


def test_expectations_hold_as_they_say() -> None:
    """Present and Absent look at the status, Holds at paths, all against the same object."""
    from entra_config.apply.probes import seen
    from entra_config.graph.request import Response

    there, gone = Response(200, {"web": {"redirectUris": ["b", "a"]}, "notes": None}), Response(404, {})
    read = Request("GET", "/applications/1")
    assert seen(Probe(read, Present()), there, []).holds
    assert not seen(Probe(read, Present()), gone, []).holds
    assert seen(Probe(read, Absent()), gone, []).holds
    assert seen(
        Probe(read, Holds({"web.redirectUris": ["a", "b"], "notes": None, "spa.redirectUris": None})),
        there,
        [],
    ).holds
    assert seen(Probe(read, Holds({"notes": "x"})), there, []).moved == "notes is None, expected 'x'"
    assert seen(Probe(read, Holds({"notes": "x"})), gone, []).moved == "it is not there"


def test_what_moved_is_told_where_it_differs() -> None:
    """Entries that one side lacks by their name, entries that both have by the property that differs, long
    texts from there.
    """
    from entra_config.apply.probes import seen
    from entra_config.graph.request import Response

    read, long = Request("GET", "/applications/1"), "x" * 200
    body = {
        "appRoles": [{**ROLE, "description": long + "theirs"}, {**ROLE, "id": "2"}],
        "identifierUris": ["b", "c"],
    }
    wanted = {
        "appRoles": [{**ROLE, "description": long + "ours"}, {**ROLE, "id": "3"}],
        "identifierUris": ["a", "b"],
    }
    moved = seen(Probe(read, Holds(wanted)), Response(200, body), []).moved.split("; ")
    assert moved == [
        f"appRoles[{ROLE['id']}].description is …{'x' * 30}theirs', expected …{'x' * 30}ours'",
        "appRoles has 2",
        "appRoles lacks 3",
        "identifierUris has 'c'",
        "identifierUris lacks 'a'",
    ]
    twice = seen(Probe(read, Holds({"appRoles": [ROLE, ROLE]})), Response(200, {"appRoles": [ROLE]}), [])
    assert (twice.holds, twice.moved) == (False, "appRoles holds an entry another number of times")


def test_a_guard_lets_pass_what_is_already_as_this_step_makes_it() -> None:
    """Another run of the same manifest was here first: nothing is lost by writing the same again."""
    ground = Ground()
    first = ground.apply([create("a", notes="old")])
    ground.send(Request("PATCH", f"/applications/{first.known[Ref(app('a'))]}", {"notes": "new"}))
    assert ground.apply([patch("a", {"notes": "new"}, before={"notes": "old"})], known=first.known).complete
    half = patch("a", {"notes": "newer", "description": "d"}, before={"notes": "old", "displayName": "b"})
    assert not ground.apply([half], known=first.known).complete


def test_what_a_later_step_has_changed_since_is_looked_for_as_it_stands_now() -> None:
    """A step that waits for an earlier one is not kept waiting for a value that another step has replaced
    meanwhile.
    """
    from entra_config.apply.readback import current
    from entra_config.apply.schedule import Schedule

    first, second = patch("a", {"notes": "one"}), patch("a", {"notes": "two"}, phase=Phase.EDIT)
    other = Step("other", (), Phase.REFERENCE, Request("POST", "/x"), needs=frozenset({first.id}))
    schedule = Schedule([first, second, other])
    for step in (first, second):
        list(schedule.ready())
        schedule.settle(step, good=True)
    assert schedule.done_before(other) == [first]
    (trace,) = current(schedule.standing_before(other), {Ref(app("a")): "1"})
    assert trace.step == second
