"""A plan in, the text that a terminal shows out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from entra_config.plan import access
from entra_config.plan.model import (
    BY_HAND,
    AccessChange,
    Change,
    Create,
    Delete,
    Notice,
    Plan,
    Refusal,
    Release,
    Restore,
    Update,
)
from entra_config.report import escape
from entra_config.report.change_text import changes
from entra_config.report.headed import headed
from entra_config.report.lines import WIDTH, Line, cells, counted, format_lines, line, padded, signed

SENTENCE = 6
"""How many gains and losses one sentence takes; more are a table."""


def render(plan: Plan, width: int = WIDTH) -> str:
    """Return the plan as plain text."""
    return format_lines(lines(plan), width)


def lines(plan: Plan, *, whole: bool = False) -> list[Line]:
    """Return the plan line by line; `whole` shows of what is created also its type's defaults and this
    tool's marks, and what the plan costs.
    """
    body = list(changes(plan, whole=whole))
    return [
        line((header(plan), "bold")),
        line(),
        *body,
        *([line()] if body else []),
        *edits(plan),
        *remarks(plan.warnings, plan.refusals),
        *withheld(plan),
        *summary(plan),
        *([costs(plan)] if whole else []),
    ]


def header(plan: Plan) -> str:
    """Return whose plan it is and for which tenant."""
    tenant = escape.text(plan.tenant.name)
    return f"{plan.project}/{plan.environment} · {tenant} ({plan.tenant.id[:4]}…)"


def remarks(warnings: Iterable[Notice], refusals: Iterable[Refusal]) -> Iterator[Line]:
    """Yield warnings and refusals, each with the place that it comes from, and an empty line after them."""
    found = False
    for notice in warnings:
        found = True
        text = escape.text(headed(notice.address, notice.message))
        yield line(("Warning: ", "yellow"), text, right=notice.position)
    for refusal in refusals:
        found = True
        head = "Refused: " if refusal.blocks else "Skipped: "
        text = escape.text(headed(refusal.address, refusal.message))
        yield line((head, "bold yellow"), text, right=refusal.position)
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
    found = [each for each in plan.effects if each.type in {"guard", "pin"}]
    for each in found:
        yield line((f"{each.type.capitalize()}: ", "yellow"), escape.text(each.text), right=each.position)
    if found:
        yield line()


def withheld(plan: Plan) -> Iterator[Line]:
    """Yield each grant that waits, with what a person can do about it, and an empty line after them."""
    for each in plan.withheld:
        text = escape.text(headed(each.address, f"{each.message}; {each.remedy}"))
        yield signed(2, "=", text, right=each.position)
    if plan.withheld:
        yield line()


def summary(plan: Plan) -> Iterator[Line]:
    """Yield the closing lines: what would happen, and who gains or loses what."""
    if plan.empty:
        yield line(("No changes", "bold green"), f": {plan.unchanged} unchanged.{left_out(plan)}")
        return
    yield line(("Plan:", "bold"), f" {totals(plan)}, {plan.unchanged} unchanged.{left_out(plan)}")
    if plan.withheld:
        yield line(("Withheld:", "mid"), f" {len(plan.withheld)}.")
    yield from _access(plan.access)


def _access(changes: Sequence[AccessChange]) -> Iterator[Line]:
    """Yield who gains or loses what: in one sentence, or as a table where that is long."""
    rows = [tuple(escape.text(cell) for cell in row) for row in access.rows(changes)]
    if len(rows) > SENTENCE:
        yield line(("Access:", "bold"))
        first, second = (max(cells(row[column]) for row in rows) + 2 for column in (0, 1))
        for who, verb, what in rows:
            yield line("  ", padded(who, first), padded(verb, second), what)
    elif changes:
        yield line(("Access:", "bold"), f" {access.sentence(changes)}")


def left_out(plan: Plan) -> str:
    """Return how many changes the targets left out, as a sentence after another; empty where none."""
    return f" {counted(plan.left_out, 'change')} not selected." if plan.left_out else ""


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
    rare["to release"] = _count(plan, Release)
    return ", ".join(parts + [f"{count} {verb}" for verb, count in rare.items() if count])


def _count(plan: Plan, kind: type[Change]) -> int:
    return sum(isinstance(change, kind) for change in plan.changes)
