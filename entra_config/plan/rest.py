"""A saved plan and a new one in; what of the new one was not in the saved one, out: nothing, where it is the
rest of what was approved.

By object and field, with the ids of our objects as references. A value that is replaced is the one that was
approved, or one that a step of the saved plan leaves. Who holds a value afterwards is who was to hold it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from entra_config.plan.content import Content, canonical, content
from entra_config.plan.model import Afterwards, Work, address_of
from entra_config.resource import Address, Ref

_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# What a step of a new object leaves of a property that it does not send.
_NOTHING: tuple[Any, ...] = (None, "", [], {})
# How what was approved may stand in the rest of it, beside as it was.
_BECOMES = {("create", "update"), ("restore", "update")}
# Who may use what comes into being is not known before, and told once it is there.
_ENTERING = frozenset({"signIn", "authorized"})


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a plan file keeps beside the plan: what the tenant called our objects, and who holds each value
    that it touches afterwards: people as one digest (None: not all are known), applications by id or key.
    """

    ids: Mapping[Ref, str]
    afterwards: Mapping[str, tuple[str | None, frozenset[str]]]


NOTHING = Remembered({}, {})


def kept(plan: Work) -> Remembered:
    """Return what is kept of a plan: of its own changes alone, as the tenant still tells of all else."""
    changed = {address_of(change) for change in plan.changes}
    ids = {ref: id_ for ref, id_ in plan.ids.items() if ref.address in changed}
    return Remembered(ids, {name: _end(end) for name, end in plan.afterwards.items()})


def written(held: Remembered) -> dict[str, Any]:
    """Return it as JSON."""
    return {
        "ids": sorted(
            [ref.address.kind, ref.address.key, ref.attribute, id_] for ref, id_ in held.ids.items()
        ),
        "afterwards": {
            name: {"people": people, "applications": sorted(applications)}
            for name, (people, applications) in held.afterwards.items()
        },
    }


def read(data: Any) -> Remembered:
    """Return it from JSON; ValueError, TypeError or KeyError where it is not what `written` writes."""
    ids: dict[Ref, str] = {}
    for kind, key, attribute, id_ in data["ids"]:
        if not all(isinstance(each, str) for each in (kind, key, attribute, id_)):
            raise TypeError
        ids[Ref(Address(kind, key), attribute)] = id_
    afterwards: dict[str, tuple[str | None, frozenset[str]]] = {}
    for name, end in data["afterwards"].items():
        people = end["people"]
        if people is not None and not isinstance(people, str):
            raise TypeError
        afterwards[name] = (people, frozenset(end["applications"]))
    return Remembered(ids, afterwards)


def beyond(approved: Content, held: Remembered, plan: Work) -> list[str]:
    """Return what a plan does that was not in the approved one, one line each; nothing where it is the rest
    of it.
    """
    alike = _Alike({**held.ids, **plan.ids})
    was, now = alike.content(approved), alike.content(content(plan))
    ends = alike.ends(held.afterwards), alike.ends(kept(plan).afterwards)
    return list(_beyond(was, now, *ends))


def _end(end: Afterwards) -> tuple[str | None, frozenset[str]]:
    if end.people is None:
        return None, end.applications
    return hashlib.sha256(canonical(sorted(end.people)).encode()).hexdigest(), end.applications


Ends = Mapping[str, tuple[str | None, frozenset[str]]]


