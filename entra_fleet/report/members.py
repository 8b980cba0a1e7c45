"""A kind of change in; its members, with what was taken out to find them alike, as a table out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from entra_fleet.report.document import FleetGroupPart, FleetMemberPart

ROOM = 44  # characters that the heads of columns may have together, by their longest words: a sheet is narrow
_LEAST = 8  # characters that a column takes
_SHORT = 8  # digits of a digest: enough to tell two apart


def table(group: FleetGroupPart, most: int | None = None) -> dict[str, Any]:
    """Return the table of a kind's members, or of the first ones: a column for each thing that was taken
    out, if a sheet has room for them, else one with all of them.
    """
    columns, members = _columns(group.members), group.members[:most]
    fitting = sum(max(_LEAST, *map(len, each.split())) for each in columns) <= ROOM
    digests = any(each.digest for each in group.members)
    taken = columns if fitting else ["Taken out"]
    left = len(group.members) - len(members)
    return {
        "columns": ["Tenant", "Wave", *taken, *(["Plan"] if digests else [])],
        "taken": taken,
        "digests": digests,
        "members": [_member(each, columns, fitting=fitting) for each in members],
        "left": f"{left:,}" if left else "",
    }


def _member(member: FleetMemberPart, columns: Sequence[str], *, fitting: bool) -> dict[str, Any]:
    taken = _taken(member)
    if fitting:
        cells = [[("", value) for value in taken.get(name, [])] for name in columns]
    else:
        cells = [[(name, value) for name, values in taken.items() for value in values]]
    return {
        "shard": member.shard,
        "wave": member.wave,
        "cells": cells,
        "digest": member.digest,
        "short": f"{member.digest[:_SHORT]}…",
    }


def _columns(members: Sequence[FleetMemberPart]) -> list[str]:
    """Return the name of each thing that was taken out of any member."""
    return list(dict.fromkeys(name for each in members for name in _taken(each)))


def _taken(member: FleetMemberPart) -> dict[str, list[str]]:
    """Return what was taken out, by what the manifest says there: each value once, and the people counted."""
    found: dict[str, dict[str, None]] = {}
    for one in member.not_compared:
        found.setdefault(one.declared, {})[one.value] = None
    taken = {name: list(values) for name, values in found.items()}
    for count in member.counts:
        said = "nobody knows" if count.people is None else f"{count.people:,}"
        taken.setdefault(f"{count.action} {count.what}", []).append(said)
    return taken
