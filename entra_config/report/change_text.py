"""The changes of a plan in, lines out: highest risk first, each with its fields, and for whom."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from entra_config.kinds.base import KEY_TAG, OWNER_TAG
from entra_config.phrase import without_names
from entra_config.plan import access, values
from entra_config.plan.model import (
    AccessChange,
    Change,
    Create,
    Delete,
    FieldChange,
    ItemChange,
    Plan,
    Release,
    Restore,
    Update,
    address_of,
    subject_of,
)
from entra_config.report import escape, plan_risk
from entra_config.report.lines import SIGNS, Line, cells, line, padded, signed
from entra_config.report.risk_words import heading
from entra_config.resource import Address, Resource
from entra_config.risk import Risk, rank

_LABEL_WIDTH = 17
# Power that somebody gets is red, and what is taken from somebody amber, whatever the sign.
_IMPACT = {"gain": "high", "lose": "mid"}
FOLLOWING = "then, once it is back and was read, what of this is not so already:"
TITLES: dict[Risk, str] = {"high": "high", "medium": "mid", "low": ""}


def changes(plan: Plan, *, names: bool = True, whole: bool = False) -> Iterator[Line]:
    """Yield the changes alone, by risk; people are counted, and named where `names` says so."""
    blocks = list(each_change(plan, names=names, whole=whole))
    for index, block in enumerate(blocks):
        before = blocks[index - 1] if index else None
        if block.following:
            if before is None or not before.following:
                yield from [line()] if plan.changes else []
                yield line("  ", (FOLLOWING, "dim"))
        elif before is None or before.risk != block.risk:
            yield from [line()] if index else []
            yield heading(block.risk)
        yield from block.lines


@dataclasses.dataclass(frozen=True, slots=True)
class Block:
    """One change with its level and its lines; `following`: once what it is about is back."""

    change: Change
    risk: Risk
    lines: tuple[Line, ...]
    following: bool = False


def each_change(plan: Plan, *, names: bool = True, whole: bool = False) -> Iterator[Block]:
    """Yield the changes, highest risk first, then what follows."""
    noted, of = _noted(plan), plan_risk.Risks(plan)
    by_risk = sorted(plan.changes, key=lambda each: rank(of.risk(each)))
    for following, found in ((False, by_risk), (True, plan.following)):
        for change in found:
            level = of.risk(change)
            lines = _one(plan, change, noted, level, names=names, whole=whole)
            yield Block(change, level, tuple(lines), following)


def _noted(plan: Plan) -> dict[Address, list[AccessChange]]:
    noted: dict[Address, list[AccessChange]] = {}
    for each in plan.access:
        if (
            each.address is not None and each.kind not in access.OWN_LINES
        ):  # a consent's own line has its scopes
            noted.setdefault(each.address, []).append(each)
    return noted


def _one(
    plan: Plan,
    change: Change,
    noted: dict[Address, list[AccessChange]],
    risk: Risk,
    *,
    names: bool,
    whole: bool,
) -> Iterator[Line]:
    gains, marks = noted.get(address_of(change), []), _marks(plan, change)
    yield from _change(change, gains, marks, TITLES[risk], names=names, whole=whole)


def _marks(plan: Plan, change: Change) -> frozenset[str]:
    """Return the tags of a creation that say no more than whose it is: these very two, and nothing that
    only begins so.
    """
    key = address_of(change).key
    marks = {f"{OWNER_TAG}{plan.project}/{plan.environment}", f"{KEY_TAG}{key}"}
    return frozenset(marks if isinstance(change, Create) else ())


def sign_of(change: Change) -> str:
    """Return the sign that a change is shown with."""
    match change:
        case Create() | Restore():
            return "+"
        case Update():
            return "~"
        case Delete() | Release():
            return "-"


def title(change: Change, *, names: bool = True) -> str:
    """Return what a change is about: kind, title, display name, and what is unusual about it."""
    resource = subject_of(change)
    titled = resource.title or resource.address.key
    # Titles of what belongs to an application name both its ends already.
    reported = resource.parent is not None or resource.display_name in {"", titled}
    name = "" if reported else f' "{resource.display_name}"'
    return (
        f"{values.words(resource.address.kind)} "
        f"{titled if names else without_names(titled)}{name}{_manner(change)}"
    )


def _manner(change: Change) -> str:
    match change:
        case Restore():
            return " (restored)"
        case Release():
            return " (released: only its ownership tags are removed)"
        case Update(adopts=True):
            return " (adopted)"
        case _:
            return ""


def _change(
    change: Change, gains: list[AccessChange], marks: frozenset[str], style: str, *, names: bool, whole: bool
) -> Iterator[Line]:
    resource: Resource = subject_of(change)
    shown = (escape.text(title(change, names=names)), style)
    yield signed(2, sign_of(change), shown, right=resource.position)
    used: set[AccessChange] = set()
    for field in change.fields if whole else _reported(change, marks):
        yield from _field(change, field, gains, used, names=names)
    for note in change.notes:
        yield signed(6, "!", escape.text(note if names else without_names(note)))
    for gain in gains:
        if gain not in used:
            yield signed(6, "!", (escape.text(access.phrase(gain)), _IMPACT[gain.sign]))


def _reported(change: Change, marks: frozenset[str]) -> Iterator[FieldChange]:
    """Yield what a person wants to read: of what is created neither our marks nor, of an application, its
    type's defaults.
    """
    for field in change.fields:
        if not isinstance(change, Create):
            yield field
        elif field.items:
            items = tuple(item for item in field.items if field.path != "tags" or item.label not in marks)
            if items:
                yield dataclasses.replace(field, items=items)
        elif (
            change.after.parent is not None
            or field.position is None
            or field.position != change.after.position
        ):
            yield field
        elif field.after is True:
            # A type's default too, where it allows something.
            yield field


def _field(
    change: Change, field: FieldChange, gains: list[AccessChange], used: set[AccessChange], *, names: bool
) -> Iterator[Line]:
    path = escape.text(field.path)
    sign = _field_sign(change, field)
    if field.differences:
        yield signed(6, sign, path)
        yield from (
            signed(10, _field_sign(change, leaf), f"{escape.text(leaf.path)}: {_difference(leaf)}")
            for leaf in field.differences
        )
        return
    if not field.items:
        yield signed(6, sign, f"{path}: {_difference(field)}")
        return
    yield signed(6, sign, path)
    width = max(_LABEL_WIDTH, *(cells(escape.text(item.label)) + 2 for item in field.items))
    width = min(width, 2 * _LABEL_WIDTH)
    for item in field.items:
        yield from _item(item, width)
        for gain in gains:
            if gain.role == item.label and field.path == "appRoles":
                used.add(gain)
                shown = escape.text(access.phrase(gain, role="it", names=names))
                yield signed(12, "!", (shown, _IMPACT[gain.sign]))


def _item(item: ItemChange, width: int) -> Iterator[Line]:
    reported = [escape.text(item.summary)] if item.summary else []
    reported += [f"{escape.text(each.path)}: {_difference(each)}" for each in item.fields]
    label = escape.text(item.label)
    first = f"{padded(label, width)}{reported[0]}" if reported else label
    yield signed(10, SIGNS[item.sign], first)
    for other in reported[1:]:
        yield line(" " * (12 + width), other)
    for note in item.notes:
        yield signed(12, "!", escape.text(note))


def _difference(field: FieldChange) -> str:
    if field.before is None:
        return values.shown(field.after, field.path)
    before, after = values.pair(field.before, field.after, field.path)
    return f"{before} → {after}"


def _field_sign(change: Change, field: FieldChange) -> str:
    if field.items:
        signs = {SIGNS[item.sign] for item in field.items}
        return "+" if isinstance(change, Create) and signs == {"+"} else "~"
    if field.before is None:
        return "+"
    return "-" if field.after is None else "~"
