"""A drift in, Markdown for an issue or a job summary out. Names of people only where they are asked for."""

from __future__ import annotations

from dataclasses import replace

from entra_config.drift.model import Actor, Attribution, Drift
from entra_config.phrase import without_names
from entra_config.plan import values
from entra_config.report import drift_wording, escape
from entra_config.report.text import title

SIGNS = {"added": "added", "changed": "changed", "removed": "removed"}


def render(drift: Drift, *, people: bool = False) -> str:
    """Return the report as Markdown; without `people` users are told as "a user"."""
    parts = [
        f"## Drift in {escape.markdown(f'{drift.project}/{drift.environment}')}",
        f"{drift_wording.headline(drift)} Compared with {escape.markdown(drift.base)}, {drift_wording.moment(drift.checked_at)}.",
    ]
    if drift.findings:
        parts.append("\n".join(_table(drift, people=people)))
    warnings = [notice.message if people else without_names(notice.message) for notice in drift.warnings]
    parts += [f"- ⚠️ {escape.markdown(message)}" for message in warnings]
    if drift.pending:
        listed = "\n".join(f"- {escape.markdown(title(change, names=people))}" for change in drift.pending)
        parts.append(f"{drift_wording.pending(drift)}\n\n{listed}")
    if drift.unmanaged:
        listed = "\n".join(f"- {escape.markdown(name)}" for name in drift.unmanaged)
        parts.append(
            f"<details><summary>{len(drift.unmanaged)} registrations that nobody manages</summary>\n\n{listed}\n\n</details>"
        )
    return "\n\n".join(parts) + "\n"


def _table(drift: Drift, *, people: bool) -> list[str]:
    rows = ["| | what | declared | is | who and when | manifest |", "|---|---|---|---|---|---|"]
    for finding in drift.findings:
        who = finding.attribution if people else anonymous(finding.attribution)
        sentence = finding.sentence if people else without_names(finding.sentence)
        cells = (
            SIGNS[finding.sign],
            _cell(sentence),
            _cell(values.quoted(finding.declared, finding.path)) if finding.declared is not None else "",
            _cell(values.quoted(finding.live, finding.path)) if finding.live is not None else "",
            _cell(drift_wording.sentence(who)),
            _cell(str(finding.position)) if finding.position else "",
        )
        rows.append("| " + " | ".join(cells) + " |")
    return rows


def anonymous(who: Attribution) -> Attribution:
    """Return the attribution without the names of users: applications and Microsoft's services stay named."""
    hidden = Actor("user", "", "a user")
    return replace(
        who,
        actor=hidden if who.actor.kind == "user" else who.actor,
        others=tuple(hidden if other.kind == "user" else other for other in who.others),
    )


def _cell(text: str) -> str:
    # A pipe ends a table cell even inside a code span, unless it is escaped there.
    return escape.markdown(text).replace("|", "\\|")
