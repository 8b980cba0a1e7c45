"""A drift in, Markdown for an issue or a job summary out. Names of people only where they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from entra_config.drift.model import Actor, Attribution, Drift, Finding
from entra_config.drift.risks import risk
from entra_config.phrase import without_names
from entra_config.plan import values
from entra_config.report import drift_wording, escape, remedies
from entra_config.report.change_text import title
from entra_config.report.risk_words import SHAPES
from entra_config.risk import LEVELS

HEAD = (
    "| risk | | what | declared | is | who and when | manifest | to revert it |",
    "|---|---|---|---|---|---|---|---|",
)
SIGNS = {"added": "added", "changed": "changed", "removed": "removed"}


LONGEST = 60_000  # GitHub refuses an issue or a comment of more than 65,536 characters


def render(drift: Drift, *, people: bool = False, longest: int = LONGEST) -> str:
    """Return the report as Markdown; without `people` users are told as "a user". What does not fit is
    counted.
    """
    parts = [
        f"## Drift in {escape.markdown(f'{drift.project}/{drift.environment}')}",
        (
            f"{drift_wording.headline(drift)} Compared with {escape.markdown(drift.base)}, "
            f"{drift_wording.moment(drift.checked_at)}."
        ),
    ]
    messages = [notice.message if people else without_names(notice.message) for notice in drift.warnings]
    warnings = [f"- ⚠️ {escape.markdown(message)}" for message in messages]
    rows = [_row(drift, finding, people=people) for finding in drift.findings]
    left = longest - sum(map(len, parts)) - 2 * len(HEAD[0]) - 500
    shown, left = _fitting(rows, left)
    reported, left = _fitting(warnings, left)
    if shown:
        parts.append("\n".join([*HEAD, *shown]))
    parts += reported
    if cut := drift_wording.cut(len(rows) - len(shown), len(warnings) - len(reported)):
        parts.append(f"**{cut}**")
    for whole, short in _apart(drift, people=people):
        parts.append(whole if len(whole) <= left else short)
        left -= len(parts[-1])
    return "\n\n".join(parts) + "\n"


def _apart(drift: Drift, *, people: bool) -> Iterator[tuple[str, str]]:
    """Yield what is no drift, each as a list and in a line for where the list does not fit."""
    if drift.information:
        told = (
            drift_wording.event(each if people else replace(each, attribution=anonymous(each.attribution)))
            for each in drift.information
        )
        listed = "\n".join(f"- {escape.markdown(each if people else without_names(each))}" for each in told)
        heading = drift_wording.information(drift)
        yield f"{heading}\n\n{listed}", heading
    if drift.overdue:
        said_each = [drift_wording.late(each) for each in drift.overdue]
        listed = "\n".join(
            f"- {escape.markdown(each if people else without_names(each))}" for each in said_each
        )
        yield f"{drift_wording.overdue(drift)}\n\n{listed}", drift_wording.overdue(drift)
    if drift.pending:
        listed = "\n".join(f"- {escape.markdown(title(change, names=people))}" for change in drift.pending)
        yield f"{drift_wording.pending(drift)}\n\n{listed}", drift_wording.pending(drift)
    if drift.unmanaged:
        listed = "\n".join(f"- {escape.markdown(name)}" for name in drift.unmanaged)
        wording = f"{len(drift.unmanaged)} registrations that nobody manages"
        yield (
            f"<details><summary>{wording}</summary>\n\n{listed}\n\n</details>",
            f"{wording}: drift.json has them.",
        )


def _fitting(lines: list[str], left: int) -> tuple[list[str], int]:
    """Return the first lines that fit, and what is left then."""
    for number, each in enumerate(lines):
        if len(each) + 2 > left:
            return lines[:number], 0
        left -= len(each) + 2
    return lines, left


def _row(drift: Drift, finding: Finding, *, people: bool) -> str:
    who = finding.attribution if people else anonymous(finding.attribution)
    level = LEVELS[risk(finding)]
    cells = (
        f"{SHAPES[level.name]} {level.word}",
        SIGNS[finding.sign],
        escape.markdown_cell(finding.sentence if people else without_names(finding.sentence)),
        escape.markdown_cell(values.format_value(finding.declared, finding.path))
        if finding.declared is not None
        else "",
        escape.markdown_cell(values.format_value(finding.live, finding.path))
        if finding.live is not None
        else "",
        escape.markdown_cell(drift_wording.sentence(who)),
        escape.markdown_cell(str(finding.position)) if finding.position else "",
        escape.markdown_cell(remedies.revert(finding, drift).text),
    )
    return "| " + " | ".join(cells) + " |"


def anonymous(who: Attribution) -> Attribution:
    """Return the attribution without the names of users: applications and Microsoft's services stay named."""
    hidden = Actor("user", "", "a user")
    return replace(
        who,
        actor=hidden if who.actor.kind == "user" else who.actor,
        others=tuple(hidden if other.kind == "user" else other for other in who.others),
    )
