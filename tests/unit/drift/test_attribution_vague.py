"""Records that say less name nobody for certain, and a silent log says why."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from entra_config.drift.model import Actor, Attribution, Finding
from entra_config.report import drift_wording
from entra_config.resource import Address
from tests.unit.drift.logs import ADDED, ALICE, BOB, address_event, event, one
from tests.unit.drift.records import NOW, URI


class TestVague:
    """Records that say less."""

    def test_a_named_property_without_values_names_nobody(self) -> None:
        """Included Updated Properties names the property, the values are missing."""
        found = one(ADDED, event(ALICE, minutes=5, named={"AppAddress"}))

        assert (found.grade, found.actor.kind, found.others) == ("possible", "unknown", (ALICE,))

    def test_a_stub_is_possible_and_names_each_actor(self) -> None:
        """Records about the object as a whole leave several suspects."""
        found = one(ADDED, event(ALICE, minutes=5), event(BOB, minutes=7))

        assert (found.grade, found.actor, found.others) == ("possible", Actor("unknown"), (ALICE, BOB))

    def test_a_later_stub_leaves_the_record_before_it_unproven(self) -> None:
        """Nobody knows what a stub did, so nobody is named: the record and the stub are of these people."""
        made = address_event(ALICE, [], [URI], minutes=90)

        own, strange = (one(ADDED, made, event(who, minutes=60)) for who in (ALICE, BOB))

        assert (own.grade, own.others) == ("possible", (ALICE,))
        assert (strange.grade, strange.suspects, set(strange.others)) == (
            "possible",
            2,
            {ALICE, BOB},
        )

    def test_a_stub_that_its_call_explains_touches_nothing(self) -> None:
        """One call writes several records: the one with values speaks for the stub beside it."""
        made = address_event(ALICE, [], [URI], minutes=90)
        other = event(
            BOB, minutes=60, old={"DisplayName": ["a"]}, new={"DisplayName": ["b"]}, correlation="c"
        )
        stub = event(BOB, minutes=60, activity="Update service principal", targets=("sp-1",), correlation="c")

        assert one(ADDED, made, other, stub).grade == "exact"

    def test_three_suspects_are_named_and_all_are_counted(self) -> None:
        """Anybody can touch an object: the sentence stays short, the number is whole."""
        people = [Actor("user", str(number), f"user{number}@contoso.com") for number in range(5)]
        found = one(ADDED, *(event(who, minutes=60 + number) for number, who in enumerate(people)))

        assert (len(found.others), found.suspects) == (3, 5)
        assert "user0@contoso.com, user1@contoso.com, user2@contoso.com and 2 more" in drift_wording.sentence(
            found
        )

    def test_a_consent_without_its_type_proves_nobody(self) -> None:
        """One user's own consent looks the same otherwise: without the type, nobody is certain."""
        finding = Finding(
            Address("permissionGrant", "spa/api"), "added", "r", "", "scope", element="user.admin",
            subjects=("sp-api", "sp-spa"), ends={"resource": "sp-api", "client": "sp-spa"},
        )  # fmt: skip

        def consent(kind: str) -> Attribution:
            facts = {"DelegatedPermissionGrant.Scope": "user.admin"} | {
                "DelegatedPermissionGrant.ConsentType": kind
            }
            record = event(
                ALICE, minutes=60, activity="Add delegated permission grant", targets=("sp-api", "sp-spa"),
                old=dict.fromkeys(facts), new=facts,
            )  # fmt: skip
            return one(finding, record)

        assert [consent(kind).grade for kind in ("AllPrincipals", "", "Principal")] == [
            "exact",
            "possible",
            "none",
        ]


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

    assert (
        drift_wording.sentence(named) == "by MS-PIM (a Microsoft service, by its name), 2026-11-20 12:00 UTC"
    )
    assert drift_wording.sentence(silent) == "by a Microsoft service, 2026-11-20 12:00 UTC"
