"""Findings and audit events in, findings with who and when out.

The log is honest about little: some records name a property without values, some are stubs, some come a quarter of an hour late.
So an
answer has a grade, and no answer has a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from entra_config.drift.audit import Event, tokens
from entra_config.drift.evidence import Evidence, evidence
from entra_config.drift.model import Actor, Attribution, Finding, Reason

# Microsoft's staff say "usually under 15 minutes"; 13 to 20 were measured.
SETTLES_AFTER = timedelta(minutes=30)
SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Log:
    """What was read of the audit log: events newest first, the window, and why it may be incomplete."""

    events: Sequence[Event]
    since: datetime
    until: datetime
    refused: Reason = ""
    failed_only: frozenset[str] = frozenset()


def attribute(findings: Iterable[Finding], log: Log, is_own: Callable[[Actor], bool], good_at: datetime | None) -> list[Finding]:
    """Return the findings with their attributions.

    `is_own` tells our deployers' writes: they bound the time, they are not the culprit. `good_at` is when the tenant was last
    known to
    agree with the manifest (None: never seen).
    """
    by_subject: dict[str, list[Event]] = {}
    for event in log.events:
        for target in event.targets:
            by_subject.setdefault(target, []).append(event)
    return [replace(finding, attribution=_one(finding, by_subject, log, is_own, good_at)) for finding in findings]


def _one(
    finding: Finding,
    by_subject: dict[str, list[Event]],
    log: Log,
    is_own: Callable[[Actor], bool],
    good_at: datetime | None,
) -> Attribution:
    if log.refused:
        return Attribution("none", reason=log.refused)
    about = {event.id: event for subject in finding.subjects for event in by_subject.get(subject, ())}
    candidates = sorted(about.values(), key=lambda event: (event.time, event.id), reverse=True)
    others = [event for event in candidates if not is_own(event.actor)]
    clues = evidence(finding)
    return (
        _exact(clues, candidates, is_own)
        or _likely(clues, others)
        or _possible(others)
        or Attribution("none", reason=_reason(finding, candidates, log, good_at))
    )


def _exact(clues: Sequence[Evidence], candidates: Sequence[Event], is_own: Callable[[Actor], bool]) -> Attribution | None:
    """Return the newest record that shows the element come, go or change, if a stranger wrote it."""
    for event in candidates:
        if shown := [clue for clue in clues if _shows(clue, event)]:
            if not is_own(event.actor) and all(_overtaken(clue, event) for clue in shown):
                # Somebody wrote another value after this one, and that record is late: whoever stands here did not do it.
                return Attribution("none", reason="too_recent")
            # Our own write shows the element last: what a stranger did before it is not what is there now.
            return None if is_own(event.actor) else Attribution("exact", event.actor, event.time, record_id=event.id)
    return None


def _shows(clue: Evidence, event: Event) -> bool:
    if not clue.activity(event.activity):
        return False
    if clue.property == "":
        return clue.target in event.targets if clue.target else True
    if clue.property not in event.old and clue.property not in event.new:
        return False
    if clue.target and clue.target not in event.targets:
        return False
    before, after = (tokens(clue.property, side.get(clue.property)) for side in (event.old, event.new))
    was, now = _holding(clue.element, before), _holding(clue.element, after)
    match clue.sign:
        case "added":
            return bool(now) and not was
        case "removed":
            return bool(was) and not now
        case "changed":
            return was != now


def _overtaken(clue: Evidence, event: Event) -> bool:
    """Tell whether a record left another value behind than the one that is there now."""
    return clue.value is not None and clue.value not in tokens(clue.property, event.new.get(clue.property))


def _holding(element: object, found: frozenset[object]) -> frozenset[object]:
    """Return the tokens that are, or start with, the element; all of them where the property has one value."""
    if element is None:
        return found
    return frozenset(
        token for token in found if token == element or (isinstance(token, tuple) and token[: _width(element)] == _key(element))
    )


def _key(element: object) -> tuple[object, ...]:
    return element if isinstance(element, tuple) else (element,)


def _width(element: object) -> int:
    return len(element) if isinstance(element, tuple) else 1


def _likely(clues: Sequence[Evidence], others: Sequence[Event]) -> Attribution | None:
    for event in others:
        if any(clue.property and clue.activity(event.activity) and clue.property in event.named for clue in clues):
            return Attribution("likely", event.actor, event.time, record_id=event.id)
    return None


def _possible(others: Sequence[Event]) -> Attribution | None:
    """Return up to three actors of records that say no more than that the object was touched."""
    vague = [event for event in others if not event.named or event.activity.startswith("Update service principal")]
    if not vague:
        return None
    actors = tuple(dict.fromkeys(event.actor for event in vague))[:3]
    return Attribution("possible", actors[0], vague[0].time, others=actors[1:], record_id=vague[0].id)


def _reason(finding: Finding, candidates: Sequence[Event], log: Log, good_at: datetime | None) -> Reason:
    if finding.subjects and not candidates and log.failed_only & frozenset(finding.subjects):
        return "failed_attempts_only"
    if good_at is not None and log.until - good_at < SETTLES_AFTER:
        return "too_recent"
    if candidates:
        return "not_recorded"
    if good_at is not None and good_at < log.since:
        return "beyond_retention"
    return "no_events"
