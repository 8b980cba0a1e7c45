"""What somebody switched off, and holders of roles that no list is about: told where no line says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from entra_config.checks.rules import undeclared
from entra_config.kinds.details import HOLDERS, RoleHolding
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.manifest.model import Application, EnterpriseApplication, Manifest, Setting
from entra_config.plan.model import Notice
from entra_config.resource import Address
from tests.unit.checks import ruled
from tests.unit.plan.estates import manifest

BODY, ENTERPRISE = {"id": "1", "isDisabled": True}, {"id": "sp", "accountEnabled": False}
BARE = manifest().applications["api"]
SAID = Setting(True)


def row(type_: str, principal: str = "p", role: str = "r") -> RoleHolding:
    """Return that somebody holds a role."""
    return RoleHolding("", role, principal, type_, principal, "sp", "API")


ROLES = {
    "id": "1",
    "appRoles": [{"id": "r", "value": "Admin", "displayName": "A"}, {"id": "n", "value": None}],
}
USER, GROUP, ROBOT = row("User"), row("Group"), row("ServicePrincipal")
OFF, STOPPED = Subject("last", BODY | ROLES), Subject("last", ROLES, ENTERPRISE)


def own(application: Application = BARE, **more: Any) -> Manifest:
    """Return the manifest of one API, and of another one behind it, of which everything is told."""
    last = {"last": replace(BARE, key="last")}
    return replace(manifest(), applications={"api": application, **last}, **more)


def directory(subject: Subject | None, *rows: RoleHolding, last: Subject = OFF) -> Directory:
    """Return a tenant with it, and with the other one."""
    live = {"last": Live(last, {HOLDERS: (USER,)})}
    live |= {} if subject is None else {"api": Live(subject, {HOLDERS: rows})}
    return Directory("https://graph", live=live)


def first(notices: Iterable[Notice]) -> list[Notice]:
    """Return what is told of the first API; of the other one it is told whatever that is."""
    *found, last = notices
    assert last.address == Address("application", "last")
    return found


@pytest.mark.parametrize(
    ("subject", "application", "told"),
    [
        (Subject("api", BODY), BARE, True),
        (Subject("api", BODY, {"id": "sp"}), BARE, True),
        (Subject("api", BODY, {"id": "sp", "accountEnabled": True}), BARE, True),
        (Subject("api", BODY, ENTERPRISE), BARE, False),  # `disable` wrote both
        (Subject("api", BODY, deleted=True), BARE, False),
        (Subject("api", BODY), replace(BARE, settings={"isDisabled": SAID}), False),
        (Subject("api", {"id": "1", "isDisabled": False}), BARE, False),
        (Subject("api", {"id": "1", "isDisabled": None}), BARE, False),
        (Subject("api", None, {"id": "sp"}), BARE, False),
        (None, BARE, False),
    ],
)
def test_a_registration_that_is_disabled_is_told(
    subject: Subject | None, application: Application, told: bool
) -> None:
    """Unless its enterprise application is too, or the manifest says that it is."""
    found = first(ruled.of_tenant(undeclared.registration_disabled, own(application), directory(subject)))
    assert [each.watched[0].subjects for each in found] == ([("1",)] if told else [])
    assert all(each.watched[0].live is True for each in found)


@pytest.mark.parametrize(
    ("subject", "settings", "registration"),
    [
        (Subject("api", BODY, ENTERPRISE), {}, "1"),
        (Subject("api", None, ENTERPRISE), {}, ""),
        (Subject("api", BODY, ENTERPRISE), None, "1"),
        (Subject("api", BODY, ENTERPRISE), {"accountEnabled": SAID}, None),
        (Subject("api", BODY, {"id": "sp", "accountEnabled": True}), {}, None),
        (Subject("api", BODY, {"id": "sp"}), {}, None),
        (Subject("api", BODY, {**ENTERPRISE, "deletedDateTime": "2026"}), {}, None),
        (Subject("api", BODY), {}, None),
        (None, {}, None),
    ],
)
def test_an_enterprise_application_that_is_disabled_is_told(
    subject: Subject | None, settings: Mapping[str, Setting] | None, registration: str | None
) -> None:
    """With the registration that it mirrors: calls to that tell of it, too."""
    enterprise = None if settings is None else EnterpriseApplication("api", settings)
    found = first(
        ruled.of_tenant(
            undeclared.disabled, own(replace(BARE, enterprise=enterprise)), directory(subject, last=STOPPED)
        )
    )
    ends = [each.watched[0].ends for each in found]
    assert ends == ([] if registration is None else [{"object": "sp", "registration": registration}])
    assert all(each.watched[0].live is False for each in found)


@pytest.mark.parametrize(
    ("rows", "more", "who"),
    [
        ([USER], {}, "1 user hold"),
        ([USER, row("User", "q")], {}, "2 users hold"),
        ([USER, GROUP], {}, "1 group and 1 user hold"),
        ([GROUP, row("Group", "h"), USER], {}, "2 groups and 1 user hold"),
        ([ROBOT], {}, ""),
        ([ROBOT, USER], {}, "1 user hold"),
        ([], {}, ""),
        ([USER], {"listed": frozenset({"api"})}, ""),
        ([USER], {"unmanaged": frozenset({"api"})}, ""),
        ([USER], {"listed": frozenset({"other"}), "unmanaged": frozenset({"other"})}, "1 user hold"),
    ],
)
def test_people_who_hold_roles_that_no_list_is_about_are_told(
    rows: list[RoleHolding], more: dict[str, Any], who: str
) -> None:
    """An application's roles are told elsewhere."""
    found = first(
        ruled.of_tenant(
            undeclared.holders_undeclared, own(**more), directory(Subject("api", ROLES, {"id": "sp"}), *rows)
        )
    )
    assert [str(each.message).startswith(who) for each in found] == ([True] if who else [])
    people = [each for each in rows if each is not ROBOT]
    assert [len(each.watched) for each in found] == ([len(people)] if who else [])


def test_an_application_without_roles_has_no_holders() -> None:
    """Nor one that is not there."""
    bare = Subject("api", {"id": "1", "appRoles": []}, {"id": "sp"})
    assert first(ruled.of_tenant(undeclared.holders_undeclared, own(), directory(bare, USER))) == []
    assert first(ruled.of_tenant(undeclared.holders_undeclared, own(), directory(None))) == []
