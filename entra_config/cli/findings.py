"""Run drift, lint, test or credentials in one environment, and return what it finds as values.

A report on many tenants compares them: equal `content` means equal findings, and only `text` names people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from entra_config.cli import formats, wiring
from entra_config.cli.options import Common
from entra_config.phrase import without_names
from entra_config.report import lines
from entra_config.risk import CLASSES, LEVELS, Risk

if TYPE_CHECKING:
    from entra_config.credentials.listing import ListedKey
    from entra_config.drift.model import Drift
    from entra_config.lint.model import Report
    from entra_config.plan.model import Plan
    from entra_config.report.change_text import Block
    from entra_config.testing.results import Results

Level = Risk | Literal["none"]
ORDER: tuple[Level, ...] = (*LEVELS, "none")
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Findings:
    """The exit code of a command, the highest risk of its findings, and its report."""

    code: int
    risk: Level
    headline: list[str]
    content: list[Any]
    text: str
    unnamed: str


@dataclass(frozen=True, slots=True)
class ReportedPlan:
    """A plan's digest, the highest risk of its changes and of what it gives, and its report."""

    digest: str
    risk: Level
    changes: tuple[Block, ...]
    text: str
    unnamed: str


def find(verb: str, common: Common) -> Findings:
    """Run the command that a verb names."""
    return _FIND[verb](common)


def _drift(common: Common) -> Findings:
    from entra_config.cli import drift

    return of_drift(wiring.run(drift.check(common)))


def of_drift(drift: Drift) -> Findings:
    """Return what a drift found, in the order in which it was found."""
    from entra_config.drift import risks
    from entra_config.report import drift_json, drift_markdown, drift_text

    document = drift_json.document(drift)
    found = [
        [each.address, each.sign, each.rule, each.path, each.element, each.declared, each.live]
        for each in document.findings
    ]
    return Findings(
        2 if drift.drifted else 0,
        _highest(risks.risk(each) for each in drift.findings),
        [without_names(each.sentence) for each in drift.findings],
        [found, [each.address for each in document.overdue], document.warnings],
        drift_text.render(drift),
        drift_markdown.render(drift, people=False),
    )


def _lint(common: Common) -> Findings:
    from entra_config.cli import lint
    from entra_config.lint import plugins
    from entra_config.manifest.environments import source
    from entra_config.report import lint_text

    report = lint.held(common, plugins.every(), "regular", live=False, resolve=False)
    text = lines.format_lines(lint_text.lines(report, source.texts(common.manifest)))
    return of_lint(report, lint.exit_code(report, "W"), text)


def of_lint(report: Report, code: int, text: str) -> Findings:
    """Return what lint found, in any order."""
    from entra_config.report.lint_sarif import fingerprints

    found = sorted(zip(fingerprints(report), (each.message for each in report.findings), strict=True))
    headline = [f"{each.rule}: {each.message}" for each in report.findings]
    content = [list(each) for each in found]
    return Findings(code, "medium" if report.findings else "none", headline, content, text, text)


def _tests(common: Common) -> Findings:
    from entra_config.cli import testing

    results = testing.run(common, [], None)
    return of_tests(results, lines.format_lines(formats.below(common, results)))


def of_tests(results: Results, text: str) -> Findings:
    """Return the names of the access tests that failed."""
    failing = sorted(results.failing)
    headline = [f"fails: {each}" for each in failing]
    risk: Level = "medium" if failing else "none"
    return Findings(1 if results.failed else 0, risk, headline, failing, text, "\n".join(headline))


def _credentials(common: Common) -> Findings:
    """Read the tenant alone: no sink is asked, and no secret is made or seen."""
    now = wiring.now()
    return of_credentials(wiring.run(_listed(common)), now)


async def _listed(common: Common) -> list[ListedKey]:
    from entra_config.cli import credentials
    from entra_config.credentials import listing

    async with credentials.open_estate(common) as (graph, estate):
        used = await listing.last_uses(graph)
        return listing.listed(estate.manifest, estate.directory, wiring.now(), used=used)


def of_credentials(found: list[ListedKey], now: datetime) -> Findings:
    """Return which credentials exist; the id of one is a part of the content only if it is undeclared."""
    from entra_config.report import credentials

    rows, headline, levels = [], [], list[Level]()
    for each in found:
        undeclared = each.standing == "undeclared"
        end = "" if each.replaced else _ending(each.end, now)
        what = f"{each.application}: {each.type} {each.name}"
        name = [each.name, each.place, each.key_id] if undeclared else [each.name, each.place]
        rows.append([each.application, each.object, each.type, each.standing, each.due, end, *name])
        if undeclared or end or each.due:
            said = (
                [credentials.MEANINGS["undeclared"]] * undeclared
                + [end] * bool(end)
                + [each.due] * bool(each.due)
            )
            headline.append(f"{what}: {', '.join(said)}")
            levels.append("high" if undeclared else "medium")
    text = lines.format_lines(credentials.lines(found, now))
    return Findings(2 if levels else 0, _highest(levels), headline, sorted(rows), text, text)


def _ending(end: datetime | None, now: datetime) -> str:
    """Return whether a credential has ended or ends soon; "" if neither."""
    if end is None or end > now + SOON:
        return ""
    return "ended" if end <= now else f"ends within {SOON.days} days"


def of_plan(plan: Plan) -> ReportedPlan:
    """Return a plan as it is reported; its changes name nobody."""
    from entra_config.plan import file
    from entra_config.report import change_text, markdown, text
    from entra_config.report.plan_risk import Risks

    by_change = Risks(plan)
    levels: list[Level] = [by_change.risk(each) for each in (*plan.changes, *plan.following)]
    levels += [CLASSES[each.type].risk for each in plan.effects]
    return ReportedPlan(
        file.digest(plan),
        _highest(levels),
        tuple(change_text.each_change(plan, names=False)),
        text.render(plan),
        markdown.render(plan).replace(f"{markdown.REST}\n\n", ""),
    )


def _highest(levels: Iterable[Level]) -> Level:
    return min(levels, key=ORDER.index, default="none")


_FIND: dict[str, Callable[[Common], Findings]] = {
    "drift": _drift,
    "lint": _lint,
    "test": _tests,
    "credentials": _credentials,
}
