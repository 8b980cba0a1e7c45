"""Live and desired scopes and roles of one application in; what its collections hold after each phase out.

entry                                              written in
new                                                EXTEND
new, and its value is that of one that changes     EDIT
changed                                            EDIT
new or changed, its value is that of one removed   REDUCE, disabled before where it lives
removed                                            REDUCE, disabled before

Graph refuses two entries of one value, and an enabled entry that changes or is left out. A role and a scope
of one id are one permission and change together (terraform-provider-azuread#610).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from entra_config.plan.diff import holds
from entra_config.plan.steps import Phase

Entry = Mapping[str, Any]
Place = tuple[str, str]  # the collection's path, the entry's id
Collections = Mapping[str, list[Entry]]
DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"
_TEXTS = frozenset({"id", "displayName", "description", "adminConsentDisplayName", "adminConsentDescription",
                    "userConsentDisplayName", "userConsentDescription"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stages:
    """The collections by path after each phase; `edit_first` is sent before EDIT where Graph wants it
    disabled.

    `settled` tells since which phase an entry is as desired, where that is not from the start; `tokens` names
    those of them whose value, members or state change with it.
    """

    phases: Mapping[Phase, Collections]
    edit_first: Collections
    settled: Mapping[str, Phase]
    tokens: frozenset[str]

    def patches(self, before: Collections) -> Iterator[tuple[Phase, dict[str, list[Entry]]]]:
        """Yield each phase that changes anything, with the collections that it writes."""
        last = dict(before)
        for phase, collections in self.phases.items():
            differing = {path for path, entries in collections.items() if entries != last[path]}
            if phase is Phase.EDIT:
                differing |= {
                    path for path, entries in self.edit_first.items() if differing and entries != last[path]
                }
            if differing:
                yield phase, {path: collections[path] for path in collections if path in differing}
            last |= collections


@dataclass(frozen=True, slots=True)
class _Entries:
    """What becomes of each entry.

    `late` can be written only once what goes is gone; `with_edit` is new, and waits for a change to free its
    value.
    """

    live: Mapping[Place, Entry]
    wanted: Mapping[Place, Entry]
    going: AbstractSet[Place]
    changed: AbstractSet[Place]
    new: AbstractSet[Place]
    late: AbstractSet[Place]
    with_edit: AbstractSet[Place]


def stages(before: Collections, after: Collections) -> Stages:
    """Return how the collections get from before to after without a refusal."""
    entries = _entries(before, after)
    early, late = entries.changed - entries.late, entries.late
    extending = {
        path: [*before[path], *_new(after, path, entries.new - late - entries.with_edit)] for path in after
    }
    editing = {
        path: [
            *(
                _merged(item, entries.wanted.get((path, item["id"])), (path, item["id"]) in early)
                for item in extending[path]
            ),
            *_new(after, path, entries.with_edit),
        ]
        for path in after
    }
    reduced = {
        path: [
            *(
                _merged(item, entries.wanted[path, item["id"]], True)
                for item in editing[path]
                if (path, item["id"]) in entries.wanted
            ),
            *_new(after, path, late & entries.new),
        ]
        for path in after
    }
    phases = {
        Phase.EXTEND: extending,
        Phase.EDIT: editing,
        Phase.DISABLE: _off(editing, {id_ for _, id_ in entries.going | (late & entries.changed)}),
        Phase.REDUCE: reduced,
    }
    edit_first = _off(extending, {id_ for _, id_ in early})
    return Stages(phases, edit_first, _settled(entries), frozenset(_tokens(entries)))


def _entries(before: Collections, after: Collections) -> _Entries:
    live, wanted = _places(before), _places(after)
    going = live.keys() - wanted.keys()
    changed = {place for place in live.keys() & wanted.keys() if not holds(live[place], wanted[place])}
    new = wanted.keys() - live.keys()
    late = _late(live, wanted, new | changed, going)
    freed = _values(live, changed - late)
    changed_ids = {id_ for _, id_ in changed}
    with_edit = {
        place
        for place in new - late
        if freed.get(_value(wanted[place]), {place[1]}) != {place[1]} or place[1] in changed_ids
    }
    return _Entries(live, wanted, going, changed, new, late, with_edit)


def _settled(entries: _Entries) -> dict[str, Phase]:
    """Return since which phase each entry is as desired, and access without a role given."""
    settled = {id_: Phase.EXTEND for _, id_ in entries.new} | {
        id_: Phase.EDIT for _, id_ in (entries.changed - entries.late) | entries.with_edit
    }
    settled |= {id_: Phase.REDUCE for _, id_ in entries.late}
    if any(map(_enabled, entries.live.values())) and not any(map(_enabled, entries.wanted.values())):
        # Access without a role can be given only where no role is enabled (app role assignments).
        settled[DEFAULT_ACCESS] = Phase.REDUCE if entries.going or entries.late else Phase.EDIT
    return settled


def _tokens(entries: _Entries) -> Iterator[str]:
    """Yield the ids of the entries of which tokens say something else once they are settled."""
    yield from (id_ for _, id_ in (entries.late | entries.with_edit) & entries.new)
    for place in entries.changed:
        if _differ(entries.live[place], entries.wanted[place]) - _TEXTS:
            yield place[1]


def _places(collections: Collections) -> dict[Place, Entry]:
    return {(path, item["id"]): item for path, items in collections.items() for item in items}


def _late(
    live: Mapping[Place, Entry], wanted: Mapping[Place, Entry], moving: set[Place], going: set[Place]
) -> set[Place]:
    """Return what can be written only once what is removed is gone, and whatever waits for that in turn."""
    late: set[Place] = set()
    while True:
        held = _values(live, going | late)
        ids = {id_ for _, id_ in going | late}
        more = {
            place
            for place in moving - late
            if place[1] in ids or held.get(_value(wanted[place]), {place[1]}) != {place[1]}
        }
        if not more:
            return late
        late |= more


def _values(live: Mapping[Place, Entry], places: AbstractSet[Place]) -> dict[str, set[str]]:
    """Return the ids of those that hold each value now."""
    found: dict[str, set[str]] = {}
    for place in places & live.keys():
        if value := _value(live[place]):
            found.setdefault(value, set()).add(place[1])
    return found


def _value(entry: Entry) -> str:
    return str(entry.get("value") or "").casefold()


def _enabled(entry: Entry) -> bool:
    return bool("allowedMemberTypes" in entry and entry.get("isEnabled"))


def _differ(before: Entry, after: Entry) -> set[str]:
    return {key for key, value in after.items() if not holds(before.get(key), value)}


def _new(after: Collections, path: str, places: AbstractSet[Place]) -> list[Entry]:
    return [item for item in after[path] if (path, item["id"]) in places]


def _merged(item: Entry, wanted: Entry | None, now: bool) -> Entry:
    return {**item, **wanted} if wanted is not None and now else item


def _off(collections: Collections, ids: AbstractSet[str]) -> dict[str, list[Entry]]:
    return {
        path: [{**item, "isEnabled": False} if item["id"] in ids else item for item in items]
        for path, items in collections.items()
    }


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any], paths: Sequence[str]
) -> tuple[Collections, Stages] | None:
    """Return the live collections of an application's values and their stages; None where none of them
    changes.
    """
    managed = [path for path in paths if path in after]
    if all(holds(before.get(path), after[path]) for path in managed):
        return None
    live = {path: list(before.get(path) or []) for path in managed}
    return live, stages(live, {path: after[path] for path in managed})
