"""Who really did what in; for each element its acts, and who made it what it was at a time, out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.oracle.evidence.elements import Element, parts

OBJECTS = frozenset({"application", "principal", "user", "group"})


@dataclass(frozen=True)
class Act:
    """One element that one call changed: when, who, from what to what, and the audit records of that call.

    `along`: it went or came back with an object that was deleted or restored, and is not that object.
    """

    time: datetime
    actor: str
    element: Element
    before: Any
    after: Any
    records: tuple[str, ...]
    along: bool = False


def acts(deeds: Iterable[Any]) -> dict[Element, list[Act]]:
    """Return the acts on each element, oldest first."""
    calls: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for deed in deeds:
        calls[deed.time, deed.actor, deed.records].append(deed)
    found: dict[Element, list[Act]] = defaultdict(list)
    for (time, actor, records), changed in calls.items():
        moved = {deed.id for deed in changed if deed.place == "deletedItems"}
        for deed in changed:
            if deed.place == "deletedItems":
                continue
            before, after = parts(deed.place, deed.before), parts(deed.place, deed.after)
            for element in before.keys() | after.keys():
                along = bool(moved) and element[0] not in OBJECTS
                if before.get(element) != after.get(element):
                    act = Act(time, actor, element, before.get(element), after.get(element), records, along)
                    found[element].append(act)
    return {element: sorted(each, key=lambda act: act.time) for element, each in found.items()}


def makers(history: Sequence[Act], until: datetime) -> list[Act]:
    """Return the acts that made an element what it was at a time: the last one, and of what came back
    whose it was before.
    """
    known = [act for act in history if act.time <= until]
    if not known:
        return []
    last = known[-1]
    if not last.along or last.after is None:
        return [last]
    # It came back with an object: who gave it is still who gave it, and who brought it back did that.
    return [last, *[act for act in known if not act.along and act.after == last.after][-1:]]


def parts_of_objects(history: Mapping[Element, Sequence[Act]]) -> dict[Element, list[Act]]:
    """Return the acts without those in which a part of a registration went or came back with it: that is
    the whole's.
    """
    links = {"assigned", "consent"}
    return {
        element: [act for act in each if not act.along or element[0] in links]
        for element, each in history.items()
    }
