"""The formats of each report. `--format` offers the names of a table, and `write` calls the function of one.

A new format of a report is a function and a line in its table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import typer

from entra_config.cli.options import Common

if TYPE_CHECKING:
    from entra_config.actual.access import Access
    from entra_config.cli.output import Output
    from entra_config.credentials.listing import ListedKey
    from entra_config.drift.model import Drift
    from entra_config.lint.model import Report, Rule
    from entra_config.manifest.lint_policy import Severity
    from entra_config.manifest.model import Manifest
    from entra_config.plan.model import Plan
    from entra_config.report.drift_history import Reported
    from entra_config.report.holders import AccessReading
    from entra_config.report.lines import Line
    from entra_config.report.made import HowMade
    from entra_config.testing.results import Results

R = TypeVar("R")
# By the name of a format: a report in, lines for a terminal or one text out.
Formats = Mapping[str, Callable[[R], "str | Iterable[Line]"]]


def write(output: Output, formats: Formats[R], form: str, report: R, *, talk: bool = False) -> None:
    """Write a report to stdout in one of its formats; `talk` puts lines to stderr."""
    written = formats[form](report)
    if isinstance(written, str):
        output.data(written)
    else:
        output.lines(written, talk=talk)


@dataclass(frozen=True, slots=True)
class PlanReport:
    """A plan with its access tests' results; `how` and `saved` are of its page alone."""

    common: Common
    plan: Plan
    show_requests: bool = False
    names: bool = False
    tests: Results | None = None
    how: Callable[[], HowMade] | None = None
    saved: str = ""


def _plan_text(report: PlanReport) -> Iterable[Line]:
    from entra_config.report import requests, text

    plan = report.plan
    if report.show_requests and plan.steps:
        yield from requests.lines(plan.steps)
    yield from text.lines(plan, whole=report.common.output.verbose)
    yield from below(report.common, report.tests)


def below(common: Common, found: Results | None) -> Iterable[Line]:
    """Yield results of access tests as lines below another report."""
    if found is not None:
        from entra_config.report.lines import line

        yield line()
        yield from results_text(ResultsReport(common, found))


def _plan_json(report: PlanReport) -> str:
    from entra_config.report import json
    from entra_config.testing import json as tested

    tests = tested.document(report.tests) if report.tests is not None else None
    return json.render(report.plan, show_requests=report.show_requests, tests=tests)


def _plan_markdown(report: PlanReport) -> str:
    from entra_config.report import markdown
    from entra_config.testing import markdown as tested

    found = report.tests
    headline = tested.headline(found) if found is not None else ""
    details = tested.details(found) if found is not None else ()
    return markdown.render(report.plan, names=report.names, tested=headline, tests=details)


def _plan_html(report: PlanReport) -> str:
    from entra_config.report import html, lines

    tests = lines.format_lines(below(report.common, report.tests)).splitlines()
    how = report.how() if report.how is not None else None
    return html.render(report.plan, tests=[each for each in tests if each], how=how, saved=report.saved)


def _plan_github(report: PlanReport) -> str:
    from entra_config.report import github

    tests = results_github(ResultsReport(report.common, report.tests)) if report.tests is not None else ""
    return github.plan(report.plan, names=report.names) + tests


PLAN: Formats[PlanReport] = {
    "text": _plan_text,
    "json": _plan_json,
    "markdown": _plan_markdown,
    "html": _plan_html,
    "github": _plan_github,
}


@dataclass(frozen=True, slots=True)
class AccessReport:
    """Who can do what; `explain` adds to the text through what and since when."""

    found: Access
    about: AccessReading
    explain: bool


def _access_text(report: AccessReport) -> Iterable[Line]:
    from entra_config.report import holders

    found = report.found
    return holders.lines(
        found.holdings,
        explain=report.explain,
        owners=found.owners,
        entrances=found.entrances,
        about=report.about,
        potential=found.potential,
    )


def _access_json(report: AccessReport) -> str:
    from entra_config.report import holders_data

    found = report.found
    return holders_data.to_json(found.holdings, found.owners, found.entrances, report.about, found.potential)


def _access_csv(report: AccessReport) -> str:
    from entra_config.report import holders_data

    found = report.found
    return holders_data.to_csv(found.holdings, found.owners, report.about, found.potential)


def _access_html(report: AccessReport) -> str:
    from entra_config.report import holders_html

    found, title = report.found, f"Access of {report.about.owner}"
    return holders_html.to_html(
        found.holdings, title, found.owners, found.entrances, report.about, potential=found.potential
    )


ACCESS: Formats[AccessReport] = {
    "text": _access_text,
    "json": _access_json,
    "csv": _access_csv,
    "html": _access_html,
}


@dataclass(frozen=True, slots=True)
class DriftReport:
    """What others changed; `history` and `how` are of its page alone."""

    common: Common
    drift: Drift
    names: bool = False
    history: Sequence[Reported] = ()
    how: HowMade | None = None


def _drift_text(report: DriftReport) -> Iterable[Line]:
    from entra_config.report import drift_text

    return drift_text.lines(report.drift)


def _drift_json(report: DriftReport) -> str:
    from entra_config.report import drift_json

    return drift_json.render(report.drift)


def _drift_markdown(report: DriftReport) -> str:
    from entra_config.report import drift_markdown

    return drift_markdown.render(report.drift, people=report.names)


