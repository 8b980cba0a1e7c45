"""Findings and audit events in, findings with who and when out.

The log is honest about little: some records name a property without values, some are stubs, some come half an
hour late. So an answer has a grade, speaks as of a time, and no answer has a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from entra_config.drift.audit import Event
from entra_config.drift.evidence import Question, Verdict, final, identified, question
from entra_config.drift.model import Actor, Attribution, Finding, Reason

# Microsoft's staff say "usually under 15 minutes"; 13 to 20 were measured.
SETTLES_AFTER = timedelta(minutes=30)
SKEW = timedelta(minutes=5)
# The log dates a change up to four seconds late, and not each record alike: of two that lie nearer than this
# nobody knows which came first.
APART = timedelta(seconds=5)
NAMED = 3


@dataclass(frozen=True, slots=True)
class Log:
    """What was read of the audit log: events newest first, the window, and why it may be incomplete.

    `read_to` is where reading ended before the window did (None: it did not): older records were not seen.
    `reaches`: the log has a record from before the window, so that none of the window was dropped yet.
    """

    events: Sequence[Event]
    since: datetime
    until: datetime
    refused: Reason = ""
    failed_only: frozenset[str] = frozenset()
    read_to: datetime | None = None
    reaches: bool = False

    def covers(self, moment: datetime | None) -> bool:
        """Return True if every settled record since a moment was read."""
        return (
            moment is not None
            and self.reaches
            and moment >= self.since
            and (self.read_to is None or moment >= self.read_to)
        )

    @property
    def whole_until(self) -> datetime:
        """Return until when all records have arrived."""
        return self.until - SETTLES_AFTER


@dataclass(frozen=True, slots=True)
class _Records:
    """A log by the objects that its records name; `told` are the calls of which some record says what they
    did to an object.
    """

    log: Log
    by_subject: Mapping[str, Sequence[Event]]
    reported: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, log: Log) -> _Records:
        """Return the records of a log."""
        by_subject: dict[str, list[Event]] = {}
        for event in log.events:
            for target in event.targets:
                by_subject.setdefault(target, []).append(event)
        calls = (
            (event.correlation, event.targets[0])
            for event in log.events
            if event.correlation and event.targets and not event.is_stub
        )
        return cls(log, by_subject, frozenset(calls))

    def about(self, finding: Finding) -> list[Event]:
        """Return the records that name an object of the finding, newest first."""
        found = {
            event.id: event for subject in finding.subjects for event in self.by_subject.get(subject, ())
        }
        return sorted(found.values(), key=lambda event: (event.time, event.id), reverse=True)

    def explained(self, stub: Event, finding: Finding) -> bool:
        """Tell whether the call of a stub says elsewhere what it did: to this very object, or to the
        registration behind it.

        What a service principal mirrors is not all that its registration was changed in.
        """
        of = {*stub.targets[:1], finding.ends.get("registration", ""), finding.ends.get("object", "")}
        return any((stub.correlation, object_) in self.reported for object_ in of)


@dataclass(frozen=True, slots=True)
class _Trace:
    """The records that may have made what is there now, newest first; `made` is the newest that shows it.

    `blurred`: something came after it, or may have, by which this may have been undone and done again: an end
    of the link went or came back, or a record that lies seconds before it is of a later call.
    """

    fits: tuple[Event, ...] = ()
    made: Event | None = None
    blurred: bool = False
    # A record left something else behind, and none shows what came after it.
    overtaken: bool = False


def attribute(
    findings: Iterable[Finding], log: Log, deployers: AbstractSet[str] = frozenset()
) -> list[Finding]:
    """Return the findings with their attributions.

    `deployers` are the ids of those that the manifest names: their writes are told as ours.
    """
    records = _Records.of(log)
    return [replace(finding, attribution=_one(finding, records, deployers)) for finding in findings]


def _one(finding: Finding, records: _Records, deployers: AbstractSet[str]) -> Attribution:
    log, good_at = records.log, finding.good_at
    if finding.event in {"unidentified", "withheld"}:
        return Attribution(
            "none", reason="not_identified" if finding.event == "unidentified" else "not_a_change"
        )
    if log.refused:
        return Attribution("none", reason=log.refused)
    rule = question(finding)
    if rule is None:
        return Attribution("none", reason="not_told")
    # What was good then was made since: a record before it is nobody's.
    events = [event for event in records.about(finding) if good_at is None or event.time >= good_at]
    trace = _trace(
        finding,
        rule,
        [event for event in events if not (event.is_stub and records.explained(event, finding))],
        complete=log.covers(good_at),
    )
    found = _graded(finding, trace, log, deployers)
    return found or Attribution("none", reason=_reason(finding, events, trace, log, good_at))


def _trace(finding: Finding, rule: Question, events: Sequence[Event], *, complete: bool) -> _Trace:
    """Return the records that may have made what is there now; `complete`: none of the window is missing."""
    verdicts = [(event, rule(event)) for event in events]
    # One call has several records: the one that tells the values speaks for those that do not.
    shown = {
        event.correlation
        for event, verdict in verdicts
        if verdict in {"made", "unmade", "kept"} and event.correlation
    }
    fits: list[Event] = []
    along: set[str] = set()
    taken: Event | None = None
    blurred = False
    for number, (event, verdict) in enumerate(verdicts):
        match verdict:
            case "made" if identified(finding, event):
                return _Trace((event,), event)
            case "made":
                by_itself = final(finding, event)
                after = [each for each in fits if not by_itself or each.id not in along]
                near = _near(event, verdicts[number + 1 :], {"unmade", "may", "along"})
                return _Trace((*after, event), event, blurred=bool(near) or (blurred and not by_itself))
            case "blurs":
                blurred = True
            case "unmade" if near := _near(event, verdicts[number + 1 :], {"made"}):
                return _Trace((*fits, near), near, blurred=True)
            case "unmade":
                return _went(fits, along, taken) or _Trace(tuple(fits), overtaken=not fits)
            case "began":
                return _Trace(tuple(fits))
            case "may" | "along" if event.correlation not in shown:
                fits.append(event)
                along |= {event.id} if verdict == "along" else set()
                # With the first end that was deleted it went; what was restored since brought it back.
                if verdict == "along" and finding.sign == "removed" and not blurred:
                    taken = event
            case _:
                pass
    return (_went(fits, along, taken) if complete else None) or _Trace(tuple(fits))


def _went(fits: Sequence[Event], along: AbstractSet[str], taken: Event | None) -> _Trace | None:
    """Return the deletion that took a link along, unless a later record may be about the link itself."""
    if taken is None or any(event.id not in along for event in fits):
        return None
    return _Trace((taken,), taken)


def _near(
    event: Event, before: Sequence[tuple[Event, Verdict]], wanted: AbstractSet[Verdict]
) -> Event | None:
    """Return a record of another call, with one of these verdicts, dated so shortly before that it may be
    the later one.
    """
    return next(
        (
            each
            for each, verdict in before
            if event.time - each.time < APART and verdict in wanted and each.correlation != event.correlation
        ),
        None,
    )


def _settled(trace: _Trace, log: Log, good_at: datetime | None) -> bool:
    """Tell whether the one record that shows it is the last word: what is dated just after it was good may
    have been done just before.
    """
    made = trace.made
    if made is None or trace.fits != (made,) or trace.blurred:
        return False
    return made.time <= log.whole_until and (good_at is None or made.time - good_at >= APART)


def _graded(finding: Finding, trace: _Trace, log: Log, deployers: AbstractSet[str]) -> Attribution | None:
    """Return who it was where a record proves it, else whom the records name."""
    made = trace.made
    if made is not None and (identified(finding, made) or _settled(trace, log, finding.good_at)):
        return Attribution(
            "exact",
            made.actor,
            made.time,
            record_id=made.id,
            suspects=1,
            ours=made.actor.id in deployers,
            as_of=None if identified(finding, made) else log.whole_until,
        )
    # A deployer is named for what a record proves, and for nothing else.
    fits = [event for event in trace.fits if event.actor.id not in deployers]
    if not fits:
        return None
    suspects = {_bare(event.actor): event.actor for event in reversed(fits)}
    named = tuple(suspects[actor] for actor in dict.fromkeys(_bare(event.actor) for event in fits))
    return Attribution(
        "possible",
        when=fits[0].time,
        first=fits[-1].time,
        others=named[:NAMED],
        suspects=len(named),
        as_of=log.whole_until,
    )


def _bare(actor: Actor) -> Actor:
    """Return the actor without the tool: one person at two tools is one."""
    return replace(actor, via="")


def _reason(
    finding: Finding, events: Sequence[Event], trace: _Trace, log: Log, good_at: datetime | None
) -> Reason:
    if trace.fits:
        # Nobody else's: `_graded` names all others.
        return "deployer_only"
    if not events and log.failed_only & frozenset(finding.subjects):
        return "failed_attempts_only"
    if trace.overtaken or (good_at is not None and good_at > log.whole_until):
        return "too_recent"
    if log.read_to is not None and (good_at is None or good_at < log.read_to):
        return "not_read"
    if events:
        return "not_recorded"
    if good_at is not None and good_at < log.since:
        return "beyond_retention"
    return "no_events"
