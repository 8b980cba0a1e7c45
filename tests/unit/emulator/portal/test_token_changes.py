"""By which record a role or scope of a token came and went."""

from collections.abc import Callable

import pytest

from entra_emulator.login import parties
from entra_emulator.login.parties import Party
from entra_emulator.portal.token_changes import TokenEnds, changes
from entra_emulator.portal.visit import Visit
from entra_emulator.tenant import Tenant
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.showing import names, visit

GROUP = "MyApp Writers"
Change = Callable[[Visit, Tenant, dict[str, str]], None]


def party(seen: Visit, app_id: str) -> Party:
    """Return an application with its enterprise application."""
    found = parties.find_party(seen.held.service.directory, seen.tenant, app_id)
    assert found
    return found


def record(*targets: str) -> dict[str, object]:
    """Return a record about some objects that says which they are."""
    return {
        "activityDateTime": "2026-01-01T00:00:00Z",
        "activityDisplayName": " + ".join(targets),
        "initiatedBy": {},
        "targetResources": [{"id": target} for target in targets],
    }


def leaves(_: Visit, tenant: Tenant, ids: dict[str, str]) -> None:
    """Take a person out of the group."""
    tenant.members.remove(ids[f"group:{GROUP}"], ids["user:Erin Evans"])


def is_unassigned(_: Visit, tenant: Tenant, ids: dict[str, str]) -> None:
    """Take the role away from the group."""
    tenant.app_role_assignments.remove(ids[f"{GROUP}→Api/Writer"])


def leaves_another(_: Visit, tenant: Tenant, ids: dict[str, str]) -> None:
    """Take a person out of a group that gives no role."""
    tenant.members.remove(ids["group:All Staff"], ids["user:Erin Evans"])


def both(seen: Visit, tenant: Tenant, ids: dict[str, str]) -> None:
    """Take the role away from the group, and the person out of it."""
    is_unassigned(seen, tenant, ids)
    leaves(seen, tenant, ids)


def loses_her_own(_: Visit, tenant: Tenant, ids: dict[str, str]) -> None:
    """Take a role away that somebody has by herself."""
    tenant.app_role_assignments.remove(ids["Carol Clark→Api/Writer"])


def nothing(_: Visit, __: Tenant, ___: dict[str, str]) -> None:
    """Change nothing."""


ERIN, CAROL = "user:Erin Evans", "user:Carol Clark"
MEMBER, GIVEN = f"{ERIN} + group:{GROUP}", f"group:{GROUP} + sp:Api"


@pytest.mark.parametrize(
    ("holder", "change", "value", "by"),
    [
        (ERIN, leaves, "Writer", MEMBER),
        (ERIN, is_unassigned, "Writer", GIVEN),
        (ERIN, both, "Writer", MEMBER),
        (ERIN, leaves_another, "Writer", None),
        (ERIN, nothing, "Writer", None),
        (ERIN, leaves, "Reader", None),
        (CAROL, loses_her_own, "Writer", f"{CAROL} + sp:Api"),
        (CAROL, leaves, "Writer", None),
        (ERIN, nothing, "user.read", "sp:Spa + sp:Api"),
        (ERIN, nothing, "user.gone", None),
    ],
)  # fmt: skip
def test_what_went_and_came_has_the_record_of_its_link(
    holder: str, change: Change, value: str, by: str | None
) -> None:
    """Hold the membership, the assignment or the consent that is in one moment and not in the other."""
    browser = example.browser()
    ids = {name: row_id for row_id, name in names(browser.world).items()}
    seen = visit(browser)
    old = browser.world.directory.fork().default
    change(seen, seen.tenant, ids)
    linked = ((ERIN, f"group:{GROUP}"), (f"group:{GROUP}", "sp:Api"), (CAROL, "sp:Api"), ("sp:Spa", "sp:Api"))
    seen.tenant.audit[:] = [
        *(record(*(ids[each] for each in pair)) for pair in linked),
        record(ids[ERIN], "x"),
        record(ids["sp:Api"], "x"),
    ]
    ends = TokenEnds(
        ids[holder], party(seen, browser.world.app_ids["spa"]), party(seen, browser.world.app_ids["api"])
    )
    known = {row_id: name for name, row_id in ids.items()}

    (gone,) = changes(seen, old, ends, {value: "why", "kept": "a"}, {"kept": "b"})
    found = gone.by and " + ".join(known[target.id] for target in gone.by.targets)
    assert (gone.sign, gone.value, gone.why, found) == ("−", value, "why", by)


def test_what_came_is_in_the_moment_of_now_alone() -> None:
    """Hold that the record is found the other way round too, and what went stands first."""
    browser = example.browser()
    ids = {name: row_id for row_id, name in names(browser.world).items()}
    seen = visit(browser)
    old = browser.world.directory.fork().default
    old.members.remove(ids[f"group:{GROUP}"], ids[ERIN])
    seen.tenant.audit[:] = [record(ids[ERIN], ids[f"group:{GROUP}"])]
    ends = TokenEnds(
        ids[ERIN], party(seen, browser.world.app_ids["spa"]), party(seen, browser.world.app_ids["api"])
    )

    found = changes(seen, old, ends, {"Reader": "a", "Admin": "b"}, {"Writer": "c", "Reader": "d"})
    assert [(one.sign, one.value, one.why, one.by is not None) for one in found] == [
        ("−", "Admin", "b", False),
        ("+", "Writer", "c", True),
    ]
