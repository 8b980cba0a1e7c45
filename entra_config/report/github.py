"""Reports in, annotations of GitHub's workflow commands out: a line each, at the manifest's line.

GitHub shows ten of each level of a step, so the riskiest come first. Logs may be public: people are named
only where asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from entra_config.drift.model import Drift
from entra_config.drift.risks import risk
from entra_config.errors import Position, Problem
from entra_config.lint.model import GRAVITY, LintFinding, Report
from entra_config.phrase import without_names
from entra_config.plan.model import Plan, subject_of
from entra_config.report import drift_wording, escape, remedies
from entra_config.report.change_text import title
from entra_config.report.drift_markdown import anonymous
from entra_config.risk import LEVELS

_BY_SEVERITY = {each.lint: each.annotation for each in LEVELS.values()}


def problems(found: Iterable[Problem]) -> str:
    """Return what is wrong with a manifest."""
    return _lines(_annotation("error", "entra-config", each.message, each.position) for each in found)


def warnings(found: Iterable[Problem]) -> str:
    """Return what may be wrong with a valid manifest."""
    return _lines(_annotation("warning", "entra-config", each.message, each.position) for each in found)


def lint(report: Report) -> str:
    """Return the findings of lint, highest risk first."""
    return _lines(map(_finding, sorted(report.findings, key=lambda each: -GRAVITY[each.severity])))


def plan(made: Plan, *, names: bool) -> str:
    """Return what a plan refuses, withholds, warns of and would change."""
    return _lines(_plan(made, names=names))


def drift(found: Drift, *, names: bool) -> str:
    """Return what others changed, and who did."""
    return _lines(_drift(found, names=names))


def _finding(each: LintFinding) -> str:
    reported = f"{each.message} (in {', '.join(each.environments)}). {each.help}"
    return _annotation(_BY_SEVERITY[each.severity], each.rule, reported, each.position)


def _plan(made: Plan, *, names: bool) -> Iterator[str]:
    where = f"{made.project}/{made.environment}"
    for refusal in made.refusals:
        way = f" Lifted by --allow {refusal.word}." if refusal.word else ""
        kind = "refused" if refusal.blocks else "skipped"
        yield _annotation(
            "error", f"{kind} in {where}", f"{_said(refusal.message, names=names)}{way}", refusal.position
        )
    for held in made.withheld:
        reported = f"{_said(held.message, names=names)}. {_said(held.remedy, names=names)}"
        yield _annotation("warning", f"withheld in {where}", reported, held.position)
    for notice in made.warnings:
        yield _annotation("warning", where, _said(notice.message, names=names), notice.position)
    for change in made.changes:
        reported = title(change, names=names)
        yield _annotation(
            "notice", f"{where}: {type(change).__name__.lower()}", reported, subject_of(change).position
        )


def _drift(found: Drift, *, names: bool) -> Iterator[str]:
    where = f"drift in {found.project}/{found.environment}"
    for each in found.findings:
        who = drift_wording.sentence(each.attribution if names else anonymous(each.attribution))
        yield _annotation(
            LEVELS[risk(each)].annotation,
            where,
            f"{_said(each.sentence, names=names)} ({who}). Revert: {remedies.revert(each, found).text}",
            each.position,
        )
    for each in found.information:
        told = each if names else replace(each, attribution=anonymous(each.attribution))
        yield _annotation("notice", where, _said(drift_wording.event(told), names=names), each.position)
    for late in found.overdue:
        reported = f"Expired, not yet removed: {_said(drift_wording.late(late), names=names)}"
        yield _annotation("notice", where, reported, late.position)
    for notice in found.warnings:
        yield _annotation("notice", where, _said(notice.message, names=names), notice.position)


def _said(text: str, *, names: bool) -> str:
    return text if names else without_names(text)


def _annotation(level: str, title_: str, message: str, where: Position | None) -> str:
    place: dict[str, str | int] = (
        {"file": where.file, "line": where.line, "col": where.column} if where else {}
    )
    of_item = where.of_item if where else ""
    return escape.workflow_command(level, f"{message}{of_item}", **place, title=title_)


def _lines(each: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in each)
