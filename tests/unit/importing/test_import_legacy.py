"""Import of what years leave behind: it is adopted with marks alone."""

from __future__ import annotations

import asyncio

import pytest

from entra_config.plan.model import Plan
from tests.unit.importing.importer import EVERYTHING, Ground, assert_marks_only
from tests.unit.importing.legacy_access import (
    consents,
    consents_at_ours,
    deleted_holders,
    equal_groups,
    holders_beside_who_left,
    holders_of_others,
    names_of_apis,
)
from tests.unit.importing.legacy_registrations import (
    Story,
    api_without_principal,
    certificates,
    dangling_client,
    every_workload,
    hostile_names,
    many_credentials,
    many_roles,
    missing_api,
    multi_tenant,
    odd_properties,
    unknown_clients,
)

STORIES: list[Story] = [
    certificates,
    many_credentials,
    every_workload,
    unknown_clients,
    dangling_client,
    deleted_holders,
    equal_groups,
    multi_tenant,
    missing_api,
    api_without_principal,
    many_roles,
    hostile_names,
    names_of_apis,
    consents,
    consents_at_ours,
    holders_of_others,
    holders_beside_who_left,
    odd_properties,
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__.strip("_"))
def test_what_years_leave_behind_is_adopted_with_marks_alone(ground: Ground, story: Story) -> None:
    """What no name can express is left to whoever made it; nothing else changes, and the second plan is
    empty.
    """

    async def tell() -> tuple[Plan, Plan]:
        await story(ground)
        return await ground.imported(EVERYTHING), await ground.applied()

    first, second = asyncio.run(tell())

    assert first.changes
    assert_marks_only(first)
    assert second.empty
