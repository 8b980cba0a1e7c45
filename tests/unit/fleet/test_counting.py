"""How many people gain and lose by a plan, and what plans take away together."""

from __future__ import annotations

import pytest

from entra_config.manifest.tenants.model import FleetLimits
from entra_config.plan.model import AccessChange, Plan, TenantInfo
from entra_fleet.approval import losing
from entra_fleet.approval.losing import Loss
from entra_fleet.groups import classes
from entra_fleet.groups.classes import Counted

ROWS = (
    AccessChange("b", "R", "lose", 1),
    AccessChange("a", "R", "lose", None),
    AccessChange("a", "R", "lose", 5),
    AccessChange("a", "R", "lose", 0),
    AccessChange("a", "Q", "lose", 9),
    AccessChange("z", "R", "gain", 2),
)


def test_who_gains_and_loses_is_in_an_order_of_its_own() -> None:
    """Hold gains first, then by role, then by number, and whom nobody could count last."""
    expected = (
        Counted("gain", "z/R", 2),
        Counted("lose", "a/Q", 9),
        Counted("lose", "a/R", 0),
        Counted("lose", "a/R", 5),
        Counted("lose", "a/R", None),
        Counted("lose", "b/R", 1),
    )
    for rows in (ROWS, ROWS[::-1]):
        assert (
            classes.count_people(Plan("p", "prod", TenantInfo("t", "contoso"), (), (), access=rows))
            == expected
        )


LIMITS = FleetLimits(people=10, applications=5, deleted=1)


@pytest.mark.parametrize(
    ("losses", "said"),
    [
        ([], []),
        ([Loss(6, 3, 1), Loss(4, 2, 0)], []),
        ([Loss(6), Loss(5)], ["11 people would lose something, and `limits.people` is 10"]),
        (
            [Loss(0, 3, 1), Loss(0, 3, 1)],
            [
                "6 applications would lose something, and `limits.applications` is 5",
                "2 applications would be deleted, and `limits.deleted` is 1",
            ],
        ),
        (
            [Loss(None), Loss(11), Loss(None)],
            [
                "nobody could count who loses something in 2 of these plans, and that is too many",
                "11 people would lose something, and `limits.people` is 10",
            ],
        ),
    ],
    ids=["nothing", "as much as may be", "too many people", "too many applications", "who cannot be counted"],
)
def test_what_plans_take_away_together(losses: list[Loss], said: list[str]) -> None:
    """Hold each limit by itself, over all plans, and that whom nobody could count is too many."""
    assert list(losing.over(LIMITS, losses)) == said
