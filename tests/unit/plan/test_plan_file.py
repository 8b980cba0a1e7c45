"""A saved plan lets the very same plan pass and no other."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from entra_config.apply import saved as saving
from entra_config.errors import StalePlanError
from entra_config.graph.request import Request
from entra_config.plan import file
from entra_config.plan.model import (
    Create,
    Refusal,
    TenantInfo,
    Update,
)
from entra_config.resource import Address, Resource
from tests.unit.plan.plans import BEFORE, CREATE, EXTEND, NAME, PLAN, ROLES, TIMED

THEIRS = Update(BEFORE, BEFORE, (dataclasses.replace(NAME, before="Theirs"), ROLES))


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"changes": (THEIRS, PLAN.changes[1])}, ["application.api", "displayName", "Theirs"]),
        ({"changes": PLAN.changes[:1]}, ["application.spa", "no longer"]),
        ({"changes": (*PLAN.changes, Create(Resource(Address("application", "new"), {})))},
        ["application.new", ("is "
"new")]),
        ({"steps": (EXTEND,)}, ["application.spa/create"]),
        ({"steps": (dataclasses.replace(EXTEND, request=Request("PATCH", ("/applications/"
"2"), {})), CREATE)}, ["requests"]),
        ({"steps": (dataclasses.replace(EXTEND, guard=None), CREATE)}, ["guard"]),
        ({"access": ()}, ["access role api/B lose"]),
        ({"access": (dataclasses.replace(PLAN.access[0], count=3),)}, ["access role api/B lose", "count"]),
        ({"refusals": (Refusal("many", "x", blocks=False),)}, ["refusal many"]),
        ({"environment": "dev"}, ["made for environment prod"]),
        ({"tenant": TenantInfo("other", "contoso")}, ["made for tenant t"]),
        ({"project": "x"}, ["made for project myapp"]),
    ],
)  # fmt: skip
def test_another_plan_is_refused_and_what_moved_is_named(
    saved: Path, other: dict[str, Any], words: list[str]
) -> None:
    """Object and field stand in the message, and the exit code is 1."""
    with pytest.raises(StalePlanError) as caught:
        file.compare(saving.read(saved), dataclasses.replace(PLAN, **other))
    assert all(word in str(caught.value) for word in words)
    assert caught.value.exit_code == 1


def test_the_tenant_s_name_and_counts_that_nothing_hangs_on_may_change(saved: Path) -> None:
    """Unchanged objects are not part of what is applied."""
    file.compare(
        saving.read(saved),
        dataclasses.replace(PLAN, unchanged=99, tenant=TenantInfo("t", "renamed"), depth=7),
    )


def test_the_instant_is_kept_and_decides_by_what_is_over_alone(tmp_path: Path) -> None:
    """The file has the instant; between two ends the digest is the same, across one it is another."""
    path = tmp_path / "plan.json"
    saving.write(path, TIMED)
    found = saving.read(path)

    assert found.at == TIMED.at
    file.compare(found, dataclasses.replace(TIMED, at=datetime(2027, 2, 9, tzinfo=UTC)))
    assert file.digest(TIMED) != file.digest(PLAN)
    with pytest.raises(StalePlanError):
        file.compare(found, dataclasses.replace(TIMED, over_since=date(2027, 2, 5)))
