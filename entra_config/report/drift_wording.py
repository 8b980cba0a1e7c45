"""Who, when and how sure in, the words that all drift reports use out (not escaped: each format does
that).
"""

from __future__ import annotations

from datetime import datetime

from entra_config.drift.model import Actor, Attribution, Drift, Finding, Overdue
from entra_config.manifest.until import format_day
from entra_config.phrase import Phrase
from entra_config.report.lines import counted

REASONS = {
    "too_recent": "the audit log may not have it yet: ask again in half an hour",
    "beyond_retention": "older than what the audit log keeps",
    "no_access": "the signed-in identity may not read the audit log (AuditLog.Read.All)",
    "not_recorded": (
        "the audit log has records of this object, none of this property (the last half hour may be missing)"
    ),
    "deployer_only": (
        "the records that fit are of a deployer of this project, and an apply may have made them"
    ),
    "not_told": "the audit log has no known word for this property",
    "no_events": "the audit log has nothing about this object (the last half hour may be missing)",
    "failed_attempts_only": "the audit log has failed attempts only",
    "not_read": "the audit log has too many records since then, and older ones were not read",
    "not_asked": "the audit log was not asked",
    "perhaps_not_applied": "no record tells of it, and it may merely not be applied yet",
    "not_identified": "nobody knows which object it was, so no record can be matched",
    "not_a_change": "it is what plan decides, and no change of the tenant",
    "": "",
}


def moment(when: datetime | None) -> str:
    """Return a time as reports print it: UTC, to the minute."""
    return f"{when:%Y-%m-%d %H:%M} UTC" if when else "at an unknown time"


def actor(who: Actor) -> str:
    """Return a name for an actor, with what kind it is where that is not plain."""
    match who.kind:
        case "user":
            return who.name + (f" ({who.via})" if who.via else "")
        case "application":
            return f"application {who.name}"
        case "microsoft":
            # The log tells Microsoft's services by their names alone, and anybody may call an application so.
            return (
                f"{who.name} (a Microsoft service, by its name)"
                if who.id
                else who.name or "a Microsoft service"
            )
        case "unknown":
            return "unknown"


def sentence(who: Attribution) -> str:
    """Return who did it and when, as sure as it is, and until when the log was whole."""
    if who.reason == "perhaps_not_applied":
        return f"perhaps nobody: {REASONS[who.reason]}"
    if who.grade == "none":
        return f"by unknown: {REASONS[who.reason]}"
    if who.grade == "possible":
        named = ", ".join(actor(other) for other in who.others)
        more = who.suspects - len(who.others)
        return (
            f"by unknown: no record proves who it was; the records that fit are of {named}"
            f"{f' and {more} more' if more > 0 else ''}, {_times(who)}"
        )
    own = " (our deployer; not in what this compares with: by hand, or another commit)" if who.ours else ""
    as_of = f" (as of {moment(who.as_of)})" if who.as_of else ""
    return f"by {actor(who.actor)}{own}, {_times(who)}{as_of}"


def _times(who: Attribution) -> str:
    times = tuple(dict.fromkeys(moment(when) for when in (who.first or who.when, who.when)))
    return f"between {times[0]} and {times[1]}" if len(times) > 1 else times[0]


def headline(drift: Drift) -> str:
    """Return the whole report in a sentence."""
    count = len(drift.findings)
    if not count:
        return (
            "No drift: the tenant is as the manifest was deployed, but for what has expired."
            if drift.overdue
            else "No drift: the tenant is as the manifest was deployed."
        )
    if drift.in_hand:
        return f"{counted(count, 'difference')}: made by hand, or not applied yet."
    return f"{counted(count, 'change')} that the manifest does not know."


def event(finding: Finding) -> str:
    """Return one thing that happened and is no drift, and who did it."""
    return Phrase.of(finding.sentence, f", {sentence(finding.attribution)}")


def information(drift: Drift) -> str:
    """Return the heading of what happened without any drift; empty when nothing did."""
    return f"Information: {len(drift.information)} (no drift)." if drift.information else ""


def late(each: Overdue) -> str:
    """Return one thing that is over, and what takes it away."""
    return Phrase.of(each.sentence, f": until {format_day(each.until)}; `{each.remedy}` takes it away")


def overdue(drift: Drift) -> str:
    """Return what is over and still there, as a sentence; empty when there is none."""
    count = len(drift.overdue)
    return f"Expired, not yet removed: {count} (nobody did that, no drift)." if count else ""


def pending(drift: Drift) -> str:
    """Return what is merely not applied yet, as a sentence; empty when there is none."""
    count = len(drift.pending)
    return f"{counted(count, 'change')} of the manifest not applied yet (no drift)." if count else ""


def cut(findings: int, warnings: int) -> str:
    """Return what did not fit into a format, as a sentence; empty where all did."""
    counts = ((findings, "finding"), (warnings, "warning"))
    wording = " and ".join(counted(count, noun) for count, noun in counts if count)
    return f"{wording} more, the slightest ones, did not fit in here: drift.json has all." if wording else ""
