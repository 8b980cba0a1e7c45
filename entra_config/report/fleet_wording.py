"""What reports on a fleet say alike, whatever the format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from entra_config.report.fleet_document import (
    Came,
    FleetGroupPart,
    FleetReportDocument,
    FleetResultDocument,
    Obstacle,
)
from entra_config.report.lines import counted
from entra_config.risk import LEVELS

OBSTACLES: Mapping[Obstacle, str] = {
    "refused": "Refused",
    "heldBack": "Held back",
    "leftOut": "Refused in part",
    "after": "After another project",
}
CAME: Mapping[Came, str] = {
    "done": "done",
    "partly": "done in part",
    "refused": "refused",
    "moved": "the plan moved",
    "failed": "failed",
    "stopped": "not let in",
    "unknown": "nobody knows",
}
# Which command takes the ids of a report, by what was done, and what becomes of what they are of.
TAKES: Mapping[str, tuple[str, str]] = {"plan": ("approve", "approved"), "lock": ("lock", "written")}
_CODES = {0: "nothing to do", 2: "changes pending, or drift found", 3: "refused by a policy or limit"}
SHOWN = 12  # lines of a headline, and names of members, before "and N more"


def headline(report: FleetReportDocument) -> str:
    """Return the report in one sentence: every shard is in exactly one of its numbers."""
    some = sum(len(each.members) for each in report.groups)
    of = [f"{some} in {counted(len(report.groups), 'kind')}"]
    of += [f"{len(report.failed)} failed"] if report.failed else []
    of += [f"{len(report.without)} without a result"] if report.without else []
    of += [f"{len(report.not_planned)} not planned"] if report.not_planned else []
    return f"{counted(report.shards, 'shard')}: {', '.join(of)}"


def title(group: FleetGroupPart) -> str:
    """Return what a kind is called: what is in its way, its level, and of how many it is."""
    return f"{before(group)}{level(group)} · {counted(len(group.members), 'shard')}"


def level(group: FleetGroupPart) -> str:
    """Return the level of a kind."""
    return "No change" if group.risk == "none" else LEVELS[group.risk].word


def before(group: FleetGroupPart) -> str:
    """Return what is said before the level: what came of a kind, or what is in its way."""
    if group.came is not None:
        return f"{CAME[group.came].capitalize()} · "
    if group.after:
        return f"After {group.after} · "
    return f"{OBSTACLES[group.obstacle]} · " if group.obstacle else ""


def stopped(group: FleetGroupPart) -> bool:
    """Tell whether something of a kind is refused, held back or not done."""
    return bool(group.obstacle) if group.came is None else group.came != "done"


def unapproved(group: FleetGroupPart) -> str:
    """Return why a kind of plan cannot be approved; "" where it can."""
    if group.obstacle in {"refused", "heldBack"}:
        return f"{OBSTACLES[group.obstacle].lower()}: change what stands in the way, and run it again"
    if group.after:
        return f"after {group.after}: it makes what this refers to; apply that, and plan again"
    return "" if any(each.code for each in group.members) else "nothing to do"


def approving(groups: Iterable[FleetGroupPart]) -> str:
    """Return the words that approve those of some kinds that can be; "" where none can."""
    ids = [each.id for each in groups if not unapproved(each)]
    return " ".join(f"--class {each}" for each in ids)


def came(result: FleetResultDocument) -> str:
    """Return in a line what came of one shard."""
    words = CAME[result.applied.came] if result.applied is not None else _CODES.get(result.code, "failed")
    return f"{words}{f': {result.error}' if result.error else ''}"


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
