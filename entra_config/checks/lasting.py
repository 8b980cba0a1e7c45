"""What ends, and what is over and still there, in; notes of changes and warnings ahead of time out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import UTC, date

from entra_config.manifest import ending
from entra_config.manifest.model import Manifest
from entra_config.manifest.until import Ending, format_day, wording
from entra_config.plan.model import (
    Change,
    Create,
    Delete,
    FieldChange,
    ItemChange,
    Notice,
    Plan,
    Release,
    Update,
)
from entra_config.resource import WHOLE, Ends


def untils(manifest: Manifest) -> tuple[Ending, ...]:
    """Return all that ends sometime, by its day."""
    return tuple(sorted(ending.endings(manifest), key=lambda each: (each.day, str(each.position))))


def with_notices(plan: Plan, *, elsewhen: bool) -> Plan:
    """Return a plan that says first what it leaves out, and which other time than now it was made for."""
    said_first = []
    if plan.endings_alone:
        said_first += [
            Notice("only what is over by its `until` is taken away; whatever else differs is left")
        ]
    if elsewhen and plan.at is not None:
        said_first += [
            Notice(
                f"planned for {plan.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC, not for now: apply refuses it "
                "while an `until` lies between"
            )
        ]
    return dataclasses.replace(plan, warnings=(*said_first, *plan.warnings))


def noted(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes with a note where something is given for a time, or taken because that is over."""
    return tuple(map(_noted, changes))


def _noted(change: Change) -> Change:
    if isinstance(change, Release):
        return change
    gone = None if isinstance(change, Create) else change.before.ended
    lasting = {} if isinstance(change, Delete) else change.after.ends
    past = {} if gone is None else gone.ends
    if not (lasting or past):
        return change
    fields = tuple(_field(field, lasting, past) for field in change.fields)
    notes = [
        wording(day) for place, day in lasting.items() if place == WHOLE and not isinstance(change, Update)
    ]
    if isinstance(change, Delete):
        # What goes as a whole has no fields: each entry of it that is over is told.
        where = gone.position if gone else None
        place = f" ({where})" if where else ""
        notes += [f"{key + ': ' if key else ''}{_over(day)}{place}" for (_, key), day in sorted(past.items())]
    return dataclasses.replace(change, fields=fields, notes=(*change.notes, *notes))


def _over(day: date) -> str:
    return f"its last day was {format_day(day)}"


def _field(field: FieldChange, lasting: Ends, past: Ends) -> FieldChange:
    if not field.items:
        return field
    return dataclasses.replace(
        field, items=tuple(_item(field.path, each, lasting, past) for each in field.items)
    )


def _item(path: str, item: ItemChange, lasting: Ends, past: Ends) -> ItemChange:
    place = path, str(item.key)
    if item.sign == "remove" and place in past:
        return dataclasses.replace(item, notes=(*item.notes, _over(past[place])))
    if item.sign != "remove" and place in lasting:
        return dataclasses.replace(item, notes=(*item.notes, wording(lasting[place])))
    return item
