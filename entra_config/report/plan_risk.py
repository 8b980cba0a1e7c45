"""A plan in, the class of each of its changes by the table of risk out."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.kinds.table import OBJECTS
from entra_config.plan.model import Change, Create, Delete, FieldChange, Plan, Release, address_of
from entra_config.resource import Address
from entra_config.risk import Risk, RiskClass, highest, of_property

# What an entry that comes is, where no kind says that it gives something.
_OFFERED = frozenset({"offer", "request"})


class Risks:
    """What each change of one plan is: the first class of all that it does."""

    def __init__(self, plan: Plan) -> None:
        self._named: dict[Address, list[str]] = {}
        for effect in plan.effects:
            if effect.address is not None:
                self._named.setdefault(effect.address, []).append(effect.type)
        for each in plan.access:
            if each.address is not None:
                self._named.setdefault(each.address, []).append("gain" if each.sign == "gain" else "lost")

    def class_of(self, change: Change) -> RiskClass:
        """Return the class of a change."""
        named = [*self._named.get(address_of(change), ()), *_by_itself(change)]
        return highest(named, "created" if isinstance(change, Create) else "text")

    def risk(self, change: Change) -> Risk:
        """Return its level."""
        return self.class_of(change).risk


def _by_itself(change: Change) -> Iterator[str]:
    """Yield what a change is whatever its kind says of it: what goes, and what is offered."""
    match change:
        case Delete():
            yield "destroyed" if address_of(change).kind in OBJECTS else "lost"
        case Release():
            return
        case _:
            for field in change.fields:
                yield from _field(field)


def _field(field: FieldChange) -> Iterator[str]:
    named = of_property(field.path).name
    for item in field.items:
        if item.sign == "remove" and named != "text":
            yield "lost"
        elif item.sign == "add" and named in _OFFERED:
            yield named
    if not field.items and field.before is not None and of_property(field.path, field.after).name == "lost":
        yield "lost"
