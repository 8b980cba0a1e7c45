"""What was read before a write, and what it means for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.apply import looks
from entra_config.apply.attempt import (
    EXTERNAL,
    GUARD,
    Again,
    Attempt,
    Done,
    Failed,
    FallsBack,
    Stage,
    Verdict,
)
from entra_config.apply.looks import Look
from entra_config.apply.probes import ProbeResult
from entra_config.errors import GraphError
from entra_config.graph.request import Request
from entra_config.graph.retry import REPLICATION, Backoff
from entra_config.plan.steps import Bears, Holds, Looked, Present, Probe, Step, Watch
from entra_config.resource import Ref, Text
from tests.unit.apply.ground import app, create, patch

WRITE = Request("PATCH", "/applications/1?x=y", {"displayName": "new"})
GUARDED = replace(
    patch("a", {"displayName": "new"}),
    guard=Probe(Request("GET", "/applications/1?$select=id"), Holds({"displayName": "old"})),
)
REFUSED = GraphError("refused by Graph")
BROKEN = GraphError("broken")
MOVED = "the tenant moved since the plan was made: it is gone (/applications/1)"
UNSEEN = "application.a/extend: what was written cannot be read back: it is gone"
ARMED = "application.a/extend: nothing is granted: somebody undeclared could act as its client: it is gone"
GONE = ProbeResult(False, None, "it is gone")
ANOTHER = ProbeResult(False, {"displayName": "another"}, "it is gone")
OURS = ProbeResult(False, {"displayName": "new"}, "it is gone")
LATER = ProbeResult(False, {"displayName": "newest"}, "it is gone")
PLAIN = Probe(Request("GET", "/applications/1"), Present())
WATCHED = Probe(Request("GET", "/applications/1"), Looked("tag", ()))
BUILT_ON = replace(GUARDED, guard=None, premise=Probe(Request("GET", "/applications/2"), Present()))
TWICE = replace(GUARDED, guard=Probe(PLAIN.request, Holds({"displayName": "old", "notes": "x"})))
BORN = replace(GUARDED, found_by=Probe(PLAIN.request, Bears("entra-config:created=1")))
EITHER = replace(GUARDED, fallback=(WRITE,))
BASIS, STRANGE, REFUSAL = Stage.CHECK_BASIS, {"strange": True}, {"refusal": REFUSED}


def again(error: str, backoff: Backoff) -> tuple[str, Backoff]:
    """Return what is waited for, and as long as what."""
    return error, backoff


def meaning(look: Look, seen: ProbeResult, probe: Probe = PLAIN, step: Step = GUARDED, **more: Any) -> Any:
    """Return what one look means: the error, with the wait where it is tried again; `done` with what is
    there; None where nothing is against the write.
    """
    body = more.get("body", WRITE.body)
    attempt = Attempt(
        step,
        replace(WRITE, body=body),
        more.get("stage", BASIS),
        refusal=more.get("refusal"),
        looked=more.get("looked", False),
        taken=more.get("taken", False),
        own=[body],
    )
    verdict: Verdict | None = looks.meaning(
        attempt,
        [(look, probe, seen)],
        [{"displayName": "newest"}],
        own=more.get("own", False),
        strange=[seen] if more.get("strange") else [],
    )
    if look is Look.EFFECT and isinstance(verdict, Again) and not attempt.taken:
        assert attempt.looked
    match verdict:
        case Again():
            assert verdict.stage is attempt.stage
            return str(verdict.error), verdict.backoff
        case Failed():
            return str(verdict.error)
        case Done():
            return "done", verdict.body
        case _:
            return verdict


@pytest.mark.parametrize(
    ("look", "seen", "more", "means"),
    [
        *((look, ProbeResult(True), {"own": True}, None) for look in Look if look is not Look.EFFECT),
        *((look, ProbeResult(False, error=BROKEN), {}, "broken") for look in Look),
        (Look.BASIS, GONE, {}, again(UNSEEN, REPLICATION)),
        (Look.BASIS, GONE, REFUSAL, again("refused by Graph", REPLICATION)),
        (Look.BASIS, GONE, STRANGE | REFUSAL, again(MOVED, EXTERNAL)),
        (Look.PREMISE, GONE, REFUSAL, again(MOVED, EXTERNAL)),
        (Look.PREMISE, LATER, {}, again(MOVED, EXTERNAL)),
        (Look.PREMISE, GONE, {"step": BUILT_ON}, again(MOVED.replace("1)", "2)"), EXTERNAL)),
        (Look.GUARD, replace(LATER, holds=True), {}, None),
        (Look.GUARD, OURS, {"step": TWICE}, MOVED),  # one of two values is somebody else's
        (Look.GUARD, OURS, {"step": replace(GUARDED, guard=PLAIN)}, MOVED),
        (Look.GUARD, GONE, {"body": {"displayName": None}}, MOVED),
        (Look.GUARD, OURS, {"body": {}}, MOVED),
        (Look.GUARD, ANOTHER, {"body": ["displayName"]}, MOVED),
        (Look.GUARD, ANOTHER, {}, MOVED),
        (Look.GUARD, ANOTHER, STRANGE, MOVED),
        (Look.GUARD, ANOTHER, {"own": True}, again(MOVED, GUARD)),
        (Look.GUARD, ANOTHER, STRANGE | {"own": True}, again(MOVED, EXTERNAL)),
        (Look.GUARD, GONE, {}, MOVED),
        (Look.GUARD, OURS, {}, None),  # another run of the same manifest was here
        (Look.GUARD, LATER, {}, ("done", None)),  # and an earlier run went on
        (Look.WATCH, GONE, {}, ARMED),
        (Look.WATCH, GONE, {"own": True}, again(ARMED, GUARD)),
        (Look.WATCH, GONE, {"own": True, "probe": WATCHED}, ARMED),
        (Look.WATCH, replace(GONE, late=True), {}, again(UNSEEN, REPLICATION)),
        (Look.EFFECT, ProbeResult(True, {"id": "1"}), {}, ("done", {"id": "1"})),
        (Look.EFFECT, GONE, {}, again(UNSEEN, REPLICATION)),
        (Look.EFFECT, GONE, REFUSAL, again("refused by Graph", REPLICATION)),
        (Look.EFFECT, GONE, {"looked": True}, None),
        (Look.EFFECT, GONE, {"step": BORN}, again(UNSEEN, REPLICATION)),
        (Look.EFFECT, ANOTHER, {"step": replace(BORN, found_by=PLAIN)}, again(UNSEEN, REPLICATION)),
        (Look.EFFECT, GONE, {"looked": True, "stage": Stage.FIND_EFFECT}, again(UNSEEN, REPLICATION)),
        (Look.EFFECT, GONE, {"looked": True, "taken": True}, again(UNSEEN, EXTERNAL)),
        (Look.EFFECT, GONE, {"step": EITHER, "taken": True}, again(UNSEEN, EXTERNAL)),
        (Look.EFFECT, ANOTHER, {"step": EITHER, "taken": True}, FallsBack()),
        (Look.EFFECT, ANOTHER, {"taken": True}, again(UNSEEN, EXTERNAL)),
        (Look.EFFECT, ANOTHER, {"step": EITHER}, again(UNSEEN, REPLICATION)),
        (Look.EFFECT, ProbeResult(True, {"id": "1"}), {"step": EITHER, "taken": True}, ("done", {"id": "1"})),
    ],
)
def test_each_look_means_one_thing(
    look: Look, seen: ProbeResult, more: dict[str, Any], means: object
) -> None:
    """Whoever waits in vain is told what Graph refused, or what is not to be read; who cannot wait, what
    moved.
    """
    assert meaning(look, seen, **more) == means


@pytest.mark.parametrize(
    ("theirs", "why"),
    [
        (["ours", "entra-config:created=2"], "it has the same ownership tags, and this run did not make it"),
        (["ours"], "it has the same ownership tags, and this run did not make it"),
        (["entra-config:created=1"], "it has no ownership tags"),
        (None, "it has no ownership tags"),
        (
            ["entra-config:owner=shop/dev", "entra-config:key=web"],
            "it has the ownership tags 'entra-config:owner=shop/dev', 'entra-config:key=web'",
        ),
    ],
)
def test_whoever_holds_the_name_of_what_is_made_is_told(theirs: list[str] | None, why: str) -> None:
    """Another run of the same manifest bears its marks; when each of them made it is no mark."""
    body = {"tags": ["ours", "entra-config:created=1"]}
    step = replace(create("a"), found_by=Probe(PLAIN.request, Bears("entra-config:created=1")))
    attempt = Attempt(step, Request("POST", "/applications", body), Stage.FIND_EFFECT)
    held = {"displayName": "Theirs", "appId": "app", "uniqueName": "a", "tags": theirs}
    refused = GraphError("refused", request_id="r-1", code="Conflict")
    for attempt.refusal, known in ((None, ("", "")), (refused, ("r-1", "Conflict"))):
        verdict = looks.meaning(attempt, [(Look.EFFECT, PLAIN, ProbeResult(False, held))], [], own=False)
        assert isinstance(verdict, Failed)
        assert why in str(verdict.error)
        assert "'Theirs' (appId app)" in str(verdict.error)
        assert (verdict.error.request_id, verdict.error.code) == known


def test_of_what_bears_no_marks_whoever_holds_the_name_is_a_twin() -> None:
    """What this run makes without tags has none that another could lack."""
    step = replace(create("a"), found_by=Probe(PLAIN.request, Bears("entra-config:created=1")))
    attempt = Attempt(step, Request("POST", "/applications", {"tags": None}), Stage.FIND_EFFECT)
    held = ProbeResult(False, {"displayName": "Theirs"})

    assert "it has the same ownership tags" in str(
        looks.meaning(attempt, [(Look.EFFECT, PLAIN, held)], [], own=False)
    )


def test_an_earlier_run_that_went_on_is_seen_beside_whatever_else_is_read() -> None:
    """Its guard tells, whether what it builds on is there or not."""
    for holds in (True, False):
        seen = [(Look.PREMISE, PLAIN, ProbeResult(holds)), (Look.GUARD, PLAIN, LATER)]
        verdict = looks.meaning(Attempt(GUARDED, WRITE), seen, [{"displayName": "newest"}], own=False)
        assert isinstance(verdict, Done)


HELD = Watch("held", Probe(Request("GET", "/held"), Present()))
ALWAYS = Watch("always", Probe(Request("GET", "/always"), Present()), always=True)
OPEN = Watch("open", Probe(Request("GET", Text(("/", Ref(app("new"))))), Present()), always=True)
WHOLE = replace(
    BUILT_ON,
    guard=GUARDED.guard,
    found_by=PLAIN,
    watches=(HELD, ALWAYS, OPEN),
)


@pytest.mark.parametrize(
    ("stage", "found_again", "looked_at"),
    [
        (Stage.WRITE, set(), [Look.GUARD, Look.WATCH]),
        (Stage.WRITE, {"held"}, [Look.GUARD, Look.WATCH, Look.WATCH]),
        (Stage.WRITE, {"other"}, [Look.GUARD, Look.WATCH]),
        (Stage.FALLBACK, set(), [Look.GUARD, Look.WATCH]),
        (Stage.CHECK_BASIS, set(), [Look.BASIS, Look.PREMISE, Look.GUARD, Look.WATCH]),
        (Stage.CHECK_EFFECT, set(), [Look.EFFECT, Look.GUARD, Look.WATCH]),
        (Stage.FIND_EFFECT, set(), [Look.EFFECT, Look.GUARD, Look.WATCH]),
    ],
)
def test_what_is_read_before_a_write(stage: Stage, found_again: set[str], looked_at: list[Look]) -> None:
    """Its own effect where it may be there already, what it builds on where that may be on its way, and its
    guard and who could act as the client always; what has no id yet cannot be read.
    """
    before = [replace(GUARDED, id="earlier", guard=None, visible=PLAIN)]

    assert [
        look for look, _ in looks.needed(Attempt(WHOLE, WRITE, stage), before, {}, found_again)
    ] == looked_at
    bare = replace(GUARDED, guard=None)
    assert looks.needed(Attempt(bare, WRITE, stage), [], {}, found_again) == []


@pytest.mark.parametrize(
    ("watched", "replaced", "given"),
    [((), {"a"}, True), (("a",), set(), True), (("b",), {"a"}, True), (("b", "a"), {"a"}, False)],
)
def test_a_client_is_given_nothing_once_another_s_was_changed(
    watched: tuple[str, ...], replaced: set[str], given: bool
) -> None:
    """Whether what lets somebody act as it stands there still or not: a token may outlive it."""
    step = replace(GUARDED, watches=tuple(Watch(key, PLAIN) for key in watched))
    failed = looks.outlived(step, replaced)
    assert (failed is None) is given
    if failed is not None:
        assert str(failed.error).startswith(
            "application.a/extend: nothing is granted: a federated credential "
        )
        assert failed.error.rule == "apply-replaced"
