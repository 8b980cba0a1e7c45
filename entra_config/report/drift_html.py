"""A drift in, one self-contained HTML page out: the answer in a sentence, a square for each finding, then
each with who did it and both ways out; no external request, no script.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from entra_config.drift.model import Drift, Finding
from entra_config.drift.risks import class_of, risk
from entra_config.plan import values
from entra_config.report import drift_history, drift_wording, made, overview, page, remedies
from entra_config.report.change_text import title
from entra_config.report.drift_history import Tally
from entra_config.report.escape import html as safe
from entra_config.report.made import HowMade
from entra_config.report.overview import Overview

SIGNS = {"added": "+", "changed": "~", "removed": "−"}


def render(drift: Drift, *, earlier: Sequence[Tally] = (), how: HowMade | None = None) -> str:
    """Return the report as an HTML document; `earlier` are tallies of earlier reports, for its picture,
    `how` is how it was made.
    """
    how = how or HowMade(command=("drift", "-e", drift.environment))
    name = f"{drift.project}/{drift.environment}"
    items = Overview([(_key(each), risk(each)) for each in drift.findings], "finding", drift.names)
    body = [
        f"<h1>Drift of {safe(name)}</h1>",
        f'<p class="lead"><b>{safe(drift_wording.headline(drift))}</b> {safe(_detail(drift))}</p>',
        *page.facts(_facts(drift, how)),
        *_pictures(drift, items, earlier),
        *_findings(drift, items, how),
        *page.listed("Warnings", [notice.message for notice in drift.warnings]),
        *page.listed("Information (no drift)", [drift_wording.event(each) for each in drift.information]),
        *page.listed(
            "Expired, not yet removed (no drift)",
            [drift_wording.late(each) for each in drift.overdue],
            "expired",
        ),
        *page.listed("Not applied yet (no drift)", [title(change) for change in drift.pending], "pending"),
        *page.listed("Registrations that nobody manages", list(drift.unmanaged)),
        made.footer(how, drift.by),
    ]
    return page.document(f"Drift of {name}", body, more_style=items.style())


def _key(finding: Finding) -> str:
    return finding.application or finding.address.key


def _detail(drift: Drift) -> str:
    """Return what the high findings are, counted by what they are called."""
    counts = Counter(each.rule for each in drift.findings if risk(each) == "high")
    if not counts:
        return ""
    words = ((rule.replace("-", " ").replace(" uri", " URI"), number) for rule, number in counts.items())
    rules = [f"{number} × {name}" for name, number in words]
    high = counts.total()
    return f"{high} of them {'is' if high == 1 else 'are'} High: {', '.join(rules)}."


def _facts(drift: Drift, how: HowMade) -> Iterator[tuple[str, str]]:
    yield "Tenant", f"{safe(drift.tenant.name)} <code>{safe(drift.tenant.id)}</code>"
    yield "Compared with", safe(drift.base)
    by = f", by {drift.by}" if drift.by else ""
    yield "Checked", safe(f"{drift_wording.moment(drift.checked_at)}{by}")
    if how.manifest:
        yield "Manifest", f"<code>{safe(how.manifest)}</code>"
    if drift.since:
        yield "Deployed", safe(drift_wording.moment(drift.since))
    if drift.overdue:
        yield "Expired, not yet removed", f'<a href="#expired">{len(drift.overdue)}, no drift</a>'
    if drift.pending:
        yield "Not applied yet", f'<a href="#pending">{len(drift.pending)}, no drift</a>'


def _pictures(drift: Drift, items: Overview, earlier: Sequence[Tally]) -> Iterator[str]:
    history = list(drift_history.figure([*earlier, drift_history.of(drift)]))
    if drift.findings or history:
        yield '<div class="pictures">'
        yield from items.squares() if drift.findings else ()
        yield from history
        yield "</div>"


def _findings(drift: Drift, items: Overview, how: HowMade) -> Iterator[str]:
    if not drift.findings:
        return
    yield "<h2>What was changed, the riskiest first</h2>"
    yield from items.filters()
    for number, finding in enumerate(drift.findings, 1):
        yield from _finding(drift, finding, number, items.classes(_key(finding), risk(finding)), how)


def _finding(drift: Drift, finding: Finding, number: int, classes: str, how: HowMade) -> Iterator[str]:
    level = risk(finding)
    yield f'<article class="{classes}" id="finding-{number}">'
    yield f'<div>{page.mark(level)} <div class="meta">{number} of {len(drift.findings)}</div></div><div>'
    yield (
        f'<h3><span class="sign" aria-hidden="true">{SIGNS[finding.sign]}</span> '
        f'<span class="unseen">{finding.sign.capitalize()}: </span>{safe(finding.sentence)}</h3>'
    )
    yield f'<p class="why">{safe(_capital(class_of(finding).why))}.</p><dl class="rows">'
    yield from (f"<dt>{safe(name)}</dt><dd>{value}</dd>" for name, value in _rows(drift, finding, how))
    yield "</dl></div></article>"


def _rows(drift: Drift, finding: Finding, how: HowMade) -> Iterator[tuple[str, str]]:
    if _key(finding) in drift.names:
        yield "Application", overview.named(_key(finding), drift.names)
    if finding.path:
        yield "Property", f"<code>{safe(finding.path)}</code>"
    for name, value in (("Declared", finding.declared), ("Is", finding.live)):
        if value is not None:
            yield name, f"<code>{safe(values.format_value(value, finding.path))}</code>"
    yield "By, when", safe(drift_wording.sentence(finding.attribution).removeprefix("by "))
    if finding.position:
        yield "Manifest", f"<code>{safe(f'{finding.position.file}:{finding.position.line}')}</code>"
    for name, remedy in (
        ("Accept", remedies.accept(finding, drift, how.where)),
        ("Revert", remedies.revert(finding, drift, (*how.where, *how.there))),
    ):
        command = f'<pre class="command">{safe(remedy.command)}</pre>'
        yield name, command if remedy.command else safe(remedy.words)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
