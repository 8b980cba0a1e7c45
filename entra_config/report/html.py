"""A plan in, one self-contained HTML page out: who gains and loses first, then each change, highest risk
first; it asks for nothing and runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Any

from entra_config import quoting
from entra_config.plan import access, effects, file
from entra_config.plan.model import AccessChange, Bound, Effect, Plan, subject_of
from entra_config.report import made, rendering, text
from entra_config.report.change_text import FOLLOWING, Block, each_change
from entra_config.report.headed import headed
from entra_config.report.lines import counted
from entra_config.report.made import HowMade
from entra_config.report.overview import Overview
from entra_config.report.pages import Fact, Listed, Named, show_lines
from entra_config.risk import CLASSES, LEVELS, Risk

_LISTED = 50  # people named for each value; the count is the whole number


def render(plan: Plan, *, tests: Iterable[str] = (), how: HowMade | None = None, saved: str = "") -> str:
    """Return the plan as an HTML document, with lines about its access tests; it names people.

    `how` is how it was made, `saved` the file that `apply` takes to carry out this very plan.
    """
    how = how or HowMade(command=("plan", "-e", plan.environment))
    blocks = list(each_change(plan))
    gains = sorted(access.telling(plan.access), key=lambda each: (each.sign != "gain", each.kind == "scope"))
    more = [(each.application, _level(each)) for each in gains]
    more += [(_effects_key(each, blocks), effects.risk(each)) for each in plan.effects]
    items = Overview([(_key(each), each.risk) for each in blocks], "change", plan.names, more)
    return rendering.html_page(
        "plan.html",
        title=f"Plan of {plan.project}/{plan.environment}",
        style=items.style,
        headline=_headline(plan),
        sentence=_said(plan),
        rows=list(_facts(plan, how)),
        overview=items,
        access=[_gain(each, plan, items) for each in gains],
        effects=[_effect(each, blocks, items) for each in plan.effects],
        effects_heading=f"Gives power, or lowers a guard: {len(plan.effects)}",
        sections=[
            Listed("Access tests", list(tests)),
            Listed("Refused", list(_refusals(plan))),
            Listed(
                "Withheld",
                [headed(each.address, f"{each.message}; {each.remedy}") for each in plan.withheld],
            ),
            Listed("Warnings", [headed(each.address, each.message) for each in plan.warnings]),
        ],
        changes=list(_changes(blocks, items)),
        following=_next(plan, saved, how),
        footer=made.footer(how, plan.by),
    )


def _key(block: Block) -> str:
    return subject_of(block.change).application.key


def _effects_key(effect: Effect, blocks: Sequence[Block]) -> str:
    """Return the application that an effect is about; of the manifest's own words, what they are."""
    if effect.address is None:
        return "the manifest"
    subjects = (subject_of(each.change) for each in blocks)
    found = (each.application.key for each in subjects if each.address == effect.address)
    return next(found, effect.address.key)


def _headline(plan: Plan) -> str:
    if plan.empty:
        return f"No changes, {plan.unchanged} unchanged."
    refused = "Refused: nothing of this will be applied. " if plan.blocked else ""
    return f"{refused}{text.totals(plan)}, {plan.unchanged} unchanged."


def _said(plan: Plan) -> str:
    """Return who gains and loses in a sentence, where that is short."""
    clauses = access.clauses(plan.access)
    return access.sentence(plan.access) if 0 < len(clauses) <= text.SENTENCE else ""


def _facts(plan: Plan, how: HowMade) -> Iterator[Fact]:
    yield Fact("Tenant", plan.tenant.name, plan.tenant.id)
    yield Fact("Environment", plan.environment + (", protected" if plan.protected else ""))
    yield from made.facts(how, plan.by)
    if plan.at is not None and (how.at is None or abs((plan.at - how.at).total_seconds()) >= 60):
        yield Fact("Made for", f"{plan.at:%Y-%m-%d %H:%M} UTC")
    yield Fact("Withheld", str(len(plan.withheld)))
    yield Fact("Refused", str(len(plan.refusals)))
    whole = [each for each in plan.bounds if not each.role]
    if whole:
        yield Fact("Lose something", " and ".join(map(_bound, whole)))
    yield Fact("Digest", code=f"sha256:{file.digest(plan)}")


def _bound(bound: Bound) -> str:
    lost = "an unknown number" if bound.lost is None else str(bound.lost)
    return f"{lost} of at most {bound.most} {bound.noun}"


def _level(each: AccessChange) -> Risk:
    return CLASSES["gain" if each.sign == "gain" else "lost"].risk


def _gain(each: AccessChange, plan: Plan, items: Overview) -> dict[str, Any]:
    return {
        "classes": items.classes(each.application, _level(each)),
        "level": LEVELS[_level(each)],
        "sign": "+" if each.sign == "gain" else "−",
        "what": access.value(each) or "all that it held",
        "application": Named.of(each.application, plan.names),
        "who": access.clause(each, "it", noun=True),
        "names": ", ".join(sorted({one.name for one in (*each.people[:_LISTED], *each.applications)})),
        "through": access.through(each, names=True),
        "limit": _limit(each, plan.bounds),
    }


def _limit(each: AccessChange, bounds: Iterable[Bound]) -> str:
    """Return how many may lose it; nothing stops who gains."""
    if each.sign == "gain":
        return "none for gains"
    own = (one for one in bounds if (one.application, one.role) == (each.application, each.role) and one.role)
    return next((_bound(one) for one in own if each.kind == "role"), "those of the whole plan")


def _effect(each: Effect, blocks: Sequence[Block], items: Overview) -> dict[str, Any]:
    risk = effects.risk(each)
    return {
        "classes": items.classes(_effects_key(each, blocks), risk),
        "level": LEVELS[risk],
        "type": each.type,
        "text": each.text,
        "why": CLASSES[each.type].why,
    }


def _changes(blocks: Sequence[Block], items: Overview) -> Iterator[dict[str, Any]]:
    before = False
    for each in blocks:
        yield {
            "classes": items.classes(_key(each), each.risk),
            "level": LEVELS[each.risk],
            "lines": show_lines(each.lines),
            "note": FOLLOWING.capitalize() if each.following and not before else "",
        }
        before = each.following


def _refusals(plan: Plan) -> Iterator[str]:
    for refusal in plan.refusals:
        way = f" Lifted by --allow {refusal.word}." if refusal.word else ""
        kind = "refused" if refusal.blocks else "skipped"
        yield f"{kind}: {headed(refusal.address, refusal.message)}{way}"


def _next(plan: Plan, saved: str, how: HowMade) -> dict[str, str] | None:
    if not plan.changes or plan.blocked:
        return None
    # A plan file has all options in it but the limits, which whoever applies lifts.
    lifted = [pair for pair in pairwise(how.options) if pair[0] == "--allow"]
    chosen = (saved, *chain.from_iterable(lifted)) if saved else how.options
    words = ("apply", "-e", plan.environment, *chosen, *how.where, *how.there)
    cost = f"{counted(len(plan.steps), 'request')}, depth {plan.depth}."
    again = (
        "It plans again first, and stops if the plan is not this one."
        if saved
        else "It plans again first, and shows that plan before it asks."
    )
    return {
        "heading": f"To apply {'exactly this' if saved else 'it'}",
        "command": quoting.command("entra-config", *words),
        "note": f"{again} {cost}",
    }
