"""What reports on a fleet say alike, whatever the format."""

from __future__ import annotations

from entra_config.report.fleet_document import FleetGroupPart, FleetReportDocument
from entra_config.risk import LEVELS

STOPPED = "Refused or held back"
SHOWN = 12  # lines of a headline, and names of members, before "and N more"


def headline(report: FleetReportDocument) -> str:
    """Return the report in one sentence: every shard is in exactly one of its numbers."""
    some = sum(len(each.members) for each in report.groups)
    of = [f"{some} in {counted(len(report.groups), 'kind')}"]
    of += [f"{len(report.failed)} failed"] if report.failed else []
    of += [f"{len(report.without)} without a result"] if report.without else []
    return f"{counted(report.shards, 'shard')}: {', '.join(of)}"


def title(group: FleetGroupPart) -> str:
    """Return what a kind is called: its level, of how many it is, and its id."""
    level = "No change" if group.risk == "none" else LEVELS[group.risk].word
    level = f"{STOPPED} · {level}" if stopped(group) else level
    return f"{level} · {counted(len(group.members), 'shard')} · {group.id[:12]}"


def stopped(group: FleetGroupPart) -> bool:
    """Tell whether something of a kind is refused or held back in one tenant at least."""
    return any(member.code == 3 for member in group.members)


def members(group: FleetGroupPart) -> str:
    """Return the names of the shards of a kind, the first of them."""
    return bounded([each.shard for each in group.members])


def said(group: FleetGroupPart) -> list[str]:
    """Return what a kind does, as in its first tenant; the first lines of it."""
    lines = group.headline[:SHOWN]
    more = len(group.headline) - len(lines)
    return [*lines, *([f"and {more} more"] if more else [])] or ["nothing to do"]


def bounded(names: list[str]) -> str:
    """Return some names, and how many more there are."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
