"""Limits where one more would be too many, and what is none of a limit's business."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.checks import limits
from entra_config.kinds.base import enterprise_address
from entra_config.plan.held import Consent, Holder, Side, Stakes
from entra_config.plan.model import Change, Delete, Restore
from entra_config.resource import Address, Resource
from tests.unit.plan.estates import API, application, manifest, plan, side


def words(*changes: Change, stakes: Stakes | None = None, **more: Any) -> list[tuple[str, Address | None]]:
    """Return what is refused of a plan in a protected environment, by word and place."""
    made = replace(plan(*changes), **more)
    checked = limits.check(made, manifest(protected=True), stakes or Stakes(), allow=frozenset())
    return [(each.word, each.address) for each in checked.refusals]


def consented(*clients: str) -> Side:
    """Return a side on which these clients have a scope of the API."""
    consents = (Consent("api", "read", key, Holder("application", f"id-{key}", key)) for key in clients)
    return Side({"api": {}}, consents=frozenset(consents), addresses={"api": API})


@pytest.mark.parametrize(
    ("deleted", "expected"),
    [
        ((), [("many", API)]),
        (("job",), [("delete", Address("application", "job"))]),
        (("api",), [("delete", API)]),
        (("other",), [("many", API), ("delete", Address("application", "other"))]),
    ],
)
def test_what_goes_with_a_deleted_application(
    deleted: tuple[str, ...], expected: list[tuple[str, Address | None]]
) -> None:
    """What is held of it and by it is `delete` alone."""
    stakes = Stakes(consented("job"), consented())
    assert words(*(Delete(application(key)) for key in deleted), stakes=stakes) == expected


def test_an_application_and_its_service_principal_are_restored_by_the_word() -> None:
    """Each by itself; only the deletion of an application takes a word."""
    principal = Resource(enterprise_address("api"), {})
    assert words(Restore(application(), application())) == [("restore", API)]
    assert words(Restore(principal, principal), Delete(principal)) == [("restore", principal.address)]


def test_last_holders_role_by_role() -> None:
    """In the order of their values; groups are named, people are not."""
    roles = {str(number): f"Role{number}" for number in range(6)}
    rows = [f"{number} {'group:crew' if number % 2 else 'user:ann'}" for number in range(6)]
    stakes = Stakes(side(roles, *rows), side(roles))
    checked = limits.check(plan(), manifest(), stakes, allow=frozenset({"many"}))
    assert [each.message for each in checked.refusals] == [
        f"role Role{number} stays, and would lose its last holder ({who})"
        for number, who in enumerate(["a user", "group crew"] * 3)
    ]


def test_assignment_that_becomes_required_takes_nobody_a_role() -> None:
    """Sign-in that all had is shown; a role that somebody loses beside it counts."""
    people = [f"1 user:p{number}" for number in range(5)]
    before = side({"1": "Reader"}, *people)
    after = side({"1": "Reader"}, people[0], closed=True)
    checked = limits.check(plan(), manifest(), Stakes(before, after), allow=frozenset())
    assert [each.message for each in checked.refusals] == [
        "api/Reader: 4 of its 5 people would lose it, at most 3 may (30 %, but 3 always)"
    ]
