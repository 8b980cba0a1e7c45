"""What is let go instead of deleted, taken over from another owner, or would change what tokens carry."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from entra_config.actual.found import Found
from entra_config.checks import notes
from entra_config.checks.rules import names, protection
from entra_config.errors import Position
from entra_config.kinds.details import HOLDERS, RoleHolding
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.facts import ApplicationFacts
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.parts import AppRole
from entra_config.manifest.policy import Removed
from entra_config.phrase import without_names
from entra_config.plan.model import Refusal, Restore, TenantInfo, Update
from entra_config.resource import Address, Resource
from tests.unit.checks import ruled
from tests.unit.plan.estates import API, manifest, state

VALUES = names.value_changes, names.value_ambiguous
HERE, THERE = Position("api.yaml", 3, 1), Position("api.yaml", 8, 1)
ADOPTED = "0000aaaa-0000-4000-8000-000000000000"
MOMENT = datetime(2026, 11, 25, 12, tzinfo=UTC)
OTHER = "0000bbbb-0000-4000-8000-000000000000"


def declaring(*roles: AppRole) -> Manifest:
    """Return a manifest with an API of these roles."""
    api = Application("api", "api", {}, app_roles={each.label: each for each in roles}, position=HERE)
    return replace(manifest(), applications={"api": api})


def role(label: str, value: str | None, **more: Any) -> AppRole:
    """Return a declared role."""
    return AppRole(label, value, label, "Text.", ("User",), position=THERE, **more)


def holding(*roles: tuple[str, str | None], application: bool = True) -> Directory:
    """Return a tenant where the API has these roles."""
    body = {"appRoles": [{"id": id_, "value": value, "displayName": "shown"} for id_, value in roles]}
    live = Live(Subject("api", body if application else None))
    return Directory("https://graph", live={"api": live})


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


def test_what_bears_the_mark_of_another_owner() -> None:
    """It takes the word, and only what is declared is taken over."""
    directory = Directory("https://graph", taken={"gone": "theirs/dev", "api": "theirs/prod"})
    message = (
        "api is tagged as an application of theirs/prod. `--allow takeover` makes it one of myapp/prod, with "
        "all that this plan does to it. Allow it after a handover, or if the tags were changed by hand"
    )
    assert ruled.of_tenant(protection.takeover, declaring(), directory) == [
        Refusal("takeover", message, API, HERE)
    ]


def test_a_live_value_does_not_change_by_the_way() -> None:
    """It is refused at the role's line; where `breaking: true` says so and nothing tells which, too."""
    renamed = declaring(role("A", "Z", id=ADOPTED))
    message = (
        "the value of api/A would change from 'Y' to 'Z'; tokens carry it: write `breaking: true` beside it "
        "if the apps are ready"
    )
    assert ruled.of_tenant(VALUES, renamed, holding((ADOPTED, "Y"))) == [Refusal("", message, API, THERE)]
    unclear = (
        "`breaking: true` of api/A says that a live value changes, and nothing tells which: write `id:` with "
        f"one of Y ({ADOPTED}), without a value ({OTHER}), or take `breaking` away to make a new one"
    )
    breaking = declaring(role("A", "Z", breaking=True))
    assert ruled.of_tenant(VALUES, breaking, holding((ADOPTED, "Y"), (OTHER, None))) == [
        Refusal("", unclear, API, THERE)
    ]
    for each in (renamed, breaking):
        assert ruled.of_tenant(VALUES, each, holding(application=False)) == []
        assert ruled.of_tenant(VALUES, each, Directory("https://graph")) == []


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
