"""A plan in, one self-contained HTML page out: who gains and loses first, then each change, the riskiest
first; it asks for nothing and runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

from entra_config.plan import access, effects, file
from entra_config.plan.bounds import Bound
from entra_config.plan.model import AccessChange, Effect, Plan, subject_of
from entra_config.report import change_html, made, overview, page, text
from entra_config.report.change_text import Block, each_change
from entra_config.report.escape import html as safe
from entra_config.report.headed import headed
from entra_config.report.lines import counted
from entra_config.report.made import HowMade
from entra_config.report.overview import Overview
from entra_config.risk import CLASSES, Risk

COLUMNS = ("Risk", "What", "Application", "Who", "Through", "Limit")


def render(plan: Plan, *, tests: Iterable[str] = (), how: HowMade | None = None, saved: str = "") -> str:
    """Return the plan as an HTML document, with lines about its access tests; it names people.

    `how` is how it was made, `saved` the file that `apply` takes to carry out this very plan.
    """
    how = how or HowMade(command=("plan", "-e", plan.environment))
    name, blocks = f"{plan.project}/{plan.environment}", list(each_change(plan))
    gains = sorted(access.telling(plan.access), key=lambda each: (each.sign != "gain", each.kind == "scope"))
    more = [(each.application, _level(each)) for each in gains]
    more += [(_effects_key(each, blocks), effects.risk(each)) for each in plan.effects]
    changes = [(_key(each), each.risk) for each in blocks]
    items = Overview(changes, "change", plan.names, more)
    body = [
        f"<h1>Plan of {safe(name)}</h1>",
        f'<p class="lead"><b>{safe(_headline(plan))}</b> {safe(_said(plan))}</p>',
        *page.facts(_facts(plan, how)),
        *(['<div class="pictures">', *items.squares(), "</div>"] if blocks else []),
        *items.filters(),
        *_access(gains, plan, items),
        *_effects(plan.effects, blocks, items),
        *page.listed("Access tests", tests),
        *page.listed("Refused", _refusals(plan)),
        *page.listed(
            "Held back", (headed(each.address, f"{each.message}; {each.remedy}") for each in plan.held_back)
        ),
        *page.listed("Warnings", (headed(each.address, each.message) for each in plan.warnings)),
        *change_html.articles(blocks, [items.classes(*each) for each in changes]),
        *_next(plan, saved, how),
        made.footer(how, plan.by),
    ]
    return page.document(f"Plan of {name}", body, more_style=items.style())


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


def _facts(plan: Plan, how: HowMade) -> Iterator[tuple[str, str]]:
    yield "Tenant", f"{safe(plan.tenant.name)} <code>{safe(plan.tenant.id)}</code>"
    yield "Environment", safe(plan.environment) + (", protected" if plan.protected else "")
    yield from made.facts(how, plan.by)
    if plan.at is not None and (how.at is None or abs((plan.at - how.at).total_seconds()) >= 60):
        yield "Made for", f"{plan.at:%Y-%m-%d %H:%M} UTC"
    yield "Held back", str(len(plan.held_back))
    yield "Refused", str(len(plan.refusals))
    whole = [each for each in plan.bounds if not each.role]
    if whole:
        yield "Lose something", safe(" and ".join(map(_bound, whole)))
    yield "Digest", f"<code>sha256:{file.digest(plan)}</code>"


def _bound(bound: Bound) -> str:
    lost = "an unknown number" if bound.lost is None else str(bound.lost)
    return f"{lost} of at most {bound.most} {bound.noun}"


def _level(each: AccessChange) -> Risk:
    return CLASSES["gain" if each.sign == "gain" else "lost"].risk


def _access(found: Sequence[AccessChange], plan: Plan, items: Overview) -> Iterator[str]:
    if not found:
        return
    yield "<h2>Who gains, who loses</h2>"
    yield from page.table("wide", COLUMNS)
    yield from (_row(each, plan, items) for each in found)
    yield "</tbody></table>"


def _row(each: AccessChange, plan: Plan, items: Overview) -> str:
    what, sign = access.value(each) or "all that it held", "+" if each.sign == "gain" else "−"
    who = access.clause(each, "it", noun=True)
    everybody = sorted({person.name for person in (*each.people, *each.applications)})
    cells = (
        f'<span class="sign" aria-hidden="true">{sign}</span> <b>{safe(what)}</b>',
        overview.named(each.application, plan.names),
        f'<b>{safe(who)}</b><div class="meta">{safe(", ".join(everybody))}</div>',
        safe(access.through(each, names=True)),
        safe(_limit(each, plan.bounds)),
    )
    classes = items.classes(each.application, _level(each))
    return page.row(page.mark(_level(each)), cells, COLUMNS[1:], classes)


def _limit(each: AccessChange, bounds: Iterable[Bound]) -> str:
    """Return how many may lose it; nothing stops who gains."""
    if each.sign == "gain":
        return "none for gains"
    own = (one for one in bounds if (one.application, one.role) == (each.application, each.role) and one.role)
    return next((_bound(one) for one in own if each.kind == "role"), "those of the whole plan")


def _effects(found: Iterable[Effect], blocks: Sequence[Block], items: Overview) -> Iterator[str]:
    listed = [
        f'<li class="{items.classes(_effects_key(each, blocks), effects.risk(each))}">'
        f"{page.mark(effects.risk(each))} <b>{safe(each.type)}</b> "
        f'{safe(each.text)}<div class="meta">{safe(CLASSES[each.type].why)}</div></li>'
        for each in found
    ]
    if listed:
        yield f'<h2>Gives power, or lowers a guard: {len(listed)}</h2><ul class="effects">'
        yield from listed
        yield "</ul>"


def _refusals(plan: Plan) -> Iterator[str]:
    for refusal in plan.refusals:
        way = f" Lifted by --allow {refusal.word}." if refusal.word else ""
        kind = "refused" if refusal.blocks else "left out"
        yield f"{kind}: {headed(refusal.address, refusal.message)}{way}"


def _next(plan: Plan, saved: str, how: HowMade) -> Iterator[str]:
    if not plan.changes or plan.blocked:
        return
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
    yield f"<h2>To apply {'exactly this' if saved else 'it'}</h2>"
    yield f'{page.command(*words)}<p class="meta">{again} {cost}</p>'
