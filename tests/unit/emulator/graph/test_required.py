"""How much an application may require, and of whom."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from entra_emulator.graph.applications import _check_required
from entra_emulator.graph.errors import ODataError


def requires(resources: int, each: int = 1, **more: Any) -> dict[str, Any]:
    """Return an application that requires so much of so many."""
    access = {"id": str(UUID(int=1)), "type": "Scope"} | more
    required = [
        {"resourceAppId": str(UUID(int=number + 10)), "resourceAccess": [access] * each}
        for number in range(resources)
    ]
    return {"requiredResourceAccess": required}


@pytest.mark.parametrize(
    ("new", "taken"),
    [
        (requires(0), True),
        (requires(50), True),
        (requires(51), False),
        (requires(50, 8), True),
        (requires(40, 10), True),
        (requires(41, 10), False),
        (requires(1, 401), False),
        (requires(1, type="Role"), True),
        (requires(1, type="role"), False),
        ({"requiredResourceAccess": [{"resourceAppId": None, "resourceAccess": []}]}, False),
        ({"requiredResourceAccess": [{"resourceAppId": "graph", "resourceAccess": []}]}, False),
        ({"requiredResourceAccess": [{"resourceAppId": "A" * 8 + "-0000-0000-0000-000000000000",
                                      "resourceAccess": []},
                                     {"resourceAppId": "a" * 8 + "-0000-0000-0000-000000000000",
                                      "resourceAccess": []}]}, False),
    ],
)  # fmt: skip
def test_fifty_resources_and_four_hundred_permissions_are_the_most(
    new: dict[str, Any], *, taken: bool
) -> None:
    """Each resource once, by its appId, and each permission a scope or a role."""
    if taken:
        _check_required(new)
        return
    with pytest.raises(ODataError):
        _check_required(new)
