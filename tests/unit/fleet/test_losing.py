"""What plans take away together, against the limits of a fleet."""

from __future__ import annotations

from random import Random

import pytest

from entra_config.manifest.tenants.model import FleetLimits
from entra_fleet.approval.losing import Loss, over


@pytest.mark.parametrize("number", range(50))
def test_plans_are_within_the_limits_exactly_if_each_sum_is(number: int) -> None:
    """Of all plans together, not of each; and nobody who cannot be counted."""
    random = Random(f"losing {number}")
    limits = FleetLimits(
        people=random.randrange(30), applications=random.randrange(9), deleted=random.randrange(4)
    )
    losses = [
        Loss(
            random.choice([None, *range(12)] if number % 3 == 0 else range(12)),
            random.randrange(4),
            random.randrange(2),
        )
        for _ in range(random.randrange(6))
    ]
    known = [each.people for each in losses if each.people is not None]
    holds = (
        len(known) == len(losses)
        and sum(known) <= limits.people
        and sum(each.applications for each in losses) <= limits.applications
        and sum(each.deleted for each in losses) <= limits.deleted
    )
    assert (not list(over(limits, losses))) == holds
