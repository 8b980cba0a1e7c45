"""Policies as no tenant should have them: whatever Graph answers of one, it holds something or nothing,
and breaks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from entra_config.actual.policies import Policies
from entra_config.checks import chosen
from entra_config.checks.restrictions import NON_DEFAULT, UNIQUE, Restrictions

NOW = datetime(2026, 11, 26, tzinfo=UTC)
ON = {
    "state": "enabled",
    "restrictForAppsCreatedAfterDateTime": "2026-01-01T00:00:00Z",
    "maxLifetime": "P1DT2H3M4S",
}
PARTS: dict[str, Any] = {
    "passwordCredentials": [{"restrictionType": "passwordLifetime", **ON}],
    "keyCredentials": [{"restrictionType": "asymmetricKeyLifetime", **ON}],
    "identifierUris": {UNIQUE: {"excludeAppsReceivingV2Tokens": True, **ON}, NON_DEFAULT: ON},
    "audiences": {
        "azureAdMultipleOrgs": {"excludeActors": {"customSecurityAttributes": [{"id": "x"}]}, **ON}
    },
}
POLICY = {
    "id": "p",
    "displayName": "Ours",
    "isEnabled": True,
    "applicationRestrictions": PARTS,
    "restrictions": PARTS,
}
ODD: tuple[Any, ...] = (
    None,
    1,
    -1.5,
    "",
    "x",
    [],
    {},
    [1],
    {"x": 1},
    True,
    "9999-99-99",
    "P",
    "PT",
    "P99999999D",
)


def mutated(value: Any) -> Iterator[Any]:
    """Yield the value with each of its parts, and itself, replaced by each odd one."""
    yield from ODD
    if isinstance(value, dict):
        for name in value:
            yield from ({**value, name: other} for other in mutated(value[name]))
    elif isinstance(value, list):
        for place in range(len(value)):
            yield from ([*value[:place], other, *value[place + 1 :]] for other in mutated(value[place]))


def requested(held: Restrictions) -> list[object]:
    """Ask all that the checks ask."""
    found = [
        held.listed("passwordCredentials", "passwordLifetime"),
        held.listed("keyCredentials", "asymmetricKeyLifetime"),
        held.of("identifierUris", UNIQUE),
        held.of("identifierUris", NON_DEFAULT),
        held.of("audiences", "azureAdMultipleOrgs"),
    ]
    return [(each.since, each.unless, each.longest) for each in found if each is not None]


def test_a_policy_is_understood_as_it_is() -> None:
    """All parts hold, from their day on, with their length; before it none does, nor does a policy that is
    off.
    """
    for policies in (Policies(default=POLICY), Policies(own={"o": POLICY})):
        reported = requested(Restrictions(policies, "o", NOW))
        assert len(reported) == 5
        assert reported[0] == (
            " (for applications made since 2026-01-01)",
            "",
            timedelta(days=1, hours=2, minutes=3, seconds=4),
        )
        assert requested(Restrictions(policies, "o", datetime(2025, 12, 31, tzinfo=UTC))) == []
    assert requested(Restrictions(Policies(default={**POLICY, "isEnabled": False}), "o", NOW)) == []


@pytest.mark.parametrize("place", ["default", "own"])
def test_an_odd_policy_breaks_nothing(place: str) -> None:
    """Each part replaced by each odd value: the checks and doctor's lines end, and say no more than the
    whole policy does.
    """
    number = 0
    for policy in mutated(POLICY):
        if isinstance(policy, dict):
            policies = Policies(default=policy) if place == "default" else Policies(own={"o": policy})
            assert len(requested(Restrictions(policies, "o", NOW))) <= 5
            assert all(isinstance(line, str) for line in chosen.lines(policies))
            number += 1
    assert number > 500
