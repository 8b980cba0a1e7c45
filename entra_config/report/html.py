"""A plan in, one self-contained HTML page out: what gives power first, then each change; it asks for
nothing and runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from entra_config.plan import access, effects
from entra_config.plan.model import Effect, Plan
from entra_config.report import change_text, text
from entra_config.report.escape import html as safe
from entra_config.report.lines import plain
from entra_config.resource import Address

_STYLE = """
:root { color-scheme: light dark; --line: #6b7280; --soft: #f3f4f6; --text: #111827; --page: #ffffff;
        --high: #991b1b; --medium: #854d0e; --low: #374151; }
@media (prefers-color-scheme: dark) {
  :root { --line: #9ca3af; --soft: #1f2937; --text: #f3f4f6; --page: #111827; --high: #fca5a5; --medium: \
#fde047;
          --low: #d1d5db; } }
* { box-sizing: border-box; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1rem;
       color: var(--text); background: var(--page); }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.2rem; margin-top: 2rem; }
li { overflow-wrap: anywhere; margin: .25rem 0; }
li.high { border-left: .4rem solid var(--high); } li.medium { border-left: .4rem solid var(--medium); }
li.low { border-left: .4rem solid var(--low); }
ul.effects { list-style: none; padding: 0; } ul.effects li { padding-left: .75rem; break-inside: avoid; }
pre { font: .95em/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; padding: \
.5rem 1rem;
      border: 1px solid var(--line); border-radius: .5rem; }
@media print { body { max-width: none; } }
"""


def render(plan: Plan, *, tests: Iterable[str] = ()) -> str:
    """Return the plan as an HTML document, with lines about its access tests; it names people."""
    name = safe(f"{plan.project}/{plan.environment}")
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            (
                '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, '
                'initial-scale=1">'
            ),
            (
                '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src '
                "'unsafe-inline'\">"
            ),
            f"<title>Plan of {name}</title><style>{_STYLE}</style></head>",
            "<body><main>",
            f"<h1>Plan of {name}</h1>",
            f"<p>Tenant {safe(plan.tenant.name)} ({safe(plan.tenant.id)})</p>",
            f"<p><strong>{safe(_headline(plan))}</strong></p>",
            *_effects(plan.effects),
            *_list("Access tests", tests),
            *_list("Refused", _refusals(plan)),
            *_list(
                "Held back",
                (f"{_about(each.address)}{each.message}; {each.remedy}" for each in plan.held_back),
            ),
            *_list("Warnings", (f"{_about(each.address)}{each.message}" for each in plan.warnings)),
            *_list(
                "Who gains or loses what",
                (access.whole(each, names=True) for each in access.telling(plan.access)),
            ),
            *_changes(plan),
            "</main></body></html>",
            "",
        ]
    )


def _headline(plan: Plan) -> str:
    if plan.empty:
        return f"No changes, {plan.unchanged} unchanged."
    refused = "Refused: nothing of this will be applied. " if plan.blocked else ""
    return f"{refused}{text.totals(plan)}, {plan.unchanged} unchanged."


def _effects(found: Iterable[Effect]) -> Iterator[str]:
    items = [
        f'<li class="{effects.risk(each)}"><b>{safe(each.sort)}</b> {safe(each.text)}</li>' for each in found
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


def _list(heading: str, items: Iterable[str]) -> Iterator[str]:
    reported = [f"<li>{safe(item)}</li>" for item in items]
    if reported:
        yield f"<h2>{safe(heading)}</h2><ul>"
        yield from reported
        yield "</ul>"


def _changes(plan: Plan) -> Iterator[str]:
    lines = plain(change_text.changes(plan)).rstrip()
    if lines:
        # Printed already: what is left is to keep it from being markup.
        yield f"<h2>What would change</h2><pre>{escape(lines)}</pre>"
