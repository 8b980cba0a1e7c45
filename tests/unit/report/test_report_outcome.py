"""The closing lines of an apply."""

from __future__ import annotations

from entra_config.apply.events import Outcome
from entra_config.graph.request import Request
from entra_config.plan.model import Plan, TenantInfo
from entra_config.plan.steps import Phase, Step
from entra_config.report import outcome
from entra_config.report.lines import plain

PLAN = Plan("myapp", "dev", TenantInfo("1", "contoso"), (), ())
STEP = Step("application.api/edit", (), Phase.EDIT, Request("PATCH", "/applications/1", {"notes": "ours"}))


def test_what_somebody_changed_since_is_said_and_the_apply_is_not_whole() -> None:
    """The step, what stands there now, and what to do; the counts say it too."""
    found = Outcome(done=(STEP,), differs=((STEP, "notes is 'theirs', expected 'ours'"),))
    assert plain(outcome.lines(found, PLAN)) == (
        "differs application.api/edit\n"
        "       notes is 'theirs', expected 'ours'\n"
        "       It was written; somebody else has changed it since, or Graph shows what was before. Run "
        "plan again.\n"
        "\n"
        "Failed: 1 done, 0 failed, 0 not tried, 1 changed since.   0 requests in 0 calls, depth 0.\n"
    )


def test_what_lists_do_not_show_yet_is_said_and_the_apply_is_whole() -> None:
    """A read by key has shown it."""
    text = plain(outcome.lines(Outcome(done=(STEP,), unseen=(STEP,)), PLAN))
    assert "application.api/edit is done, and Graph does not show it yet" in text
    assert "Applied: 1 done, 0 failed, 0 not tried.   0 requests" in text
