"""The closing lines of an apply."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entra_config.apply.events import Outcome
from entra_config.errors import GraphError, Position
from entra_config.graph.request import Request, Usage
from entra_config.plan.model import Create, Plan, TenantInfo
from entra_config.plan.steps import Phase, Step
from entra_config.report import outcome
from entra_config.report.lines import format_lines
from entra_config.resource import Address, Resource

PLAN = Plan("myapp", "dev", TenantInfo("1", "contoso"), (), ())
STEP = Step("application.api/edit", (), Phase.EDIT, Request("PATCH", "/applications/1", {"notes": "ours"}))


def test_what_somebody_changed_since_is_said_and_the_apply_is_not_whole() -> None:
    """The step, what stands there now, and what to do; the counts say it too."""
    found = Outcome(done=(STEP,), differs=((STEP, "notes is 'theirs', expected 'ours'"),))
    assert format_lines(outcome.lines(found, PLAN)) == (
        "differs application.api/edit\n"
        "       notes is 'theirs', expected 'ours'\n"
        "       It was written; somebody else has changed it since, or Graph shows what was before. Run "
        "plan again.\n"
        "\n"
        "Failed: 1 done, 0 failed, 0 not tried, 1 changed since.   0 requests in 0 calls, depth 0.\n"
    )


def test_what_lists_do_not_show_yet_is_said_and_the_apply_is_whole() -> None:
    """A read by key has shown it."""
    text = format_lines(outcome.lines(Outcome(done=(STEP,), unconfirmed=(STEP,)), PLAN))
    assert "application.api/edit is done, and Graph does not show it yet" in text
    assert "Applied: 1 done, 0 failed, 0 not tried.   0 requests" in text


API, SPA = Address("application", "api"), Address("application", "spa")
MADE = replace(PLAN, changes=(Create(Resource(API, {}, title="api", position=Position("a.yaml", 3, 5)), ()),))
CARRIES = replace(STEP, carries=(SPA, API))
AGAIN = "Run apply again: it goes on from what the tenant is now.\n"


def counts(head: str, said: str, spent: str = "0 requests in 0 calls, depth 0") -> str:
    """Return the line with the counts."""
    return f"{head} {said}.   {spent}.\n"


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (GraphError("no\nat all"), "       no\n       at all\n"),
        (
            GraphError("no", status=403, code="Authorization_\x07", request_id="r-1", advice="ask \x07"),
            "       no\n       status 403, code Authorization_\\u{7}, request id r-1\n       ask \\u{7}\n",
        ),
    ],
)
def test_what_failed_is_said_with_why_and_with_what_to_do(error: GraphError, lines: str) -> None:
    """Each line of why; what support needs, where Graph said it."""
    assert format_lines(outcome.lines(Outcome(failed=((STEP, error),)), PLAN)) == (
        f"failed application.api/edit\n{lines}\n{counts('Failed:', '0 done, 1 failed, 0 not tried')}{AGAIN}"
    )


def test_what_failed_is_said_as_the_plan_has_it_with_its_place() -> None:
    """The first of its changes that stands somewhere."""
    first, *_ = format_lines(outcome.lines(Outcome(failed=((CARRIES, GraphError("no")),)), MADE)).splitlines()
    assert first.split() == ["failed", "application", "api:", "edit", "a.yaml:3"]


@pytest.mark.parametrize(("number", "more"), [(1, 0), (20, 0), (21, 1), (30, 10)])
def test_the_first_that_were_not_tried_are_said_and_the_rest_counted(number: int, more: int) -> None:
    """With why."""
    text = format_lines(outcome.lines(Outcome(not_attempted=((STEP, "api\x07 failed"),) * number), PLAN))
    lines = ["not tried application.api/edit  api\\u{7} failed"] * (number - more)
    lines += [f"not tried and {more} more"] if more else []
    end = f"\n{counts('Failed:', f'0 done, 0 failed, {number} not tried')}{AGAIN}"
    assert text == "".join(f"{each}\n" for each in lines) + end


def test_what_is_seen_late_is_said_apart_and_needs_no_second_apply() -> None:
    """A blank line stands between what is said of steps and the counts."""
    usage = Usage(requests=1, calls=1, depth=2)
    text = format_lines(outcome.lines(Outcome(done=(STEP,), unconfirmed=(STEP,), usage=usage), PLAN))
    assert text == (
        "! application.api/edit is done, and Graph does not show it yet\n\n"
        f"{counts('Applied:', '1 done, 0 failed, 0 not tried', '1 request in 1 call, depth 2')}"
    )
    assert format_lines(outcome.lines(Outcome(), PLAN)) == counts("Applied:", "0 done, 0 failed, 0 not tried")


def test_an_apply_that_was_stopped_says_so() -> None:
    """Where something is left; one that was whole by then is applied."""
    left = Outcome(not_attempted=((STEP, "stopped"),), stopped=True)
    assert counts("Stopped:", "0 done, 0 failed, 1 not tried") in format_lines(outcome.lines(left, PLAN))
    assert format_lines(outcome.lines(Outcome(stopped=True), PLAN)).startswith("Applied:")
