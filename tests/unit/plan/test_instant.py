"""A plan is carried out while all that ends is as it was when it was made."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from entra_config.errors import Position, StalePlanError
from entra_config.manifest.until import Ending
from entra_config.plan.instant import crossed

LAST = date(2027, 3, 4)
BEFORE = datetime(2027, 3, 4, 23, 59, 59, tzinfo=UTC)
AFTER = datetime(2027, 3, 5, tzinfo=UTC)


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
