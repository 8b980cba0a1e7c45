"""A shard's lock file as it is and as it should be in; the kind of pins that this is, out.

Two are of one kind where they pin the same names, as the manifest says them, to objects that the tenant has
had for long, and behind each group is the same step of people. Whose name is young, or was another object's,
stands alone by its ids; so does what several bear, and what is called otherwise is told as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from entra_config.errors import Position, Problem
from entra_config.manifest.environments.pins import Lock, Pin, PinnedApplication
from entra_config.manifest.reading.node import Node, Scalar, to_data
from entra_config.manifest.tenants.shards import LoadedShard
from entra_config.phrase import without_names
from entra_config.pinning.live import Bearer, list_positions
from entra_fleet.groups.classes import PlanKind, TakenOut, identified, place_texts, said, step

YOUNG = timedelta(days=30)
_SETS = (("user", "users"), ("group", "groups"), ("service principal", "servicePrincipals"))
_NOBODY = Pin("")


@dataclass(frozen=True, slots=True)
class PinnedKind:
    """The kind of pins; `young`: one of them is of an object that is young, or was another's."""

    kind: PlanKind
    young: bool
    pins: int


def named(old: Lock, new: Lock) -> Iterator[tuple[str, str]]:
    """Yield the set and id of each object that a name means newly."""
    for _, set_, name, was, now in _pins(old, new):
        if now.id and now.id != was.id and name:
            yield set_, now.id


def of_lock(
    shard: LoadedShard, locks: tuple[Lock, Lock], known: Mapping[str, Bearer], left: Sequence[Problem],
    now: datetime,
) -> PinnedKind:  # fmt: skip
    """Return the kind of what a lock file, as it is and as it should be, has more, less or otherwise.

    `known` are those who are newly named, by id; `left` is what pins do not mend.
    """
    reading = _Pinned(list_positions(shard.manifest), place_texts(said(shard)), known, now)
    names = [reading.pin(noun, name, was, pin) for noun, _, name, was, pin in _pins(*locks)]
    applications = list(_applications(*locks))
    problems = sorted(str(each.message) for each in left)
    content = {"names": sorted(names, key=str), "applications": applications, "left": problems}
    headline = [*reading.headline, *(f"{sign} application {key}" for sign, key, *_ in applications)]
    headline += [f"still to be decided: {without_names(each.message)}" for each in left]
    kind = PlanKind(identified(content), tuple(headline), tuple(reading.taken))
    return PinnedKind(kind, reading.young, len(names) + len(applications))


def _pins(old: Lock, new: Lock) -> Iterator[tuple[str, str, str, Pin, Pin]]:
    """Yield each name whose pin is not what it was: noun, set, name, before and after."""
    sections = (
        (old.users, new.users),
        (old.groups, new.groups),
        (old.service_principals, new.service_principals),
    )
    for (noun, set_), (before, after) in zip(_SETS, sections, strict=True):
        for name in sorted(before.keys() | after.keys()):
            was, now = before.get(name, _NOBODY), after.get(name, _NOBODY)
            if was != now:
                yield noun, set_, name, was, now


def _applications(old: Lock, new: Lock) -> Iterator[list[Any]]:
    """Yield what is pinned otherwise of applications: a first appId is ours and taken out."""
    nothing = PinnedApplication()
    for key in sorted(old.applications.keys() | new.applications.keys()):
        was, now = old.applications.get(key, nothing), new.applications.get(key, nothing)
        sides = [[each.app_id, each.owners, each.key_ids, each.was, each.secrets] for each in (was, now)]
        if was == nothing and now.app_id and sides[1][1:] == sides[0][1:]:
            yield ["+", key]
        elif sides[0] != sides[1]:
            yield ["~" if now.app_id else "-", key, *sides]


@dataclass
class _Pinned:
    """Reads the pins of one shard: what the files say at each place, and who it is here."""

    places: Mapping[str, Position]
    said: Mapping[Position, Node]
    known: Mapping[str, Bearer]
    now: datetime
    young: bool = False
    headline: list[str] = field(default_factory=list)
    taken: list[TakenOut] = field(default_factory=list)

    def pin(self, noun: str, name: str, was: Pin, now: Pin) -> list[Any]:
        """Return all that a pin says but for what is taken out."""
        place = self.places.get(name)
        raw = self.said.get(place) if place is not None else None
        words = str(to_data(raw)) if isinstance(raw, Scalar) else name
        row = [noun, words, now.was, now.organization]
        # A report names no person: neither by a UPN nor by the id behind it.
        shown = f"{noun} {'…' if noun == 'user' else name}"
        if not now.id:
            self.headline.append(f"- {shown}")
            return ["-", *row]
        notes = [f"is called {'otherwise' if noun == 'user' else now.was}"] if now.was else []
        notes += [f"is of the organization {now.organization}"] if now.organization else []
        if now.id == was.id:
            self.headline.append(f"~ {shown}: {', '.join(notes) or 'is called so again'}")
            return ["~", *row, now.id, was.was, was.organization]
        bearer = self.known.get(now.id, Bearer())
        people = step(bearer.people) if noun == "group" else ""
        notes = [f"{'?' if bearer.people is None else bearer.people} people", *notes] if people else notes
        if was.id or self._is_young(bearer):
            self.young = True
            notes += ["another object than before"] if was.id else []
            notes.append(f"there since {bearer.created.date()}" if bearer.created else "of unknown age")
            row += [was.id, now.id]
        elif noun != "user" and place is not None:
            self.taken.append(TakenOut(place, words, f"{name}, {now.id}"))
        self.headline.append(f"{'!' if was.id else '+'} {shown}" + (f": {', '.join(notes)}" if notes else ""))
        return ["+", *row, people]

    def _is_young(self, bearer: Bearer) -> bool:
        """Tell whether nobody knows that a name has meant this object for long."""
        return bearer.created is None or self.now - bearer.created < YOUNG
