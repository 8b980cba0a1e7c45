"""Whether a wave may start: of each wave before it, how many tenants failed."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from entra_fleet.approval.wave_limits import ShardOutcome, refused


@pytest.mark.parametrize("number", range(100))
def test_a_wave_starts_exactly_if_no_wave_before_it_failed_too_much(number: int) -> None:
    """None of the first; of each later one its own share of its own tenants, whatever the other waves are."""
    random = Random(f"gating {number}")
    share = random.choice([0, 29, 200, 1000, 5000, 10_000])
    outcomes = [
        ShardOutcome(f"t{wave}-{random.randrange(40)}", wave, random.random() < random.choice([0, 0.02, 0.3]))
        for wave in random.sample(range(1, 5), random.randrange(1, 5))
        for _ in range(random.randrange(1, 80))
    ]
    wave = random.randrange(1, 6)
    waves = sorted({each.wave for each in outcomes if each.wave < wave})
    holds = True
    for place, one in enumerate(waves):
        tenants = {each.tenant_id for each in outcomes if each.wave == one}
        failed = {each.tenant_id for each in outcomes if each.wave == one and each.failed}
        holds &= not failed if place == 0 else Fraction(len(failed), len(tenants)) <= Fraction(share, 10_000)
    assert (not list(refused(outcomes, wave, share))) == holds


def of_wave(wave: int, tenants: int, failed: int) -> list[ShardOutcome]:
    """Return two shards of each tenant of a wave; of those that failed the second did."""
    return [
        ShardOutcome(f"t{wave}-{number}", wave, failed=shard == 1 and number < failed)
        for number in range(tenants)
        for shard in range(2)
    ]


@pytest.mark.parametrize(
    ("outcomes", "wave", "said"),
    [
        ([*of_wave(1, 3, 0), *of_wave(2, 100, 2)], 3, []),
        (
            [*of_wave(2, 100, 3), *of_wave(1, 3, 1)],
            3,
            [
                "wave 1: 1 of 3 tenants failed or have no result, and in the first wave none may",
                "wave 2: 3 of 100 tenants failed or have no result, and `limits.failedTenants` is 2",
            ],
        ),
        ([*of_wave(1, 3, 0), *of_wave(2, 100, 50)], 2, []),
        (
            of_wave(2, 3, 1),
            3,
            ["wave 2: 1 of 3 tenants failed or have no result, and in the first wave none may"],
        ),
        ([], 2, []),
    ],
    ids=["as many as may", "too many", "its own do not count", "the first that there is", "nothing"],
)
def test_why_a_wave_may_not_start_is_said_of_each_before_it(
    outcomes: list[ShardOutcome], wave: int, said: list[str]
) -> None:
    """Hold that a tenant is counted once, and that waves are in order."""
    assert list(refused(outcomes, wave, 200)) == said
