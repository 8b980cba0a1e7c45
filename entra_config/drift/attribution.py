"""Findings and audit events in, findings with who and when out.

The log is honest about little: some records name a property without values, some are stubs, some come half an hour late. So an
answer has a grade, speaks as of a time, and no answer has a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from entra_config.drift.audit import Event
from entra_config.drift.evidence import Question, identified, question
from entra_config.drift.model import Actor, Attribution, Finding, Reason

# Microsoft's staff say "usually under 15 minutes"; 13 to 20 were measured.
SETTLES_AFTER = timedelta(minutes=30)
SKEW = timedelta(minutes=5)
NAMED = 3


@dataclass(frozen=True, slots=True)
class Log:
    """What was read of the audit log: events newest first, the window, and why it may be incomplete."""

    events: Sequence[Event]
    since: datetime
    until: datetime
    refused: Reason = ""
    failed_only: frozenset[str] = frozenset()

    @property
    def whole_until(self) -> datetime:
        """Return until when all records have arrived."""
        return self.until - SETTLES_AFTER


@dataclass(frozen=True, slots=True)
class _Records:
    """A log by the objects that its records name; `explained` are the calls of which some record says what they did."""

    log: Log
    by_subject: Mapping[str, Sequence[Event]]
    explained: frozenset[str]

    @classmethod
    def of(cls, log: Log) -> _Records:
        """Return the records of a log."""
        by_subject: dict[str, list[Event]] = {}
        for event in log.events:
            for target in event.targets:
                by_subject.setdefault(target, []).append(event)
        told = frozenset(event.correlation for event in log.events if event.correlation and not event.is_stub)
        return cls(log, by_subject, told)

    def about(self, finding: Finding) -> list[Event]:
        """Return the records that name an object of the finding, newest first."""
        found = {event.id: event for subject in finding.subjects for event in self.by_subject.get(subject, ())}
        return sorted(found.values(), key=lambda event: (event.time, event.id), reverse=True)


@dataclass(frozen=True, slots=True)
class _Trace:
    """The records that may have made what is there now, newest first; `made` is the newest that shows it."""

    fits: tuple[Event, ...] = ()
    made: Event | None = None
    vague: bool = False
    # A record left something else behind, and none shows what came after it.
    overtaken: bool = False


def attribute(
    findings: Iterable[Finding], log: Log, deployers: AbstractSet[str] = frozenset(), good_at: datetime | None = None
) -> list[Finding]:
    """Return the findings with their attributions.

    `deployers` are the ids of those that the manifest names: their writes are told as ours. `good_at` is when the tenant was last
    known to agree with the manifest, for what an apply mends (None: never seen).
    """
    records = _Records.of(log)
    return [
        replace(finding, attribution=_one(finding, records, deployers, good_at if finding.mended else None))
        for finding in findings
    ]


def _one(finding: Finding, records: _Records, deployers: AbstractSet[str], good_at: datetime | None) -> Attribution:
    log = records.log
    if log.refused:
        return Attribution("none", reason=log.refused)
    asking = question(finding)
    if asking is None:
        return Attribution("none", reason="not_told")
    # What was good then was made since: a record before it is nobody's.
    events = [event for event in records.about(finding) if good_at is None or event.time >= good_at]
    trace = _trace(finding, asking, events, records.explained)
    found = _graded(finding, trace, log, deployers)
    return found or Attribution("none", reason=_reason(finding, events, trace, log, good_at))


def _trace(finding: Finding, asking: Question, events: Sequence[Event], explained: frozenset[str]) -> _Trace:
    said = [(event, asking(event)) for event in events if not (event.is_stub and event.correlation in explained)]
    # One call has several records: the one that tells the values speaks for those that do not.
    shown = {event.correlation for event, verdict in said if verdict in {"made", "unmade", "kept"} and event.correlation}
    fits: list[Event] = []
    vague = True
    for event, verdict in said:
        match verdict:
            case "made" if identified(finding, event):
                return _Trace((event,), event)
            case "made":
                return _Trace((*fits, event), event)
            case "unmade":
                return _Trace(tuple(fits), vague=vague, overtaken=not fits)
            case "may" if event.correlation not in shown:
                fits.append(event)
                vague = vague and event.is_stub
            case _:
                pass
    return _Trace(tuple(fits), vague=vague)


def _graded(finding: Finding, trace: _Trace, log: Log, deployers: AbstractSet[str]) -> Attribution | None:
    """Return who it was, as sure as the records make it."""
    if not trace.fits:
        return None
    told = trace.made or trace.fits[0]
    actors = tuple(dict.fromkeys(_bare(event.actor) for event in trace.fits))
    shown = {_bare(event.actor): event.actor for event in reversed(trace.fits)}
    own = told.actor.id in deployers
    if trace.made is not None and identified(finding, trace.made):
        return Attribution("exact", told.actor, told.time, record_id=told.id, suspects=1, ours=own)
    if trace.fits == (trace.made,) and told.time <= log.whole_until:
        return Attribution("exact", told.actor, told.time, record_id=told.id, suspects=1, ours=own, as_of=log.whole_until)
    if len(actors) == 1 and (trace.made is not None or not trace.vague):
        return Attribution("likely", told.actor, told.time, record_id=told.id, suspects=1, ours=own, as_of=log.whole_until)
    newest = trace.fits[0]
    return Attribution(
        "possible",
        newest.actor,
        newest.time,
        others=tuple(shown[actor] for actor in actors[1:NAMED]),
        record_id=newest.id,
        suspects=len(actors),
        ours=newest.actor.id in deployers,
        as_of=log.whole_until,
    )


def _bare(actor: Actor) -> Actor:
    """Return the actor without the tool: one person at two tools is one."""
    return replace(actor, via="")


def _reason(finding: Finding, events: Sequence[Event], trace: _Trace, log: Log, good_at: datetime | None) -> Reason:
    if finding.subjects and not events and log.failed_only & frozenset(finding.subjects):
        return "failed_attempts_only"
    if trace.overtaken or (good_at is not None and good_at > log.whole_until):
        return "too_recent"
    if events:
        return "not_recorded"
    if good_at is not None and good_at < log.since:
        return "beyond_retention"
    return "no_events"
