"""A trial in; what is read before it writes, and what that means for it, out.

An edit between a guard's answer and the write that follows, one call wide, is not seen: Graph has no conditional PATCH.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from entra_config.apply import readback
from entra_config.apply.probes import Seen, at, resolved
from entra_config.apply.trial import FOREIGN, GUARD, Again, Done, Failed, Trial, Verdict
from entra_config.errors import GraphError
from entra_config.graph.retry import REPLICATION
from entra_config.plan.diff import holds
from entra_config.plan.steps import Bears, Holds, Looked, Probe, Step
from entra_config.resource import Ref, Value

CREATED = "entra-config:created="
FOUND_BY, VISIBLE, PREMISE, GUARDED, WATCHED = "found_by", "visible", "premise", "guard", "watch"


def needed(
    trial: Trial, before: Sequence[Step], known: Mapping[Ref, str], found_again: AbstractSet[str] = frozenset()
) -> list[tuple[str, Probe]]:
    """Return the probes that stand before a trial's write: its own lost effect, what it depends on, its guard, its watches."""
    step = trial.step
    found: list[tuple[str, Probe | None]] = []
    if trial.look.startswith(FOUND_BY):
        found.append((FOUND_BY, step.found_by))
    if trial.look == VISIBLE:
        found += [(VISIBLE, trace.probe) for trace in readback.current(before, known)]
        found.append((PREMISE, step.premise))
    found.append((GUARDED, step.guard))
    found += [(WATCHED, watch.probe) for watch in step.watches if watch.always or watch.key in found_again]
    return [(name, full) for name, probe in found if probe and (full := resolved(probe, known))]


def meaning(
    trial: Trial, looks: Sequence[tuple[str, Probe, Seen]], later: Sequence[Value], *, own: bool, strange: Collection[Seen] = ()
) -> Verdict | None:
    """Return what was seen means for a trial; None when it may write.

    `later` are the bodies that this run writes to the object after this step; `own`: it wrote what the step comes after;
    `strange`: of what was seen, that which is neither what the plan read nor what this run wrote.
    """
    # Where an earlier run came further, what this one wrote before will never be readable again.
    if any(name == GUARDED and not seen.holds and _has_gone_on(trial, seen, later) for name, _, seen in looks):
        return Done(None, "an earlier run did it already")
    for name, probe, seen in looks:
        if seen.error:
            return Failed(seen.error)
        match name:
            case "found_by" if seen.holds:
                return Done(seen.item, "its answer was lost; it was found again")
            case "found_by" if seen.item and trial.step.found_by and isinstance(trial.step.found_by.expect, Bears):
                return Failed(_somebodys(trial, seen.item))
            case "found_by" if trial.taken:
                refused = trial.refusal or _unseen(trial.step, seen)
                return Again("the holder of the name to be readable", FOREIGN, trial.look, refused)
            case "found_by" if not trial.looked or trial.look == "found_by only":
                # The call that broke may still be under way: looked for twice before it is sent again.
                trial.looked = True
                return Again("an answer was lost", REPLICATION, trial.look, trial.refusal or _unseen(trial.step, seen))
            case "visible" if not seen.holds and seen in strange:
                return Again("own writes to be readable", FOREIGN, trial.look, _moved(trial.step, seen))
            case "visible" if not seen.holds:
                return Again(
                    "what was written to be readable", REPLICATION, trial.look, trial.refusal or _unseen(trial.step, seen)
                )
            case "premise" if not seen.holds:
                # All that this run wrote is readable, so what is missing is not on its way.
                return Again("what it builds on to be readable", FOREIGN, trial.look, _moved(trial.step, seen))
            case "watch" if not seen.holds:
                return _watched(trial, probe, seen, own=own)
            case "guard" if not seen.holds and not _so_already(trial, seen):
                moved = _moved(trial.step, seen)
                # What this run wrote itself may not be readable everywhere yet.
                patience = FOREIGN if seen in strange else GUARD
                return Again("own writes to be readable", patience, trial.look, moved) if own else Failed(moved)
    return None


def _watched(trial: Trial, probe: Probe, seen: Seen, *, own: bool) -> Verdict:
    """Return what it means that a client which a step arms has, or may have, what nobody declared."""
    if seen.late:
        return Again("the mark of the look to be readable", REPLICATION, trial.look, _unseen(trial.step, seen))
    # All that this run took away before its mark is gone in an answer with the mark; in others it may be readable a while longer.
    patient = own and not isinstance(probe.expect, Looked)
    armed = _armed(trial.step, seen)
    return Again("what was taken away to be gone", GUARD, trial.look, armed) if patient else Failed(armed)


def _so_already(trial: Trial, seen: Seen) -> bool:
    """Tell whether whatever moved became what this step makes of it: another run of the same manifest was here."""
    return _written(trial, seen, trial.own)


def _has_gone_on(trial: Trial, seen: Seen, later: Sequence[Value]) -> bool:
    """Tell whether the object is where a later step takes it: an earlier run came further than the list that the plan read."""
    return _written(trial, seen, [trial.request.body, *later]) and not _so_already(trial, seen)


def _written(trial: Trial, seen: Seen, bodies: Sequence[Value]) -> bool:
    """Tell whether each guarded value is what one of the bodies writes."""
    guard = trial.step.guard
    if guard is None or not isinstance(guard.expect, Holds) or seen.item is None:
        return False
    return all(
        any(_writes(body, path) and holds(at(seen.item, path), at(body, path)) for body in bodies) for path in guard.expect.values
    )


def _writes(body: Value, path: str) -> bool:
    *parents, last = path.split(".")
    parent = at(body, ".".join(parents)) if parents else body
    return isinstance(parent, Mapping) and last in parent


def _somebodys(trial: Trial, item: Mapping[str, Any]) -> GraphError:
    """Return that the holder of the name is not what this run made: somebody's, or another run's of the same manifest."""
    body = trial.request.body if isinstance(trial.request.body, Mapping) else {}
    marks = {tag for tag in body.get("tags") or () if not str(tag).startswith(CREATED)}
    alike = marks <= set(item.get("tags") or ())
    who = f"'{item.get('displayName')}' (appId {item.get('appId')}) holds the uniqueName {item.get('uniqueName')}"
    why = "it bears the same marks, and this run did not make it" if alike else "it is not ours"
    return GraphError(
        f"{who}: {why}; it is not adopted, and nothing is granted to it",
        code=trial.refusal.code if trial.refusal else "",
        request_id=trial.refusal.request_id if trial.refusal else "",
        advice="If another run made it, run plan again: it is identified then. Else plan again: the next free name is taken.",
    )


def _unseen(step: Step, seen: Seen) -> GraphError:
    return GraphError(f"{step.id}: what was written cannot be read back: {seen.moved}", advice="Run apply again later.")


def _armed(step: Step, seen: Seen) -> GraphError:
    return GraphError(
        f"{step.id}: nothing is granted: somebody undeclared could act as its client: {seen.moved}",
        code="Armed",
        advice="Run plan again and look at who that is.",
    )


def _moved(step: Step, seen: Seen) -> GraphError:
    probe = step.guard or step.premise
    path = str(probe.request.path).partition("?")[0] if probe else ""
    return GraphError(
        f"the tenant moved since the plan was made: {seen.moved} ({path})",
        code="Moved",
        advice="Run plan again and look at what changed.",
    )
