"""What was read before a write, and what it means for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.apply import looks
from entra_config.apply.attempt import EXTERNAL, GUARD, Again, Attempt, Done, Failed, Stage, Verdict
from entra_config.apply.looks import Look
from entra_config.apply.probes import ProbeResult
from entra_config.errors import GraphError
from entra_config.graph.request import Request
from entra_config.graph.retry import REPLICATION, Backoff
from entra_config.plan.steps import Bears, Holds, Looked, Present, Probe, Step
from tests.unit.apply.ground import create, patch

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
BASIS, STRANGE, REFUSAL = Stage.CHECK_BASIS, {"strange": True}, {"refusal": REFUSED}


def again(error: str, backoff: Backoff) -> tuple[str, Backoff]:
    """Return what is waited for, and as long as what."""
    return error, backoff


def meaning(look: Look, seen: ProbeResult, probe: Probe = PLAIN, step: Step = GUARDED, **more: Any) -> Any:
    """Return what one look means: the error, with the wait where it is tried again; `done` with what is
    there; None where nothing is against the write.
    """
    attempt = Attempt(
        step,
        WRITE,
        more.get("stage", BASIS),
        refusal=more.get("refusal"),
        looked=more.get("looked", False),
        taken=more.get("taken", False),
        own=[WRITE.body],
    )
    verdict: Verdict | None = looks.meaning(
        attempt,
        [(look, probe, seen)],
        [{"displayName": "newest"}],
        own=more.get("own", False),
        strange=[seen] if more.get("strange") else [],
    )
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
        (Look.EFFECT, GONE, {"looked": True, "stage": Stage.FIND_EFFECT}, again(UNSEEN, REPLICATION)),
        (Look.EFFECT, GONE, {"looked": True, "taken": True}, again(UNSEEN, EXTERNAL)),
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
        (["ours", "entra-config:created=2"], "it bears the same marks, and this run did not make it"),
        (["entra-config:created=1"], "it is not ours"),
        (None, "it is not ours"),
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
