"""Who did it: findings against logs that are honest, vague, late or silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from entra_config.drift.attribution import Log, attribute
from entra_config.drift.audit import Event
from entra_config.drift.model import Actor, Attribution, Finding
from entra_config.report import drift_wording
from entra_config.resource import Address

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ALICE = Actor("user", "u-alice", "alice@contoso.com")
BOB = Actor("user", "u-bob", "bob@contoso.com")
PIPELINE = Actor("application", "sp-deploy", "deploy")
URI = "https://evil.example/"
ADDED = Finding(
    Address("application", "spa"),
    "added",
    "redirect-uri-added",
    "redirect URI added",
    "spa.redirectUris",
    element=URI,
    subjects=("app-1",),
)


def address_event(
    actor: Actor, before: list[str], after: list[str], *, minutes: int, targets: tuple[str, ...] = ("app-1",)
) -> Event:
    """Return a record of a change of the redirect URIs, some minutes ago."""
    old, new = ([{"Address": uri} for uri in side] for side in (before, after))
    return event(actor, minutes=minutes, targets=targets, old={"AppAddress": old}, new={"AppAddress": new})


def event(actor: Actor, *, minutes: int, activity: str = "Update application", **rest: Any) -> Event:
    """Return a record, some minutes ago."""
    named = frozenset(rest.pop("named", rest.get("old", {}).keys()))
    details = {"targets": ("app-1",), "old": {}, "new": {}, "correlation": "c"} | rest
    return Event(
        id=f"{activity}{minutes}", time=NOW - timedelta(minutes=minutes), activity=activity, actor=actor, named=named, **details
    )


def one(finding: Finding, *events: Event, good_at: datetime | None = None, **log: Any) -> Attribution:
    """Attribute one finding; the deployment pipeline is ours."""
    newest_first = sorted(events, key=lambda each: each.time, reverse=True)
    window = Log(newest_first, NOW - timedelta(days=30), NOW, **log)
    (found,) = attribute([finding], window, lambda actor: actor == PIPELINE, good_at)
    return found.attribution


class TestExact:
    """A record that shows the element come or go."""

    def test_the_record_that_brought_the_element_names_the_actor(self) -> None:
        """Absent before, present after: that is who did it."""
        found = one(ADDED, address_event(ALICE, [], [URI], minutes=60), address_event(BOB, [], ["https://other/"], minutes=5))

        assert (found.grade, found.actor, found.when) == ("exact", ALICE, NOW - timedelta(minutes=60))

    def test_of_two_editors_the_last_one_counts(self) -> None:
        """Added, removed and added again: the present value is the last writer's."""
        found = one(
            ADDED,
            address_event(ALICE, [], [URI], minutes=90),
            address_event(PIPELINE, [URI], [], minutes=60),
            address_event(BOB, [], [URI], minutes=30),
        )

        assert (found.grade, found.actor) == ("exact", BOB)

    def test_the_mirrored_record_of_the_service_principal_counts_too(self) -> None:
        """A change of the application is logged on its service principal as well; either is proof."""
        mirrored = address_event(ALICE, [], [URI], minutes=60, targets=("sp-1",))
        finding = Finding(ADDED.address, "added", ADDED.rule, "", ADDED.path, element=URI, subjects=("app-1", "sp-1"))

        assert one(finding, mirrored).grade == "exact"

    def test_our_own_write_is_not_the_culprit(self) -> None:
        """What the pipeline wrote itself is never told as drift of the pipeline."""
        found = one(ADDED, address_event(PIPELINE, [], [URI], minutes=60))

        assert (found.grade, found.reason) == ("none", "not_recorded")

    def test_an_assignment_is_told_by_role_and_principal(self) -> None:
        """Another role of the same principal, or another principal of the same role, proves nothing."""
        finding = Finding(
            Address("appRoleAssignment", "api/Admin/user:u9"), "added", "r", "", element="role-admin", subjects=("sp-api", "u9")
        )

        def assigned(role: str, principal: str, minutes: int, actor: Actor) -> Event:
            return event(
                actor,
                minutes=minutes,
                activity="Add app role assignment grant to user",
                targets=("sp-api", principal),
                old={"AppRole.Id": None},
                new={"AppRole.Id": role},
            )

        found = one(
            finding,
            assigned("role-reader", "u9", 1, BOB),
            assigned("role-admin", "u8", 2, BOB),
            assigned("role-admin", "u9", 3, ALICE),
        )

        assert (found.grade, found.actor) == ("exact", ALICE)

    def test_a_scope_that_left_a_grant_is_found_in_an_add_record(self) -> None:
        """A PATCH of a grant is logged as an addition with both values filled."""
        finding = Finding(
            Address("permissionGrant", "spa/api"),
            "removed",
            "r",
            "",
            "scope",
            element="user.write",
            subjects=("sp-api", "sp-spa"),
        )
        patched = event(
            ALICE,
            minutes=9,
            activity="Add delegated permission grant",
            targets=("sp-api", "sp-spa"),
            old={"DelegatedPermissionGrant.Scope": "user.read user.write"},
            new={"DelegatedPermissionGrant.Scope": "user.read"},
        )

        assert one(finding, patched).actor == ALICE


class TestVague:
    """Records that say less."""

    def test_a_named_property_without_values_is_likely(self) -> None:
        """Included Updated Properties names the property, the values are missing."""
        found = one(ADDED, event(ALICE, minutes=5, named={"AppAddress"}))

        assert (found.grade, found.actor) == ("likely", ALICE)

    def test_a_stub_is_possible_and_names_each_actor(self) -> None:
        """Records about the object as a whole leave several suspects."""
        found = one(ADDED, event(ALICE, minutes=5), event(BOB, minutes=7))

        assert (found.grade, found.actor, found.others) == ("possible", ALICE, (BOB,))


class TestSilence:
    """No answer has a reason."""

    @pytest.mark.parametrize(
        ("good_at", "reason"),
        [
            (NOW - timedelta(minutes=10), "too_recent"),
            (NOW - timedelta(days=40), "beyond_retention"),
            (NOW - timedelta(days=3), "no_events"),
            (None, "no_events"),
        ],
    )
    def test_an_empty_log_says_why(self, good_at: datetime | None, reason: str) -> None:
        """Too fresh, too old, or simply nothing there."""
        found = one(ADDED, good_at=good_at)

        assert (found.grade, found.reason) == ("none", reason)

    def test_a_log_that_may_not_be_read_says_so(self) -> None:
        """Without AuditLog.Read.All nobody is accused."""
        found = one(ADDED, refused="no_access")

        assert (found.grade, found.reason) == ("none", "no_access")


def test_microsoft_is_told_by_its_name_only() -> None:
    """An application that calls itself like one of Microsoft's services does not pass for it unsaid."""
    named = Attribution("exact", Actor("microsoft", "sp-1", "MS-PIM"), NOW)
    silent = Attribution("exact", Actor("microsoft", "", "a Microsoft service"), NOW)

    assert drift_wording.sentence(named) == "by MS-PIM (a Microsoft service, by its name), 2026-11-20 12:00 UTC"
    assert drift_wording.sentence(silent) == "by a Microsoft service, 2026-11-20 12:00 UTC"
