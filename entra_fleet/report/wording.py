"""What reports on a fleet say alike, whatever the format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from entra_config.report.lines import counted
from entra_config.risk import LEVELS
from entra_fleet.report.document import (
    FleetGroupPart,
    FleetReportDocument,
    FleetResultDocument,
    Obstacle,
    Outcome,
)

OBSTACLES: Mapping[Obstacle, str] = {
    "refused": "Refused",
    "withheld": "Withheld",
    "partlyRefused": "Refused in part",
    "after": "After another project",
}
CAME: Mapping[Outcome, str] = {
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
FEW = 3  # members whose names, or numbers of people, are told beside what a kind does
SHOWN = 12  # lines of a headline, and names of members, before "and N more"


def about(report: FleetReportDocument) -> str:
    """Return what a report is about: `Fleet plan of shop`."""
    every = [one for each in report.groups for one in each.members]
    every += [*report.failed, *report.without_result, *report.not_planned]
    projects = {each.shard.partition("/")[2] for each in every}
    of = f" of {projects.pop()}" if len(projects) == 1 else ""
    return f"Fleet {report.do}{of}" if report.do else f"Fleet{of}"


def lead(report: FleetReportDocument) -> str:
    """Return how many are alike and need no look, and how many need one, in sentences."""
    alike, looked = list[FleetGroupPart](), Counter[str]()
    for each in report.groups:
        if stopped(each) or each.risk in {"high", "medium"}:
            what = before(each).removesuffix(" · ") if stopped(each) else level(each)
            looked[what.lower()] += len(each.members)
        else:
            alike.append(each)
    largest = max(alike, key=lambda each: len(each.members), default=None)
    first = ""
    if largest is not None and len(largest.members) > 1:
        first = f"{len(largest.members):,} are alike{'' if largest.counts else ' and nobody gains or loses'}."
    looked.update({"failed": len(report.failed), "without a result": len(report.without_result)})
    found = {what: number for what, number in looked.items() if number}
    total = sum(found.values())
    counts = ", ".join(f"{number:,} {what}" for what, number in found.items())
    need = f"{total:,} {'needs' if total == 1 else 'need'} a look: {counts}." if total else ""
    return " ".join(filter(None, (first, need)))


def headline(report: FleetReportDocument) -> str:
    """Return the report in one sentence: every shard is in exactly one of its numbers."""
    some, kinds = sum(len(each.members) for each in report.groups), len(report.groups)
    of = [f"{some:,} in {kinds:,} kind{'' if kinds == 1 else 's'}"]
    of += [f"{len(report.failed):,} failed"] if report.failed else []
    of += [f"{len(report.without_result):,} without a result"] if report.without_result else []
    of += [f"{len(report.not_planned):,} not planned"] if report.not_planned else []
    return f"{report.shards:,} shard{'' if report.shards == 1 else 's'}: {', '.join(of)}"


def title(group: FleetGroupPart) -> str:
    """Return what a kind is called: what is in its way, its level, and of how many it is."""
    return f"{before(group)}{level(group)} · {counted(len(group.members), 'shard')}"


def level(group: FleetGroupPart) -> str:
    """Return the level of a kind."""
    return "No change" if group.risk == "none" else LEVELS[group.risk].word


def before(group: FleetGroupPart) -> str:
    """Return what is said before the level: what came of a kind, or what is in its way."""
    if group.outcome is not None:
        return f"{CAME[group.outcome].capitalize()} · "
    if group.after:
        return f"After {group.after} · "
    return f"{OBSTACLES[group.obstacle]} · " if group.obstacle else ""


def stopped(group: FleetGroupPart) -> bool:
    """Tell whether something of a kind is refused, withheld or not done."""
    return bool(group.obstacle) if group.outcome is None else group.outcome != "done"


def unapproved(group: FleetGroupPart) -> str:
    """Return why a kind of plan cannot be approved; "" where it can."""
    if group.obstacle in {"refused", "withheld"}:
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
    words = CAME[result.applied.outcome] if result.applied is not None else _CODES.get(result.code, "failed")
    return f"{words}{f': {result.error}' if result.error else ''}"


def members(group: FleetGroupPart) -> str:
    """Return the names of the shards of a kind, the first of them."""
    return bounded([each.shard for each in group.members])


def said(group: FleetGroupPart) -> list[str]:
    """Return what only this kind has, then who gains and loses by it, then what else it does, as in its first
    tenant; the first lines of it.
    """
    only = [f"only here: {each}" for each in group.distinct]
    every = [*only, *_counts(group), *(each for each in group.headline if each not in group.distinct)]
    lines = every[:SHOWN]
    more = len(every) - len(lines)
    return [*lines, *([f"and {more} more"] if more else [])] or ["nothing to do"]


def _counts(group: FleetGroupPart) -> Iterator[str]:
    """Yield who gains and loses, in all members together, and in which most."""
    for index, each in enumerate(group.counts):
        people = [
            (one.counts[index].people if index < len(one.counts) else None, one.shard.partition("/")[0])
            for one in group.members
        ]
        known = sorted(((number, name) for number, name in people if number is not None), reverse=True)
        if len(known) < len(people):
            yield f"nobody knows how many people {each.action} {each.what}"
            continue
        total = sum(number for number, _ in known)
        more = f" and {len(known) - FEW:,} more" if len(known) > FEW else ""
        where = ", ".join(f"{name} {number:,}" for number, name in known[:FEW])
        who = f" ({where}{more})" if len(known) > 1 else ""
        does = f"1 person {each.action}s" if total == 1 else f"{total:,} people {each.action}"
        yield f"{does} {each.what}{who}"


def bounded(names: list[str]) -> str:
    """Return some names, and how many more there are."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
