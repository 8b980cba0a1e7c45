"""Records that show an element come or go name who did it, exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from entra_config.drift.audit import Event
from entra_config.drift.model import Actor, Finding
from entra_config.report import drift_wording
from entra_config.resource import Address
from tests.unit.drift.logs import ADDED, ALICE, BOB, address_event, event, one
from tests.unit.drift.records import NOW, PIPELINE, URI

UNKNOWN = Actor("unknown")


class TestExact:
    """A record that shows the element come or go."""

    def test_the_record_that_brought_the_element_names_the_actor(self) -> None:
        """Absent before, present after: that is who did it."""
        found = one(
            ADDED,
            address_event(ALICE, [], [URI], minutes=60),
            address_event(BOB, [], ["https://other/"], minutes=5),
        )

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

    def test_the_mirrored_record_of_the_service_principal_proves_nobody(self) -> None:
        """A change of the application is mirrored on its service principal, without the platform."""
        mirrored = address_event(ALICE, [], [URI], minutes=60, targets=("sp-1",))

        assert one(ADDED, mirrored).grade == "possible"

    def test_our_own_write_that_made_it_is_the_answer(self) -> None:
        """What the pipeline wrote and the manifest does not have is the pipeline's: by hand, or of another
        commit.
        """
        found = one(
            ADDED, address_event(BOB, [], [URI], minutes=90), address_event(PIPELINE, [], [URI], minutes=60)
        )

        assert (found.grade, found.actor, found.ours) == ("exact", PIPELINE, True)
        assert (
            "our deployer; not in what this compares with: by hand, or another commit"
            in drift_wording.sentence(found)
        )

    def test_it_speaks_as_of_half_an_hour_ago(self) -> None:
        """Until then all records have come; a younger record may not be the last."""
        old, young = (one(ADDED, address_event(ALICE, [], [URI], minutes=minutes)) for minutes in (31, 29))

        assert (old.grade, old.as_of) == ("exact", NOW - timedelta(minutes=30))
        assert (young.grade, young.others) == ("possible", (ALICE,))
        assert "as of 2026-11-20 11:30 UTC" in drift_wording.sentence(old)

    def test_what_bears_its_own_id_is_exact_at_once(self) -> None:
        """A key id is of one secret only: whatever else is recorded, that record made it."""
        secret = Finding(
            Address("application", "spa"), "added", "secret-added", "", "passwordCredentials", element="k1",
            subjects=("app-1", "sp-1"), ends=ADDED.ends,
        )  # fmt: skip
        added = event(
            ALICE, minutes=2, activity="Update application – Certificates and secrets management ",
            old={"KeyDescription": []}, new={"KeyDescription": ["[KeyIdentifier=k1,KeyType=Password]"]},
        )  # fmt: skip

        found = one(secret, added, event(BOB, minutes=1))

        assert (found.grade, found.actor, found.as_of) == ("exact", ALICE, None)

    def test_a_record_before_it_was_last_good_is_nobodys(self) -> None:
        """Whatever stood before the tenant was as declared is of an earlier change."""
        found = one(ADDED, address_event(ALICE, [], [URI], minutes=90), good_at=NOW - timedelta(minutes=80))

        assert (found.grade, found.reason) == ("none", "no_events")

    @pytest.mark.parametrize(("seconds", "grade"), [(0, "possible"), (4, "possible"), (5, "exact")])
    def test_a_record_dated_seconds_after_it_was_good_may_be_of_before(
        self, seconds: int, grade: str
    ) -> None:
        """The log dates late: what a deployment took away just then looks younger than the deployment."""
        record = address_event(ALICE, [], [URI], minutes=60)
        found = one(ADDED, record, good_at=record.time - timedelta(seconds=seconds))

        assert (found.grade, {found.actor, *found.others} - {UNKNOWN}) == (grade, {ALICE})

    def test_what_bears_its_own_time_is_exact_from_the_first_second(self) -> None:
        """The live assignment's own time is the record's: whatever the log's date, that record made it."""
        made = NOW - timedelta(minutes=60)
        finding = Finding(
            Address("appRoleAssignment", "api/Admin/user:u9"), "added", "r", "", subjects=("sp-api", "u9"),
            ends={"resource": "sp-api", "role": "r1", "principal": "u9", "made": made.isoformat()},
        )  # fmt: skip
        record = event(
            ALICE, minutes=60, activity="Add app role assignment grant to user", targets=("sp-api", "u9"),
            old={"AppRole.Id": None, "AppRoleAssignment.CreatedDateTime": None},
            new={"AppRole.Id": "r1", "AppRoleAssignment.CreatedDateTime": made.isoformat()},
        )  # fmt: skip

        assert one(finding, record, good_at=made).grade == "exact"

    @pytest.mark.parametrize(("seconds", "grades"), [(4, ("possible", "possible")), (5, ("exact", "none"))])
    def test_of_two_records_seconds_apart_either_may_be_the_later(
        self, seconds: int, grades: tuple[str, str]
    ) -> None:
        """Added and taken away by two calls: whichever is dated first, the addition may be what is there."""
        added = address_event(ALICE, [], [URI], minutes=60)
        removed = replace(address_event(BOB, [URI], [], minutes=60), id="bob's", correlation="bob's")
        later = timedelta(seconds=seconds)
        found = [
            one(ADDED, replace(added, time=added.time + later), removed),
            one(ADDED, added, replace(removed, time=removed.time + later)),
        ]

        assert tuple(each.grade for each in found) == grades
        named = {who for each in found for who in (each.actor, *each.others)}
        assert named - {UNKNOWN} == {ALICE}

    @pytest.mark.parametrize(("call", "grade"), [("alice's", "exact"), ("another", "possible")])
    def test_records_of_one_call_take_nothing_from_each_other(self, call: str, grade: str) -> None:
        """A record without values, dated a second before: of the same call it undid nothing."""
        added = replace(address_event(ALICE, [], [URI], minutes=60), correlation="alice's")
        named = event(BOB, minutes=60, named={"AppAddress"}, correlation=call)
        before = replace(named, id="named", time=added.time - timedelta(seconds=1))

        assert one(ADDED, added, before).grade == grade

    def test_an_assignment_is_told_by_role_and_principal(self) -> None:
        """Another role of the same principal, or another principal of the same role, proves nothing."""
        finding = Finding(
            Address("appRoleAssignment", "api/Admin/user:u9"), "added", "r", "", element=("role-"
"admin"), subjects=(("sp-"
"api"), "u9"),
            ends={"resource": "sp-api", "role": "role-admin", "principal": "u9"},
        )  # fmt: skip

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
            assigned("role-admin", "u9", 43, ALICE),
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
            ends={"resource": "sp-api", "client": "sp-spa"},
        )
        patched = event(
            ALICE,
            minutes=9,
            activity="Add delegated permission grant",
            targets=("sp-api", "sp-spa"),
            old={"DelegatedPermissionGrant.Scope": "user.read user.write"},
            new={
                "DelegatedPermissionGrant.Scope": "user.read",
                "DelegatedPermissionGrant.ConsentType": "AllPrincipals",
            },
        )

        assert one(finding, patched).others == (ALICE,)
