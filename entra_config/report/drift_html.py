"""A drift in, one self-contained HTML page out: no external request, readable on a phone, printable, in
both colour schemes.
"""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.drift.model import Drift, Finding
from entra_config.plan import values
from entra_config.report import drift_wording
from entra_config.report.change_text import title
from entra_config.report.escape import html as safe

_STYLE = """
:root { color-scheme: light dark; --line: #6b7280; --soft: #f3f4f6; --text: #111827; --page: #ffffff;
        --added: #166534; --changed: #854d0e; --removed: #991b1b; }
@media (prefers-color-scheme: dark) {
  :root { --line: #9ca3af; --soft: #1f2937; --text: #f3f4f6; --page: #111827;
          --added: #86efac; --changed: #fde047; --removed: #fca5a5; } }
* { box-sizing: border-box; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem;
       color: var(--text); background: var(--page); }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.2rem; margin-top: 2rem; }
dl.summary { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0; }
dl.summary div { flex: 1 1 auto; background: var(--soft); border-radius: .5rem; padding: .5rem .75rem; }
dl.summary div:first-child { flex-basis: 100%; }
dt { font-size: .875rem; } dl.summary dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
article { border: 1px solid var(--line); border-left-width: .4rem; border-radius: .5rem; padding: .25rem \
1rem; margin: 1rem 0;
          break-inside: avoid; }
article.added { border-left-color: var(--added); } article.changed { border-left-color: var(--changed); }
article.removed { border-left-color: var(--removed); }
article h3 { font-size: 1.05rem; margin: .5rem 0; overflow-wrap: anywhere; }
article dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0; }
article dd { margin: 0; overflow-wrap: anywhere; }
code { font: .95em ui-monospace, monospace; background: var(--soft); border-radius: .25rem; padding: 0 \
.25rem; }
li { overflow-wrap: anywhere; }
@media (max-width: 30rem) { article dl { grid-template-columns: 1fr; } article dt { font-weight: 600; } }
@media print { body { max-width: none; } dl.summary div, code { background: none; border: 1px solid \
var(--line); } }
"""


def render(drift: Drift) -> str:
    """Return the report as an HTML document."""
    name = safe(f"{drift.project}/{drift.environment}")
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            (
                '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, '
                'initial-scale=1">'
            ),
            f"<title>Drift of {name}</title><style>{_STYLE}</style></head>",
            "<body><main>",
            f"<h1>Drift of {name}</h1>",
            f"<p><strong>{safe(drift_wording.headline(drift))}</strong></p>",
            *_summary(drift),
            *_findings(drift),
            *_list("Warnings", [notice.message for notice in drift.warnings]),
            *_list(
                "Expired, not yet removed (no drift)", [drift_wording.late(each) for each in drift.overdue]
            ),
            *_list("Not applied yet (no drift)", [title(change) for change in drift.pending]),
            *_list("Registrations that nobody manages", list(drift.unmanaged)),
            "</main></body></html>",
            "",
        ]
    )


def _summary(drift: Drift) -> Iterator[str]:
    facts = {
        "Tenant": f"{drift.tenant.name} ({drift.tenant.id})",
        "Compared with": drift.base,
        "Checked": drift_wording.moment(drift.checked_at),
        "Added": str(_count(drift, "added")),
        "Changed": str(_count(drift, "changed")),
        "Removed": str(_count(drift, "removed")),
    }
    yield '<dl class="summary">'
    for name, value in facts.items():
        yield f"<div><dt>{safe(name)}</dt><dd>{safe(value)}</dd></div>"
    yield "</dl>"


def _findings(drift: Drift) -> Iterator[str]:
    if not drift.findings:
        return
    yield "<h2>What somebody changed</h2>"
    for finding in drift.findings:
        yield (
            f'<article class="{finding.sign}"><h3>{finding.sign.capitalize()}: '
            f"{safe(finding.sentence)}</h3><dl>"
        )
        yield from _facts(finding)
        yield "</dl></article>"


def _facts(finding: Finding) -> Iterator[str]:
    if finding.path:
        yield f"<dt>Property</dt><dd><code>{safe(finding.path)}</code></dd>"
    if finding.declared is not None:
        yield f"<dt>Declared</dt><dd><code>{safe(values.quoted(finding.declared, finding.path))}</code></dd>"
    if finding.live is not None:
        yield f"<dt>Is</dt><dd><code>{safe(values.quoted(finding.live, finding.path))}</code></dd>"
    yield f"<dt>Who and when</dt><dd>{safe(drift_wording.sentence(finding.attribution))}</dd>"
    if finding.position:
        yield (
            f"<dt>Manifest</dt><dd><code>{safe(f'{finding.position.file}:{finding.position.line}')}</"
            "code></dd>"
        )


def _list(heading: str, items: list[str]) -> Iterator[str]:
    if items:
        yield f"<h2>{safe(heading)}</h2><ul>"
        yield from (f"<li>{safe(item)}</li>" for item in items)
        yield "</ul>"


def _count(drift: Drift, sign: str) -> int:
    return sum(finding.sign == sign for finding in drift.findings)
