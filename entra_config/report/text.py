"""A plan in, the text that a terminal shows out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

from entra_config.kinds.base import KEY_TAG, OWNER_TAG
from entra_config.phrase import without_names
from entra_config.plan import access, values
from entra_config.plan.model import (
    BY_HAND,
    AccessChange,
    Change,
    Create,
    Delete,
    FieldChange,
    ItemChange,
    Notice,
    Plan,
    Refusal,
    Release,
    Restore,
    Update,
    address_of,
    subject_of,
)
from entra_config.report import escape
from entra_config.report.lines import SIGNS, WIDTH, Line, cells, line, padded, plain, signed
from entra_config.resource import Address, Resource

SENTENCE = 6
"""How many gains and losses one sentence takes; more are lines."""

_LABEL_WIDTH = 17


def render(plan: Plan, width: int = WIDTH) -> str:
    """Return the plan as plain text."""
    return plain(lines(plan), width)


def lines(plan: Plan, *, whole: bool = False) -> list[Line]:
    """Return the plan line by line; `whole` shows of what is created also its type's defaults and this
    tool's marks.
    """
    body = list(changes(plan, whole=whole))
    return [
        line((header(plan), "bold")),
        line(),
        *body,
        *([line()] if body else []),
        *edits(plan),
        *remarks(plan.warnings, plan.refusals),
        *held_back(plan),
        *summary(plan),
    ]


def changes(plan: Plan, *, names: bool = True, whole: bool = False) -> Iterator[Line]:
    """Yield the changes alone; people are counted, and named where `names` says so."""
    noted: dict[Address, list[AccessChange]] = {}
    for each in plan.access:
        if (
            each.address is not None and each.kind not in access.OWN_LINES
        ):  # a consent's own line has its scopes
            noted.setdefault(each.address, []).append(each)
    for change in plan.changes:
        yield from _change(
            change, noted.get(address_of(change), []), _marks(plan, change), names=names, whole=whole
        )
    if plan.following:
        yield line("  ", ("then, once it is back and was read, what of this is not so already:", "dim"))
    for change in plan.following:
        yield from _change(
            change, noted.get(address_of(change), []), _marks(plan, change), names=names, whole=whole
        )


def _marks(plan: Plan, change: Change) -> frozenset[str]:
    """Return the tags of a creation that say no more than whose it is: these very two, and nothing that
    only begins so.
    """
    key = address_of(change).key
    marks = {f"{OWNER_TAG}{plan.project}/{plan.environment}", f"{KEY_TAG}{key}"}
    return frozenset(marks if isinstance(change, Create) else ())


def header(plan: Plan) -> str:
    """Return whose plan it is and for which tenant."""
    tenant = escape.text(plan.tenant.name)
    return f"{plan.project}/{plan.environment} · {tenant} ({plan.tenant.id[:4]}…)"


def remarks(warnings: Iterable[Notice], refusals: Iterable[Refusal]) -> Iterator[Line]:
    """Yield warnings and refusals, each with the place that it comes from, and an empty line after them."""
    found = False
    for notice in warnings:
        found = True
        text = _about(notice.address, notice.message)
        yield line(("Warning: ", "yellow"), text, right=notice.position)
    for refusal in refusals:
        found = True
        head = "Refused: " if refusal.blocks else "Left out: "
        text = _about(refusal.address, refusal.message)
        yield line((head, "bold red"), text, right=refusal.position)
        if refusal.word:
            hint = f"lift it with --allow {refusal.word}"
            hint += (
                "" if refusal.word in BY_HAND else f", or `policy.allow: [{refusal.word}]` in the manifest"
            )
            yield line(" " * len(head), (hint, "dim"))
    if found:
        yield line()


def edits(plan: Plan) -> Iterator[Line]:
    """Yield what a change edits of pins and guards, which no change of an object shows, and an empty line
    after them.
    """
    found = [each for each in plan.effects if each.sort in {"guard", "pin"}]
    for each in found:
        yield line((f"{each.sort.capitalize()}: ", "yellow"), escape.text(each.text), right=each.position)
    if found:
        yield line()


def held_back(plan: Plan) -> Iterator[Line]:
    """Yield each grant that waits, with what a person can do about it, and an empty line after them."""
    for each in plan.held_back:
        yield signed(2, "=", _about(each.address, f"{each.message}; {each.remedy}"), right=each.position)
    if plan.held_back:
        yield line()


def summary(plan: Plan) -> Iterator[Line]:
    """Yield the closing lines: what would happen, what it costs, who gains or loses what."""
    (spent, _), *_ = costs(plan).spans
    if plan.empty:
        yield line(("No changes", "bold green"), f": {plan.unchanged} unchanged.{left_out(plan)}   {spent}")
        return
    yield line(("Plan:", "bold"), f" {totals(plan)}, {plan.unchanged} unchanged.{left_out(plan)}   {spent}")
    if plan.held_back:
        yield line(("Held back:", "bold cyan"), f" {len(plan.held_back)}.")
    yield from _access(plan.access)


def _access(changes: Sequence[AccessChange]) -> Iterator[Line]:
    """Yield who gains or loses what: in one sentence, or a line for each value where that is long."""
    parts = access.clauses(changes, apart=True)
    if len(parts) > SENTENCE:
        yield line(("Access:", "bold"))
        yield from (line(f"  {part}") for part in parts)
    elif changes:
        yield line(("Access:", "bold"), f" {access.sentence(changes)}")


def left_out(plan: Plan) -> str:
    """Return how many changes the targets left out, as a sentence after another; empty where none."""
    return f" {counted(plan.left_out, 'change')} left out by --target." if plan.left_out else ""


def costs(plan: Plan) -> Line:
    """Return what reading cost and what applying would."""
    read = (
        f"{counted(plan.read.requests, 'request')} in {counted(plan.read.calls, 'call')}, depth "
        f"{plan.read.depth}"
    )
    apply = f" Apply: {counted(len(plan.steps), 'request')}, depth {plan.depth}."
    return line(f"Read: {read}.{'' if plan.empty else apply}")


def totals(plan: Plan) -> str:
    """Return `1 to add, 1 to change, 1 to remove`, and what else there is."""
    added = _count(plan, Create)
    changed = sum(isinstance(each, Update) and not each.adopts for each in plan.changes)
    adopted = sum(isinstance(each, Update) and each.adopts for each in plan.changes)
    parts = [f"{added} to add", f"{changed} to change", f"{_count(plan, Delete)} to remove"]
    rare = {"to adopt": adopted, "to restore": _count(plan, Restore)}
    rare["to let go"] = _count(plan, Release)
    return ", ".join(parts + [f"{count} {verb}" for verb, count in rare.items() if count])


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
            return " (let go: only its marks come off)"
        case Update(adopts=True):
            return " (adopted)"
        case _:
            return ""


def _change(
    change: Change, gains: list[AccessChange], marks: frozenset[str], *, names: bool, whole: bool
) -> Iterator[Line]:
    resource: Resource = subject_of(change)
    yield signed(2, sign_of(change), escape.text(title(change, names=names)), right=resource.position)
    used: set[AccessChange] = set()
    for field in change.fields if whole else _reported(change, marks):
        yield from _field(change, field, gains, used, names=names)
    for note in change.notes:
        yield signed(6, "!", escape.text(note if names else without_names(note)))
    for gain in gains:
        if gain not in used:
            yield signed(6, "!", escape.text(access.phrase(gain)))


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
    if field.leaves:
        yield signed(6, sign, path)
        yield from (
            signed(10, _field_sign(change, leaf), f"{escape.text(leaf.path)}: {_difference(leaf)}")
            for leaf in field.leaves
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
                yield signed(12, "!", escape.text(access.phrase(gain, role="it", names=names)))


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


def _about(address: Address | None, message: str) -> str:
    text = escape.text(message)
    return f"{escape.text(str(address.key))}: {text}" if address else text


def _count(plan: Plan, kind: type[Change]) -> int:
    return sum(isinstance(change, kind) for change in plan.changes)


def counted(number: int, noun: str) -> str:
    """Return `1 request`, `2 requests`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
