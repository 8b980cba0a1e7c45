"""A saved plan lets the very same plan pass and no other."""

from __future__ import annotations

import dataclasses
import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from entra_config.apply import saved as saving
from entra_config.checks.limits import WORDS
from entra_config.errors import Position, StalePlanError
from entra_config.graph.request import Request
from entra_config.plan import file
from entra_config.plan.model import (
    Create,
    FieldChange,
    Plan,
    Refusal,
    TenantInfo,
    Update,
)
from entra_config.resource import Address, Resource
from tests.unit.plan.plans import BEFORE, CREATE, EXTEND, NAME, PLAN, ROLES, TIMED

THEIRS = Update(BEFORE, BEFORE, (dataclasses.replace(NAME, before="Theirs"), ROLES))


def test_the_same_plan_passes(saved: Path) -> None:
    """What was saved and planned again is the same."""
    file.compare(saving.read(saved), PLAN)


def test_places_ages_and_the_order_of_collections_are_no_difference(saved: Path) -> None:
    """A manifest with a line more, a note with another age, a collection in another order: still that very
    plan.
    """
    roles = dataclasses.replace(ROLES, before=[{"value": "B"}, {"value": "A"}])
    name = dataclasses.replace(NAME, position=Position("api.yaml", 9))
    again = dataclasses.replace(
        PLAN, changes=(Update(BEFORE, BEFORE, (name, roles), notes=("deleted 4 days ago",)), PLAN.changes[1])
    )
    file.compare(saving.read(saved), again)


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


def test_two_values_that_begin_alike_are_shown_where_they_differ(tmp_path: Path) -> None:
    """Of two long values, and of two long lists of requests, the message has the parts that differ."""
    start = "repo:example/" + "x" * 300
    path = tmp_path / "plan.json"

    def with_subject(subject: str) -> Plan:
        change = Update(BEFORE, BEFORE, (FieldChange("subject", "none", f"{start}:{subject}"),))
        step = dataclasses.replace(
            EXTEND, request=Request("PATCH", "/applications/1", {"subject": f"{start}:{subject}"})
        )
        return dataclasses.replace(PLAN, changes=(change,), steps=(step,))

    saving.write(path, with_subject("environment:prod"))
    with pytest.raises(StalePlanError) as reported:
        file.compare(saving.read(path), with_subject("pull_request"))

    (line,) = [line for line in str(reported.value).splitlines() if "subject" in line]
    assert ":environment:prod" in line
    assert ":pull_request" in line
    assert len(line) < 250


def test_the_tenant_s_name_and_counts_that_nothing_hangs_on_may_change(saved: Path) -> None:
    """Unchanged objects are not part of what is applied."""
    file.compare(
        saving.read(saved),
        dataclasses.replace(PLAN, unchanged=99, tenant=TenantInfo("t", "renamed"), depth=7),
    )


def test_the_file_is_private_and_the_same_each_time(saved: Path, tmp_path: Path) -> None:
    """Only the owner reads it, and no clock stands in it."""
    assert saved.stat().st_mode & 0o077 == 0
    again = tmp_path / "again.json"
    saving.write(again, PLAN)
    assert saved.read_bytes() == again.read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


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


@pytest.mark.parametrize("seed", range(100))
def test_a_limit_that_is_lifted_makes_no_other_plan(seed: int) -> None:
    """Each word lifts its refusals of the very plan that was saved; every other difference is still one."""
    draw = random.Random(seed)
    words = draw.sample(sorted(WORDS), draw.randint(1, 4))
    refusals = tuple(
        Refusal(word, "too much", draw.choice((None, Address("application", "api")))) for word in words
    )
    saved = file.read(file.text(dataclasses.replace(PLAN, refusals=refusals)).encode(), "p.json")
    left = tuple(each for each in refusals if draw.random() < 0.3)
    file.compare(saved, dataclasses.replace(PLAN, refusals=left))
    with pytest.raises(StalePlanError):
        file.compare(saved, dataclasses.replace(PLAN, refusals=left, access=()))
