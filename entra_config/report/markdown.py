"""A plan in, Markdown for a pull request's comments or a job's summary out: what gives power first, whole and
by risk.

The line `REST` stands between what a reviewer must read and the rest: who cuts the text to the room of a
comment cuts below it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from entra_config.phrase import without_names
from entra_config.plan import access, effects
from entra_config.plan.model import AccessChange, Plan
from entra_config.report import change_text, escape, text
from entra_config.report.headed import head
from entra_config.report.lines import format_lines
from entra_config.resource import Address

# Alone in its line, where no name can stand: names are in code, and lines of code begin with a sign.
REST = "<!-- entra-config:rest -->"
_TEXT_WIDTH = 110


def render(plan: Plan, *, names: bool = False, tested: str = "", tests: Iterable[str] = ()) -> str:
    """Return the plan; people are counted, and named only where `names` says so: a comment may be public.

    `tested` is one sentence about its access tests, `tests` are the lines behind it: however many they are,
    they may be cut.
    """
    first = [*_first(plan, names=names), *([f"**{tested}**\n"] if tested else [])]
    return "\n".join([*first, f"{REST}\n", *tests, *_rest(plan, names=names)]).rstrip() + "\n"


def _first(plan: Plan, *, names: bool) -> Iterator[str]:
    where = f"{plan.project}/{plan.environment}"
    yield f"### entra-config plan: {escape.markdown(where)}\n"
    yield f"Tenant {escape.markdown(plan.tenant.name)} ({escape.markdown(plan.tenant.id)})\n"
    if plan.blocked:
        yield f"**Refused: nothing of this will be applied{_way(plan)}.**\n"
    yield f"**{_headline(plan)}**\n"
    if plan.effects:
        yield f"#### Gives power, or lowers a guard: {len(plan.effects)}\n"
        yield f"{_effects(plan, names=names)}\n"


def _way(plan: Plan) -> str:
    """Return which words lift what refuses a plan, where words do: the reasons stand in the rest, which
    may be cut.
    """
    words = {refusal.word for refusal in plan.refusals if refusal.blocks}
    much = "; too much to review at once: split it" if "unseen" in words else ""
    return (
        much
        if "" in words
        else f"{much}, or `{' '.join(f'--allow {word}' for word in sorted(words))}` if that is intended"
    )


def _effects(plan: Plan, *, names: bool) -> str:
    """Return the effects as a diff block, each a line; GitHub colours `!` for attention."""
    reported = [effects.line(effect) for effect in plan.effects]
    return escape.markdown_block(
        "\n".join(f"! {escape.text(_said(line, names=names))}" for line in reported), "diff"
    )


def _rest(plan: Plan, *, names: bool) -> Iterator[str]:
    yield from _refusals(plan, names=names)
    yield from _withheld(plan, names=names)
    yield from _warnings(plan, names=names)
    if plan.access:
        yield "#### Who gains or loses what\n"
        yield from (_access(each, names=names) for each in access.telling(plan.access))
        yield ""
    if plan.changes:
        yield "<details open><summary>What would change</summary>\n"
        yield _diff(plan, names=names)
        yield "\n</details>\n"


def _headline(plan: Plan) -> str:
    if plan.empty:
        return f"No changes, {plan.unchanged} unchanged.{text.left_out(plan)}"
    waiting = f" Withheld: {len(plan.withheld)}." if plan.withheld else ""
    return f"{text.totals(plan)}, {plan.unchanged} unchanged.{text.left_out(plan)}{waiting}"


def _refusals(plan: Plan, *, names: bool) -> Iterator[str]:
    if not plan.refusals:
        return
    yield "#### Refused\n"
    for refusal in plan.refusals:
        kind = "refused" if refusal.blocks else "skipped"
        way = f" Lifted by `--allow {refusal.word}`." if refusal.word else ""
        about = _about(refusal.address, refusal.message)
        yield f"- {kind}: {about}{escape.markdown(_said(refusal.message, names=names))}{way}"
    yield ""


def _withheld(plan: Plan, *, names: bool) -> Iterator[str]:
    if not plan.withheld:
        return
    yield "#### Withheld\n"
    for each in plan.withheld:
        about = _about(each.address, each.message)
        yield f"- {about}{escape.markdown(f'{_said(each.message, names=names)}; {each.remedy}')}"
    yield ""


def _warnings(plan: Plan, *, names: bool) -> Iterator[str]:
    if not plan.warnings:
        return
    yield "#### Warnings\n"
    for notice in plan.warnings:
        about = _about(notice.address, notice.message)
        yield f"- {about}{escape.markdown(_said(notice.message, names=names))}"
    yield ""


def _said(message: str, *, names: bool) -> str:
    return message if names else without_names(message)


def _about(address: Address | None, message: str) -> str:
    key = head(address, message)
    return f"{escape.markdown(key)}: " if key else ""


def _access(each: AccessChange, *, names: bool) -> str:
    if each.kind == "scope":
        return f"- {escape.markdown(access.whole(each, names=names))}"
    named = dataclasses.replace(each, application=escape.markdown(each.application))
    wording = access.clause(named, escape.markdown(f"{each.application}/{access.value(each)}"), noun=True)
    through = access.through(each, names=names)
    return f"- {wording}" + (f": {escape.markdown(through)}" if through else "")


def _diff(plan: Plan, *, names: bool) -> str:
    """Return the text of the changes as a diff block: its first column is the sign that GitHub colours."""
    shown = format_lines(change_text.changes(plan, names=names), _TEXT_WIDTH)
    return escape.markdown_block("\n".join(_with_sign_first(line) for line in shown.splitlines()), "diff")


def _with_sign_first(line: str) -> str:
    bare = line.lstrip(" ")
    indent = len(line) - len(bare)
    if bare[:2] in {"+ ", "- "}:
        return f"{bare[0]}{' ' * indent}{bare[2:]}"
    if bare[:2] == "~ ":  # GitHub colours `!`
        return f"!{' ' * indent}{bare[2:]}"
    return f"#{line}" if bare[:2] == "! " else f" {line}"
