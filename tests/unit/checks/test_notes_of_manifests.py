"""What is released instead of deleted, and what a restore or a role brings back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from entra_config.actual.found import Found
from entra_config.checks import notes
from entra_config.kinds.details import HOLDERS, RoleHolding
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.facts import ApplicationFacts
from entra_config.manifest.policy import Removed
from entra_config.phrase import without_names
from entra_config.plan.model import Restore, TenantInfo, Update
from entra_config.resource import Address, Resource
from tests.unit.plan.estates import API, manifest, state

MOMENT = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_what_stands_under_removed_is_let_go() -> None:
    """All of it, where it is not to be destroyed."""
    removed = {
        "api": Removed("api", destroy=False, position=None),
        "old": Removed("old", destroy=True, position=None),
    }
    old = Address("application", "old")
    part, other = Address("owner", "api/x"), Address("owner", "old/x")
    actual = state(
        Resource(API, {}),
        Resource(part, {}, parent=API),
        Resource(old, {}),
        Resource(other, {}, parent=old),
        Resource(Address("application", "third"), {}),
    )
    assert notes.released(replace(manifest(), removed=removed), actual) == {API, part}


def test_the_name_of_a_person_can_be_left_out() -> None:
    """That of a group or an application cannot: nobody is one."""
    held = tuple(
        RoleHolding("", "r", f"id-{name}", type_, name, "sp", "API")
        for name, type_ in (("Ann", "User"), ("Crew", "Group"))
    )
    directory = Directory("https://graph", live={"api": Live(Subject("api"), {HOLDERS: held})})
    back = {"id": "r", "value": "Admin", "displayName": "x"}
    change = Update(Resource(API, {}), Resource(API, {"appRoles": [back]}))
    made = notes.annotated(change, Found(TenantInfo("t", "C"), directory), MOMENT)
    assert made.notes == ("Admin comes back, and Ann with it", "Admin comes back, and Crew with it")
    assert [str(without_names(each)) for each in made.notes] == [
        "Admin comes back, and a user (id-Ann…) with it",
        "Admin comes back, and Crew with it",
    ]


def test_what_has_no_credentials_brings_none() -> None:
    """It is read again all the same."""
    before = Resource(API, {}, ApplicationFacts(deleted_date_time="2026-11-24T12:00:00Z"))
    found = Found(TenantInfo("t", "C"), Directory("https://graph", live={"api": Live(Subject("api", {}))}))
    made = notes.annotated(Restore(before, Resource(API, {}), (), ("first",)), found, MOMENT)
    assert made.notes == (
        "first",
        "deleted 1 day ago",
        (
            "its owners and credentials are read next; its service principal is restored only if all of them "
            "are declared, and until then nobody gets a token as it"
        ),
    )
