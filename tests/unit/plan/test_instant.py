"""A plan is carried out while all that ends is as it was when it was made."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from entra_config.errors import Position, StalePlanError
from entra_config.manifest.until import Ending
from entra_config.plan.instant import SHOWN, crossed

LAST = date(2027, 3, 4)
BEFORE = datetime(2027, 3, 4, 23, 59, 59, tzinfo=UTC)
AFTER = datetime(2027, 3, 5, tzinfo=UTC)
AN_HOUR_EAST = timezone(timedelta(hours=1))


def said(endings: list[Ending], at: datetime, now: datetime, path: str = "") -> list[str]:
    """Return the lines of the refusal; none where nothing lies between."""
    try:
        crossed(endings, at, now, path)
    except StalePlanError as error:
        return str(error).splitlines()
    return []


@pytest.mark.parametrize(
    ("at", "now", "how"),
    [
        (BEFORE, AFTER, "which was not over then"),
        (AFTER, BEFORE, "which is not over yet"),
        (BEFORE, BEFORE, None),
        (AFTER, AFTER + timedelta(days=300), None),
        (BEFORE - timedelta(days=300), BEFORE, None),
    ],
)
def test_what_ends_between_two_instants_is_named(at: datetime, now: datetime, how: str | None) -> None:
    """The clock may have gone either way."""
    later = Ending(date(2030, 1, 1), "something else")
    lines = said([later, Ending(LAST, "`a` of role `b`", Position("m.yaml", 3, 5))], at, now)
    assert lines[1:] == ([f"  m.yaml:3:5: `a` of role `b` until 4 Mar 2027, {how}"] if how else [])


def test_the_refusal_names_the_plan_and_its_instant_in_utc() -> None:
    """What has no place in a file gets a dash."""
    head, line = said([Ending(LAST, "it")], BEFORE.astimezone(AN_HOUR_EAST), AFTER, "p.plan")
    assert head.startswith("p.plan: this plan was made for 2027-03-04 23:59:59 UTC, and an `until` lies")
    assert line.startswith("  -: it until")
    assert said([Ending(LAST, "it")], BEFORE, AFTER)[0].startswith("this plan was made for")


@pytest.mark.parametrize(("count", "more"), [(SHOWN, []), (SHOWN + 1, ["  and 1 more"])])
def test_twenty_are_shown(count: int, more: list[str]) -> None:
    """The rest is counted."""
    lines = said([Ending(LAST, f"entry {number}") for number in range(count)], BEFORE, AFTER)
    assert lines[1 + SHOWN :] == more
    assert "entry 19 " in lines[SHOWN]
