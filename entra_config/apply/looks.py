"""An attempt in; what is read before it writes, and what that means for it, out.

An edit between a guard's answer and the write that follows, one call wide, is not seen: Graph has no
conditional PATCH.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import Any, assert_never

from entra_config.apply import messages, readback
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
from entra_config.apply.messages import Message
from entra_config.apply.probes import ProbeResult, resolved
from entra_config.errors import GraphError
from entra_config.graph.retry import REPLICATION, Backoff
from entra_config.kinds.base import CREATED_TAG, ownership
from entra_config.kinds.graph_values import at
from entra_config.plan.diff import holds
from entra_config.plan.steps import Bears, Holds, Looked, Probe, Step
from entra_config.resource import Ref, Value


class Look(Enum):
    """Why something is read before a write."""

    EFFECT = "the step's own effect, whose response was lost"
    BASIS = "what this run wrote before, and the step comes after"
    PREMISE = "what the step builds on, and this run does not write"
    GUARD = "what must stand there still"
    WATCH = "who could act as the client that is given something"


def needed(
    attempt: Attempt,
    before: Sequence[Step],
    known: Mapping[Ref, str],
    found_again: AbstractSet[str] = frozenset(),
) -> list[tuple[Look, Probe]]:
    """Return the probes that stand before an attempt's write: its lost effect, what it depends on, its
    guard, its watches.
    """
    step = attempt.step
    found: list[tuple[Look, Probe | None]] = []
    if attempt.stage.looks_for_effect:
        found.append((Look.EFFECT, step.found_by))
    if attempt.stage is Stage.CHECK_BASIS:
        found += [(Look.BASIS, trace.probe) for trace in readback.current(before, known)]
        found.append((Look.PREMISE, step.premise))
    found.append((Look.GUARD, step.guard))
    found += [(Look.WATCH, watch.probe) for watch in step.watches if watch.always or watch.key in found_again]
    return [(look, full) for look, probe in found if probe and (full := resolved(probe, known))]


def outlived(step: Step, replaced: AbstractSet[str]) -> Failed | None:
    """Return why a client is given nothing of which this run changed what somebody else may have put there:
    a token may outlive that.
    """
    if any(watch.key in replaced for watch in step.watches):
        return Failed(messages.REPLACED.error(step=step.id))
    return None


def meaning(
    attempt: Attempt,
    looks: Sequence[tuple[Look, Probe, ProbeResult]],
    later: Sequence[Value],
    *,
    own: bool,
    strange: Collection[ProbeResult] = (),
) -> Verdict | None:
    """Return what was seen means for an attempt; None when it may write.

    `later` are the bodies that this run writes to the object after this step; `own`: it wrote what the step
    comes after; `strange`: of what was seen, that which is neither what the plan read nor what this run
    wrote.
    """
    # Where an earlier run came further, what this one wrote before will never be readable again.
    if any(
        look is Look.GUARD and not seen.holds and _has_gone_on(attempt, seen, later)
        for look, _, seen in looks
    ):
        return Done(None, messages.EARLIER_RUN.filled())
    for look, probe, seen in looks:
        if seen.error:
            return Failed(seen.error)
        verdict = _one(attempt, look, probe, seen, own=own, strange=seen in strange)
        if verdict is not None:
            return verdict
    return None


def _one(
    attempt: Attempt, look: Look, probe: Probe, seen: ProbeResult, *, own: bool, strange: bool
) -> Verdict | None:
    """Return what one look means; None where nothing is against the write."""
    match look:
        case Look.EFFECT:
            return _effect(attempt, seen)
        case _ if seen.holds:
            return None
        case Look.BASIS if strange:
            return _again(attempt, messages.WAITS_FOR_OWN_WRITES, EXTERNAL, _moved(attempt.step, seen))
        case Look.BASIS:
            error = attempt.refusal or _unseen(attempt.step, seen)
            return _again(attempt, messages.WAITS_FOR_WRITTEN, REPLICATION, error)
        case Look.PREMISE:
            # All that this run wrote is readable, so what is missing is not on its way.
            return _again(attempt, messages.WAITS_FOR_PREMISE, EXTERNAL, _moved(attempt.step, seen))
        case Look.WATCH:
            return _watched(attempt, probe, seen, own=own)
        case Look.GUARD if _so_already(attempt, seen):
            return None
        case Look.GUARD:
            moved = _moved(attempt.step, seen)
            # What this run wrote itself may not be readable everywhere yet.
            patience = EXTERNAL if strange else GUARD
            return _again(attempt, messages.WAITS_FOR_OWN_WRITES, patience, moved) if own else Failed(moved)
        case _:
            assert_never(look)


def _effect(attempt: Attempt, seen: ProbeResult) -> Verdict | None:
    """Return what it means that an effect is there or is not; None where the request is to be sent again."""
    step = attempt.step
    if seen.holds:
        return Done(seen.item, messages.FOUND_AGAIN.filled())
    if seen.item and step.found_by and isinstance(step.found_by.expect, Bears):
        return Failed(_somebodys(attempt, seen.item))
    if seen.item and attempt.taken and step.fallback:
        return FallsBack()
    refused = attempt.refusal or _unseen(step, seen)
    if attempt.taken:
        return _again(attempt, messages.WAITS_FOR_HOLDER, EXTERNAL, refused)
    if not attempt.looked or attempt.stage is Stage.FIND_EFFECT:
        # The call that broke may still be under way: looked for twice before it is sent again.
        attempt.looked = True
        return _again(attempt, messages.RESPONSE_LOST, REPLICATION, refused)
    return None


def _again(attempt: Attempt, message: Message, backoff: Backoff, error: GraphError) -> Again:
    return Again(message.filled(), backoff, attempt.stage, error)


def _watched(attempt: Attempt, probe: Probe, seen: ProbeResult, *, own: bool) -> Verdict:
    """Return what it means that a client which a step arms has, or may have, what is not declared."""
    step = attempt.step
    if seen.late:
        return _again(attempt, messages.WAITS_FOR_LOOK, REPLICATION, _unseen(step, seen))
    # All that this run took away before its mark is gone in an answer with the mark; in others it may be
    # readable a while longer.
    patient = own and not isinstance(probe.expect, Looked)
    armed = messages.ARMED.error(step=step.id, moved=seen.moved)
    return _again(attempt, messages.WAITS_FOR_REMOVAL, GUARD, armed) if patient else Failed(armed)


def _so_already(attempt: Attempt, seen: ProbeResult) -> bool:
    """Tell whether whatever moved became what this step makes of it: another run of the same manifest was
    here.
    """
    return _written(attempt, seen, attempt.own)


def _has_gone_on(attempt: Attempt, seen: ProbeResult, later: Sequence[Value]) -> bool:
    """Tell whether the object is where a later step takes it: an earlier run came further than the list
    that the plan read.
    """
    return _written(attempt, seen, [attempt.request.body, *later]) and not _so_already(attempt, seen)


def _written(attempt: Attempt, seen: ProbeResult, bodies: Sequence[Value]) -> bool:
    """Tell whether each guarded value is what one of the bodies writes."""
    guard = attempt.step.guard
    if guard is None or not isinstance(guard.expect, Holds) or seen.item is None:
        return False
    return all(
        any(_writes(body, path) and holds(at(seen.item, path), at(body, path)) for body in bodies)
        for path in guard.expect.values
    )


def _writes(body: Value, path: str) -> bool:
    *parents, last = path.split(".")
    parent = at(body, ".".join(parents)) if parents else body
    return isinstance(parent, Mapping) and last in parent


def _somebodys(attempt: Attempt, item: Mapping[str, Any]) -> GraphError:
    """Return that the holder of the name is not what this run made: another application, or one that another
    run of the same manifest made.
    """
    body = attempt.request.body if isinstance(attempt.request.body, Mapping) else {}
    marks = {tag for tag in body.get("tags") or () if not str(tag).startswith(CREATED_TAG)}
    refused = attempt.refusal
    names: dict[str, str] = {
        "request_id": refused.request_id if refused else "",
        "code": refused.code if refused else "",
        "holder": f"'{item.get('displayName')}' (appId {item.get('appId')})",
        "name": str(item.get("uniqueName")),
    }
    if marks <= set(item.get("tags") or ()):
        return messages.NAME_HELD_BY_TWIN.error(**names)
    tags = ", ".join(map(repr, ownership(item)))
    return messages.NAME_HELD.error(
        **names, tags=f"has the ownership tags {tags}" if tags else "has no ownership tags"
    )


def _unseen(step: Step, seen: ProbeResult) -> GraphError:
    return messages.UNSEEN.error(step=step.id, moved=seen.moved)


def _moved(step: Step, seen: ProbeResult) -> GraphError:
    probe = step.guard or step.premise
    return messages.MOVED.error(
        moved=seen.moved, path=str(probe.request.path).partition("?")[0] if probe else ""
    )