class _Alike:
    """Spells two plans alike: our objects by key, whether the tenant has given them an id or not."""

    def __init__(self, ids: Mapping[Ref, str]) -> None:
        self._refs = {id_: str(ref) for ref, id_ in ids.items()}
        self._keys = {id_: ref.address.key for ref, id_ in ids.items()}

    def content(self, held: Content) -> Content:
        """Return a plan's content."""
        return {self.name(name): self._fields(fields) for name, fields in held.items()}

    def ends(self, ends: Ends) -> Ends:
        """Return who holds what afterwards."""
        return {
            self.name(name): (people, frozenset(self._keys.get(each, each) for each in applications))
            for name, (people, applications) in ends.items()
        }

    def name(self, text: str) -> str:
        """Return what an object is called."""
        return _GUID.sub(lambda found: self._keys.get(found[0], found[0]), text)

    def _fields(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        # Keys of ours stand there for what was ours in one plan, and its id in the other.
        known = fields.get("ids")
        ids = {name: self.name(id_) for name, id_ in known.items()} if isinstance(known, dict) else known
        return {name: ids if name == "ids" else self._value(value) for name, value in fields.items()}

    def _value(self, value: Any) -> Any:
        match value:
            case str():
                return _GUID.sub(lambda found: self._refs.get(found[0], found[0]), value)
            case {"$ref": ref, **more} if not more:
                return ref
            case {"$text": parts, **more} if not more:
                return "".join(str(self._value(part)) for part in parts)
            case dict():
                return {key: self._value(item) for key, item in value.items()}
            case list():
                return [self._value(item) for item in value]
            case _:
                return value


def _beyond(was: Content, now: Content, ended: Ends, ends: Ends) -> Iterator[str]:
    for name, fields in sorted(now.items()):
        kind, _, rest = name.partition(" ")
        match kind:
            case "step" | "withheld":
                # The changes say what is done. What is withheld is not done, and a restore may bring it to
                # light.
                continue
            case "access":
                if not _was_to_come(was, fields, rest, ended, ends):
                    yield f"{name}: not everybody of these was in it"
            case "refusal" | "following":
                if was.get(name) != fields:
                    yield f"{name}: was not in it"
            case _:
                yield from (f"{name}: {each}" for each in _changed(was, name, fields))


def _was_to_come(was: Content, fields: Mapping[str, Any], access: str, ended: Ends, ends: Ends) -> bool:
    """Tell whether those who gain or lose a value end as they were to end."""
    if was.get(f"access {access}") == fields and fields["count"] is None:
        return True
    value = access.rpartition(" ")[0]
    end = ends.get(value)
    if end is not None:
        return end[0] is not None and end == ended.get(value)
    kind, _, application = value.partition(" ")
    key = application.partition("/")[0]
    return kind in _ENTERING and any(
        change.partition(".")[2] == key and parts.get("") in {"create", "restore"}
        for change, parts in was.items()
    )


def _changed(was: Content, name: str, fields: Mapping[str, Any]) -> Iterator[str]:
    approved = was.get(name) or was.get(f"following {name}")
    if approved is None:
        yield "was not in it"
        return
    before, after = approved[""], fields[""]
    if before != after and (before, after) not in _BECOMES:
        yield f"was to {before}, is to {after}"
        return
    if before == after and approved["ids"] != fields["ids"]:
        yield "is another object"
        return
    for field in sorted(fields.keys() - {"", "ids"}):
        if field not in approved:
            yield f"{field} was not in it"
            continue
        (old, new), (live, becomes) = approved[field], fields[field]
        if canonical(_ordered(new)) != canonical(_ordered(becomes)):
            yield f"{field} becomes something else"
        elif not _left(live, old, new, _of_steps(was, name, field), made=(before, after) in _BECOMES):
            yield f"{field} is not what was there, nor what a step of it leaves"


def _of_steps(was: Content, name: str, field: str) -> Iterator[Any]:
    """Yield the values of a field that the steps of an approved change expect or send."""
    for step, parts in was.items():
        if not step.startswith(f"step {name}/"):
            continue
        for request in parts["requests"]:
            body = request[2]
            for part in field.split("."):
                body = body.get(part) if isinstance(body, dict) else None
            yield body
        guard = parts["guard"]
        if guard and guard[0] == "Holds" and field in guard[2]:
            yield guard[2][field]


def _left(live: Any, old: Any, new: Any, own: Iterator[Any], *, made: bool) -> bool:
    """Tell whether a live value is the one that was approved, one on the way to the new one, or one that a
    step of the approved plan leaves.
    """
    if made and live in _NOTHING:
        return True
    mine = canonical(_ordered(live))
    if any(mine == canonical(_ordered(each)) for each in (old, new, *own)):
        return True
    lists = [[] if each is None else each for each in (live, old, new)]
    if not all(isinstance(each, list) for each in lists):
        return False
    here, before, after = ({canonical(_ordered(item)) for item in each} for each in lists)
    return before & after <= here <= before | after


def _ordered(value: Any) -> Any:
    match value:
        case dict():
            return {key: _ordered(item) for key, item in value.items()}
        case list():
            return sorted((_ordered(item) for item in value), key=canonical)
        case _:
            return value
