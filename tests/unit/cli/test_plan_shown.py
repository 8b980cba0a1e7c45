"""A plan in each format, the command that comes next, and the code that it ends with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.cli import formats
from entra_config.cli import plan as planning
from entra_config.cli.options import Common
from entra_config.cli.output import Output
from entra_config.plan.model import Refusal, Withheld
from entra_config.report import github, lines, markdown, text
from tests.unit.report.plans import worked_example

PLAN = worked_example()


OUTPUT = Output(no_color=True)
REFUSED = Refusal("", "never", blocks=False)
HELD = Withheld("a grant waits", "apply again")


def shown(
    capsys: pytest.CaptureFixture[str], form: Any, output: Output = OUTPUT, **how: Any
) -> tuple[str, str]:
    """Return what a plan writes."""
    talk = how.pop("talk", False)
    report = formats.PlanReport(Common(output=output), PLAN, **how)
    formats.write(output, formats.PLAN, form, report, talk=talk)
    out, err = capsys.readouterr()
    return out, err


@pytest.mark.parametrize("names", [True, False])
def test_people_are_named_where_that_is_wanted(capsys: pytest.CaptureFixture[str], *, names: bool) -> None:
    """In Markdown and in annotations."""
    assert shown(capsys, "markdown", names=names) == (markdown.render(PLAN, names=names), "")
    assert shown(capsys, "github", names=names) == (github.plan(PLAN, names=names), "")
    assert markdown.render(PLAN, names=True) != markdown.render(PLAN, names=False)


def test_a_plan_that_was_seen_is_told_in_short(capsys: pytest.CaptureFixture[str]) -> None:
    """Whose it is, what is refused, and the counts; no change."""
    plan = replace(PLAN, refusals=(REFUSED,), withheld=(HELD,))
    rows = [*text.remarks(plan.warnings, plan.refusals), *text.withheld(plan), *text.summary(plan)]
    expected = f"{text.header(plan)}\n{lines.format_lines(rows)}"
    planning.show_approved(Common(output=OUTPUT), plan)
    assert capsys.readouterr() == (expected, "")
    planning.show_approved(Common(output=OUTPUT), plan, talk=True)
    assert capsys.readouterr() == ("", expected)
