"""A plan in; the short lines that cases write it in, out: changes, fields, who gains or loses what."""

from __future__ import annotations

from entra_config.plan.model import (
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
)

SIGNS = {Create: "+", Update: "~", Delete: "-", Restore: "^", Release: "o"}
ITEMS = {"add": "+", "change": "~", "remove": "-"}


def lines(plan: Plan | None) -> list[str]:
    """Return a plan in short lines: one for each change, and for each field of an update."""
    return [line for change in (plan.changes if plan else ()) for line in _change(change)]


def access(plan: Plan) -> list[str]:
    """Return who gains or loses what in short lines: `- api/Admin: alice@contoso.com, bob@contoso.com`."""
    return [
        f"{'-' if each.sign == 'lose' else '+'} {each.application}/{each.role}: "
        + (", ".join(sorted(one.name for one in (*each.people, *each.applications))) or str(each.count))
        for each in plan.access
    ]


def shown(plan: Plan | None) -> str:
    """Return a plan as the cases write it, `nothing` where it is empty."""
    return "\n".join(lines(plan)) or "nothing"


def _change(change: Change) -> list[str]:
    head = f"{SIGNS[type(change)]} {address_of(change)}"
    fields = (
        [line for item in change.fields for line in _field(item)]
        if isinstance(change, Update | Restore)
        else []
    )
    return [head, *(f"    {line}" for line in fields)]


def _field(change: FieldChange) -> list[str]:
    if change.items:
        return [f"{change.path} {line}" for item in change.items for line in _item(item)]
    if change.differences:
        return [f"{change.path}.{line}" for leaf in change.differences for line in _field(leaf)]
    return [f"{change.path}: {change.before!r} → {change.after!r}"]


def _item(item: ItemChange) -> list[str]:
    detail = (
        ", ".join(f"{each.path}: {each.before!r} → {each.after!r}" for each in item.fields)
        if item.sign == "change"
        else ""
    )
    return [f"{ITEMS[item.sign]} {item.label}" + (f" ({detail})" if detail else "")]
