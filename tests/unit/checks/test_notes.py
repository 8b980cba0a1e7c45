"""What a person should know of a change before saying yes, as far as reading alone can tell."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from entra_config.actual.found import Found
from entra_config.checks import notes
from entra_config.kinds.details import HOLDERS, RoleHolding
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.facts import ApplicationFacts, AssignmentFacts
from entra_config.plan.model import Change, Create, Delete, Restore, TenantInfo, Update
from entra_config.resource import Address, Facts, Resource
from tests.unit.plan.estates import API

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOLDS = Address("appRoleAssignment", "api/Admin/user:u")
OURS = ["entra-config:owner=myapp/prod"]
ADDITIVE = "another project may list it too: `additive: true` next to a role only adds holders"
ADOPTED = "adopted: it gets the ownership tags; ids of its roles and scopes stay"


def said(change: Change, subject: Subject | None = None, **more: Any) -> tuple[str, ...]:
    """Return what is noted of a change."""
    held = tuple(
        RoleHolding("", role, who, type_, who, "sp", "API") for role, who, type_ in more.get("held", ())
    )
    live = {} if subject is None else {"api": Live(subject, {HOLDERS: held})}
    directory = Directory("https://graph", live=live, taken=more.get("taken", {}))
    found = Found(
        TenantInfo("t", "Contoso"),
        directory,
        purges=more.get("purges", {}),
        deleters={"api": "by Mallory", "other": "by Bob"},
    )
    return tuple(map(str, notes.annotated(change, found, NOW).notes))


def assignment(type_: str) -> Delete:
    """Return that somebody loses a role."""
    return Delete(Resource(HOLDS, {}, AssignmentFacts(resource="api", principal_type=type_)))


@pytest.mark.parametrize(
    ("change", "subject", "note"),
    [
        (assignment("user"), Subject("api", others=True), (ADDITIVE,)),
        (assignment("group"), Subject("api", others=True), (ADDITIVE,)),
        (assignment("servicePrincipal"), Subject("api", others=True), ()),
        (assignment("user"), Subject("api"), ()),
        (assignment("user"), None, ()),
        (Delete(Resource(HOLDS, {}, Facts())), Subject("api", others=True), ()),
        (Create(Resource(HOLDS, {})), Subject("api", others=True), ()),
    ],
)
def test_who_loses_a_role_of_an_application_of_others_may_be_listed_elsewhere(
    change: Change, subject: Subject | None, note: tuple[str, ...]
) -> None:
    """Of our own one manifest says who has it, and of an application's roles too."""
    assert said(change, subject) == note


def role(id_: str, value: str | None) -> dict[str, Any]:
    """Return a role."""
    return {"id": id_, "value": value, "displayName": f"{id_} name"}


def test_a_role_that_comes_back_brings_its_holders() -> None:
    """It is called by its value, or by its name where it has none; what was there all along brings nobody."""
    before = Resource(API, {"appRoles": [role("old", "Old")]})
    after = Resource(API, {"appRoles": [role("old", "Old"), role("a", "Admin"), role("b", None)]})
    held = [("a", "alice", "User"), ("b", "Staff", "Group"), ("old", "bob", "User"), ("c", "eve", "User")]

    assert said(Update(before, after), Subject("api"), held=held) == (
        "Admin comes back, and alice with it",
        "b name comes back, and Staff with it",
    )
    assert said(Update(before, after)) == ()
    assert said(Update(before, Resource(API, {})), Subject("api"), held=held) == ()


@pytest.mark.parametrize(
    ("before", "after", "taken", "note"),
    [
        ([], OURS, {}, (ADOPTED,)),
        (OURS, OURS, {}, ()),
        (OURS, [], {}, ()),
        ([], [], {}, ()),
        (
            OURS,
            OURS,
            {"api": "theirs/prod"},
            ("taken over from theirs/prod: it gets our ownership tags; ids of its roles and scopes stay",),
        ),
    ],
)
def test_what_gets_our_marks_is_adopted(
    before: list[str], after: list[str], taken: dict[str, str], note: tuple[str, ...]
) -> None:
    """Once, and by name where somebody else's marks were on it."""
    change = Update(Resource(API, {"tags": before}), Resource(API, {"tags": after}))

    assert said(change, Subject("api"), taken=taken) == note
    made = notes.annotated(change, Found(TenantInfo("t", "C"), Directory("https://graph", taken=taken)), NOW)
    assert isinstance(made, Update)
    assert made.adopts is bool(note)


@pytest.mark.parametrize(
    ("deleted", "age"),
    [
        ("2026-11-20T12:00:00Z", "deleted 5 days ago"),
        ("2026-11-24T10:00:00Z", "deleted 1 day ago"),
        ("2026-11-25T09:30:00Z", "deleted 2 hours ago"),
        ("2026-11-25T11:00:00Z", "deleted 1 hour ago"),
        ("2026-11-25T11:59:00Z", "deleted 0 hours ago"),
    ],
)
def test_what_is_restored_says_since_when_and_what_it_brings(deleted: str, age: str) -> None:
    """Secrets and certificates by their names, or by their ids."""
    body = {
        "passwordCredentials": [{"displayName": "ci", "keyId": "k", "endDateTime": "2027-01-01"}],
        "keyCredentials": [{"displayName": None, "keyId": "c", "endDateTime": "2027-02-01"}],
    }
    before = Resource(API, {}, ApplicationFacts(deleted_date_time=deleted))

    assert said(Restore(before, Resource(API, {})), Subject("api", body)) == (
        age,
        "by Mallory",
        "secret ci comes back with it (until 31 Dec 2026)",
        "certificate c comes back with it (until 31 Jan 2027)",
        (
            "its owners and credentials are read next; its service principal is restored only if all of them "
            "are declared, and until then nobody gets a token as it"
        ),
    )


def test_what_is_purged_first_is_gone_for_good() -> None:
    """What is made where nothing was deleted says nothing."""
    create = Create(Resource(API, {}, display_name="API"))

    assert said(create, purges={API: ("1",)}) == ("the deleted 'API' is purged first and cannot come back",)
    assert said(create) == ()
