"""A lint report in, JUnit XML out: a case for each finding, and one for each rule that found nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from entra_config.lint.model import GRAVITY, Report, Rule
from entra_config.manifest.lint_policy import Severity
from entra_config.report import junit


def render(report: Report, rules: Mapping[str, Rule], least: Severity) -> str:
    """Return the report as XML text; what is below the least severity passes, and is told."""
    return junit.render({f"entra-config lint {report.project}": list(_cases(report, rules, least))})


def _cases(report: Report, rules: Mapping[str, Rule], least: Severity) -> Iterator[junit.Case]:
    for each in report.findings:
        reported = f"{each.message}\nin {', '.join(each.environments)}\nhelp: {each.help}"
        where = f"{each.position or each.application or 'tenant'}"
        if GRAVITY[each.severity] >= GRAVITY[least]:
            yield junit.Case(each.rule, where, each.message, reported)
        else:
            yield junit.Case(each.rule, where, reported=reported)
    found = {each.rule for each in report.findings}
    yield from (junit.Case(name, "everywhere") for name in rules if name not in found)
