"""A plan in, one self-contained HTML page out: who gains and loses first, then each change; it asks for
nothing and runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from entra_config import __version__, quoting
from entra_config.plan import access, effects
from entra_config.plan.model import AccessChange, Effect, Plan
from entra_config.report import change_text, page, text
from entra_config.report.escape import html as safe
from entra_config.report.lines import Line
from entra_config.resource import Address
from entra_config.risk import CLASSES

_STYLES = {style: style.replace(" ", "-") for style in ("high", "mid", "dim", "bold")}


def render(plan: Plan, *, tests: Iterable[str] = ()) -> str:
    """Return the plan as an HTML document, with lines about its access tests; it names people."""
    name = f"{plan.project}/{plan.environment}"
    body = [
        f"<h1>Plan of {safe(name)}</h1>",
        f'<p class="lead"><b>{safe(_headline(plan))}</b> {safe(_said(plan))}</p>',
        *page.facts(_facts(plan)),
        *_access(plan.access),
        *_effects(plan.effects),
        *page.listed("Access tests", tests),
        *page.listed("Refused", _refusals(plan)),
        *page.listed(
            "Held back", (f"{_about(each.address)}{each.message}; {each.remedy}" for each in plan.held_back)
        ),
        *page.listed("Warnings", (f"{_about(each.address)}{each.message}" for each in plan.warnings)),
        *_changes(plan),
        *_next(plan),
        f"<footer>entra-config {safe(__version__)} · plan -e {safe(plan.environment)}</footer>",
    ]
    return page.document(f"Plan of {name}", body)


def _headline(plan: Plan) -> str:
    if plan.empty:
        return f"No changes, {plan.unchanged} unchanged."
    refused = "Refused: nothing of this will be applied. " if plan.blocked else ""
    return f"{refused}{text.totals(plan)}, {plan.unchanged} unchanged."


def _said(plan: Plan) -> str:
    """Return who gains and loses in a sentence, where that is short."""
    clauses = access.clauses(plan.access)
    return access.sentence(plan.access) if 0 < len(clauses) <= text.SENTENCE else ""


def _facts(plan: Plan) -> Iterator[tuple[str, str]]:
    yield "Tenant", f"{safe(plan.tenant.name)} <code>{safe(plan.tenant.id)}</code>"
    if plan.at is not None:
        yield "Made for", f"{plan.at:%Y-%m-%d %H:%M} UTC"
    yield "Held back", str(len(plan.held_back))
    yield "Refused", str(len(plan.refusals))


def _access(changes: Iterable[AccessChange]) -> Iterator[str]:
    found = sorted(access.telling(changes), key=lambda each: each.sign != "gain")
    if not found:
        return
    columns = ("Risk", "What", "Application", "Who", "Through")
    heads = "".join(f'<th scope="col">{head}</th>' for head in columns)
    yield '<h2>Who gains, who loses</h2><table class="wide">'
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    yield from (_row(each) for each in found)
    yield "</tbody></table>"


def _row(each: AccessChange) -> str:
    level = CLASSES["gain" if each.sign == "gain" else "lost"].risk
    what, sign = access.value(each) or "all that it held", "+" if each.sign == "gain" else "−"
    who = access.clause(each, "it", noun=True)
    named = ", ".join(sorted({person.name for person in (*each.people, *each.applications)}))
    cells = (
        ("Risk", page.mark(level)),
        ("What", f'<span class="sign" aria-hidden="true">{sign}</span> <b>{safe(what)}</b>'),
        ("Application", safe(each.application)),
        ("Who", f'<b>{safe(who)}</b><div class="meta">{safe(named)}</div>'),
        ("Through", safe(access.through(each, names=True))),
    )
    shown = "".join(f'<td data-label="{name}">{cell}</td>' for name, cell in cells)
    return f"<tr>{shown}</tr>"


def _effects(found: Iterable[Effect]) -> Iterator[str]:
    items = [
        f'<li class="{effects.risk(each)}">{page.mark(effects.risk(each))} <b>{safe(each.type)}</b> '
        f'{safe(each.text)}<div class="meta">{safe(CLASSES[each.type].why)}</div></li>'
        for each in found
    ]
    if items:
        yield f'<h2>Gives power, or lowers a guard: {len(items)}</h2><ul class="effects">'
        yield from items
        yield "</ul>"


def _refusals(plan: Plan) -> Iterator[str]:
    for refusal in plan.refusals:
        way = f" Lifted by --allow {refusal.word}." if refusal.word else ""
        yield (
            f"{_about(refusal.address)}{'refused' if refusal.blocks else 'left out'}: {refusal.message}{way}"
        )


def _about(address: Address | None) -> str:
    return "" if address is None else f"{address.key}: "


def _next(plan: Plan) -> Iterator[str]:
    if not plan.empty and not plan.blocked:
        command = quoting.command("entra-config", "apply", "-e", plan.environment)
        yield f'<h2>To apply it</h2><pre class="command">{safe(command)}</pre>'
        yield '<p class="meta">It plans again first, and shows that plan before it asks.</p>'


def _changes(plan: Plan) -> Iterator[str]:
    lines = list(change_text.changes(plan))
    if lines:
        yield '<h2>What would change</h2><pre class="tree">'
        yield "\n".join(map(_line, lines)).rstrip()
        yield "</pre>"


def _line(each: Line) -> str:
    # Printed already: what is left is to keep it from being markup.
    spans = (*each.spans, *([("   ", ""), (each.right, "dim")] if each.right else []))
    return "".join(
        f'<span class="{_STYLES[style]}">{escape(said)}</span>' if style in _STYLES else escape(said)
        for said, style in spans
    )