def _drift_sarif(report: DriftReport) -> str:
    from entra_config.manifest.environments import source
    from entra_config.report import drift_sarif

    return drift_sarif.render(report.drift, root=source.locate(report.common.manifest).as_posix())


def _drift_html(report: DriftReport) -> str:
    from entra_config.report import drift_history, drift_html

    drift = report.drift
    whose = (drift.project, drift.environment, drift.tenant.id)
    earlier = drift_history.tallies(report.history, whose)
    return drift_html.render(drift, earlier=earlier, how=report.how)


def _drift_github(report: DriftReport) -> str:
    from entra_config.report import github

    return github.drift(report.drift, names=report.names)


DRIFT: Formats[DriftReport] = {
    "text": _drift_text,
    "json": _drift_json,
    "markdown": _drift_markdown,
    "sarif": _drift_sarif,
    "html": _drift_html,
    "github": _drift_github,
}


@dataclass(frozen=True, slots=True)
class LintReport:
    """What rules found; `least` is the severity from which a finding is a failure."""

    common: Common
    report: Report
    rules: Mapping[str, Rule]
    least: Severity


def _lint_text(report: LintReport) -> Iterable[Line]:
    from entra_config.manifest.environments import source
    from entra_config.report import lint_text

    return lint_text.lines(report.report, source.texts(report.common.manifest))


def _lint_json(report: LintReport) -> str:
    from entra_config.report import lint_json

    return lint_json.render(report.report)


def _lint_sarif(report: LintReport) -> str:
    from entra_config.manifest.environments import source
    from entra_config.report import lint_sarif

    root = source.locate(report.common.manifest).as_posix()
    return lint_sarif.render(report.report, report.rules, root=root)


def _lint_github(report: LintReport) -> str:
    from entra_config.report import github

    return github.lint(report.report)


def _lint_junit(report: LintReport) -> str:
    from entra_config.report import lint_junit

    return lint_junit.render(report.report, report.rules, report.least)


LINT: Formats[LintReport] = {
    "text": _lint_text,
    "json": _lint_json,
    "sarif": _lint_sarif,
    "github": _lint_github,
    "junit": _lint_junit,
}


@dataclass(frozen=True, slots=True)
class ResultsReport:
    """Results of access tests."""

    common: Common
    found: Results


def results_text(report: ResultsReport) -> Iterable[Line]:
    """Return results as lines."""
    from entra_config.testing import text

    return text.render(report.found, verbose=report.common.output.verbose)


def _results_json(report: ResultsReport) -> str:
    from entra_config.testing import json

    return json.render(report.found)


def _results_junit(report: ResultsReport) -> str:
    from entra_config.testing import junit

    return junit.render(report.found)


def _results_markdown(report: ResultsReport) -> str:
    from entra_config.testing import markdown

    return markdown.render(report.found)


def results_github(report: ResultsReport) -> str:
    """Return results as annotations of a workflow."""
    from entra_config.testing import github

    return github.render(report.found)


TESTS: Formats[ResultsReport] = {
    "text": results_text,
    "json": _results_json,
    "junit": _results_junit,
    "markdown": _results_markdown,
    "github": results_github,
}


@dataclass(frozen=True, slots=True)
class CredentialsReport:
    """What can sign in as an environment's applications; `ending` are the days of `--ending`."""

    manifest: Manifest
    found: list[ListedKey]
    now: datetime
    read_uses: bool
    ending: int | None = None


def _credentials_text(report: CredentialsReport) -> Iterable[Line]:
    from entra_config.report import credentials

    return credentials.lines(report.found, report.now, report.ending)


def _credentials_json(report: CredentialsReport) -> str:
    from entra_config.report import credentials

    return credentials.document(report.manifest, report.found, read_uses=report.read_uses)


def _credentials_markdown(report: CredentialsReport) -> str:
    from entra_config.report import credentials

    return credentials.markdown(report.manifest, report.found, report.now, report.ending)


CREDENTIALS: Formats[CredentialsReport] = {
    "text": _credentials_text,
    "json": _credentials_json,
    "markdown": _credentials_markdown,
}


@dataclass(frozen=True, slots=True)
class ShortReport:
    """A report that only one command writes: as a document or as lines."""

    document: Callable[[], Mapping[str, object]]
    lines: Callable[[], Iterable[Line]]


def _short_text(report: ShortReport) -> Iterable[Line]:
    return report.lines()


def _short_json(report: ShortReport) -> str:
    return json.dumps(report.document(), indent=2) + "\n"


SHORT: Formats[ShortReport] = {"text": _short_text, "json": _short_json}


if TYPE_CHECKING:
    PlanFormat = str
    AccessFormat = str
    DriftFormat = str
    LintFormat = str
    ResultsFormat = str
    CredentialsFormat = str
    ShortFormat = str
else:

    def _option(formats: Formats) -> object:
        # What typer offers: the names of a table, which no type checker can read.
        return Annotated[
            Literal[tuple(formats)], typer.Option("--format", help="How it is written on stdout.")
        ]

    PlanFormat = _option(PLAN)
    AccessFormat = _option(ACCESS)
    DriftFormat = _option(DRIFT)
    LintFormat = _option(LINT)
    ResultsFormat = _option(TESTS)
    CredentialsFormat = _option(CREDENTIALS)
    ShortFormat = _option(SHORT)
