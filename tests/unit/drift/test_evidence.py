"""What one audit record says of a finding: that it made it, may have, or is about something else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from entra_config.drift import evidence
from entra_config.drift.audit import Event
from entra_config.drift.model import Actor, Finding, Sign
from entra_config.resource import Address

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ROLE = "appRoleAssignment"
SIGNS: tuple[Sign, Sign] = ("added", "removed")
ADD = "Add app role assignment grant to user"
REMOVE = "Remove app role assignment from user"
MADE = "AppRoleAssignment.CreatedDateTime"


def event(activity: str, *targets: str, old: Any = None, new: Any = None) -> Event:
    """Return a record."""
    return Event("e", NOW, activity, Actor("user", "u"), targets, old or {}, new or {}, frozenset(), "c")


def finding(kind: str = "application", sign: Sign = "added", path: str = "", **ends: str) -> Finding:
    """Return a finding."""
    return Finding(Address(kind, "api"), sign, "rule", "", path, ends=ends)


@pytest.mark.parametrize(
    ("activity", "targets", "added", "removed"),
    [
        ("Add application", ("o",), "made", "unmade"),
        ("Add service principal", ("o",), "made", "unmade"),
        ("Restore application", ("o",), "made", "unmade"),
        ("Delete application", ("o",), "unmade", "made"),
        ("Remove service principal", ("o",), "unmade", "made"),
        ("Remove service principal credentials", ("o",), "no", "no"),
        ("Hard Delete application", ("o",), "no", "no"),
        ("Add application", ("x", "o"), "no", "no"),
        ("Add application", (), "no", "no"),
        ("Add owner to application", ("o",), "no", "no"),
        ("Add application owner", ("o",), "no", "no"),
        ("Update application", ("o",), "no", "no"),
    ],
)
def test_an_object_comes_and_goes(activity: str, targets: tuple[str, ...], added: str, removed: str) -> None:
    """By a record that is about itself; an object without an id is of no record."""
    for sign, verdict in zip(SIGNS, (added, removed), strict=True):
        judge = evidence._object(finding(sign=sign, object="o"))
        assert judge(event(activity, *targets)) == verdict
        nameless = evidence._object(finding(sign=sign))
        assert nameless(event(activity, "", *targets)) == "no"


@pytest.mark.parametrize(
    ("sign", "activity", "last"),
    [
        ("removed", "Remove owner", True),
        ("added", "Add owner", False),
        ("removed", "Remove owner (deletion-marked)", False),
    ],
)
def test_what_is_taken_away_by_itself_stays_away(sign: Sign, activity: str, last: bool) -> None:
    """What is only marked as deleted comes back with an end of it."""
    assert evidence.final(finding(sign=sign), event(activity)) is last


@pytest.mark.parametrize(
    ("sign", "path", "ends", "new", "sure"),
    [
        ("added", "", {"made": "2026"}, {MADE: "2026"}, True),
        ("added", "", {"made": "2026"}, {}, False),
        ("removed", "", {"made": "2026"}, {MADE: "2026"}, False),
        ("added", "passwordCredentials", {}, {}, True),
        ("added", "keyCredentials", {}, {}, True),
        ("removed", "keyCredentials", {}, {}, False),
        ("added", "displayName", {}, {}, False),
        ("added", "federatedIdentityCredentials", {"credential": "f"}, {}, True),
        ("added", "", {}, {MADE: "2026"}, False),
    ],
)
def test_what_bears_its_own_time_or_id_was_made_once(
    sign: Sign, path: str, ends: dict[str, str], new: dict[str, str], sure: bool
) -> None:
    """No other record can have made it."""
    assert evidence.identified(finding(sign=sign, path=path, **ends), event(ADD, new=new)) is sure


@pytest.mark.parametrize(
    ("activity", "targets", "added", "removed"),
    [
        ("Delete user", ("p",), "blurs", "along"),
        ("Remove service principal", ("r",), "blurs", "along"),
        ("Restore user", ("p",), "along", "blurs"),
        ("Update user", ("p",), "no", "no"),
        ("Delete user", ("x", "p"), "no", "no"),
        ("Delete user", (), "no", "no"),
    ],
)
def test_a_link_goes_and_comes_with_its_ends(
    activity: str, targets: tuple[str, ...], added: str, removed: str
) -> None:
    """Not each has a record of its own."""
    for sign, verdict in zip(SIGNS, (added, removed), strict=True):
        found = finding(sign=sign, principal="p", resource="r", client="")
        assert evidence._of_an_end(found, event(activity, *targets)) == verdict


@pytest.mark.parametrize(
    ("reported", "known", "verdict"),
    [
        ({"resource": "R", "client": "c"}, {"resource": "r", "client": "C"}, "made"),
        ({"resource": "r", "client": "x"}, {"resource": "r", "client": "c"}, "no"),
        ({"resource": "r", "client": ""}, {"resource": "r", "client": "c"}, "may"),
        ({"resource": "r", "client": "c"}, {"resource": "r"}, "may"),
        ({"resource": "x", "client": ""}, {"resource": "r"}, "no"),
    ],
)
def test_both_ends_are_compared(reported: dict[str, str], known: dict[str, str], verdict: str) -> None:
    """Whatever their case; an end that nobody names may be any."""
    assert evidence._compared(finding(**known), reported) == verdict


def judged(sign: Sign, activity: str, *, at: str = "", made: str = "", role: str = "a") -> str:
    """Return what a record says of an assignment, made when the tenant and the record say so."""
    ends = {"resource": "r", "role": "a", "principal": "p"} | ({"made": made} if made else {})
    judge = evidence.question(finding(ROLE, sign, **ends))
    assert judge is not None
    facts = {"AppRole.Id": role, "User.ObjectID": "p", "ServicePrincipal.ObjectID": "r", MADE: at}
    return judge(event(activity, "r", "p", new=facts))


EARLY, LATE, SOON = "2026-03-01T10:00:00Z", "2026-03-01T10:00:05Z", "2026-03-01T10:00:01Z"


@pytest.mark.parametrize(
    ("sign", "activity", "times", "verdict"),
    [
        ("added", ADD, ("", ""), "made"),
        ("removed", ADD, ("", ""), "unmade"),
        ("added", REMOVE, ("", ""), "unmade"),
        ("removed", REMOVE, ("", ""), "made"),
        ("added", ADD, (EARLY, EARLY), "made"),
        ("added", ADD, (EARLY, SOON), "made"),  # to the second
        ("added", ADD, (EARLY, LATE), "no"),  # another between the same ends
        ("added", ADD, ("", LATE), "made"),
        ("added", ADD, (EARLY, ""), "made"),
        ("added", REMOVE, (EARLY, LATE), "unmade"),  # whatever was there, it was taken
        ("removed", REMOVE, (EARLY, LATE), "made"),
    ],
)
def test_an_assignment_has_records_and_a_time_of_its_own(
    sign: Sign, activity: str, times: tuple[str, str], verdict: str
) -> None:
    """The log's time is Graph's, to the second; one of a removal says when it was made."""
    assert judged(sign, activity, at=times[0], made=times[1]) == verdict


@pytest.mark.parametrize(
    ("activity", "role", "verdict"),
    [
        (ADD, "x", "no"),  # another role of the same person
        (ADD, "", "may"),
        ("Add app role assignment grant to user (deletion-marked)", "a", "unmade"),
        ("Delete service principal", "a", "blurs"),  # of an end
        ("Update user", "a", "no"),
    ],
)
def test_a_record_of_another_link_says_nothing(activity: str, role: str, verdict: str) -> None:
    """One that does not name the role may be of any; what is marked as deleted is not made."""
    assert judged("added", activity, role=role) == verdict


KIND, SCOPES = "DelegatedPermissionGrant.ConsentType", "DelegatedPermissionGrant.Scope"
ENDS = {"resource": "r", "client": "c", "scope": "read"}
EVERYBODY, WIDER, NARROWER = (
    "AllPrincipals",
    "Add delegated permission grant",
    "Remove delegated permission grant",
)


def consented(
    sign: Sign, activity: str, scopes: tuple[Any, Any], *targets: str, kind: str = EVERYBODY
) -> str:
    """Return what a record says of a consent, with the scopes before and after."""
    judge = evidence.question(finding("permissionGrant", sign, **ENDS))
    assert judge is not None
    sides = [{} if each is None else {SCOPES: each} for each in scopes]
    return judge(event(activity, *targets, old=sides[0], new=sides[1] | {KIND: kind}))


@pytest.mark.parametrize(
    ("activity", "old", "new", "added", "removed"),
    [
        (WIDER, None, " read write", "made", "unmade"),
        (WIDER, "", "read", "made", "unmade"),
        (NARROWER, "read write", "write", "unmade", "made"),
        (NARROWER, "read", None, "unmade", "made"),
        (WIDER, "read", "read write", "kept", "kept"),
        (WIDER, None, "reader", "kept", "kept"),  # another scope
        (WIDER, None, None, "may", "may"),
        ("Update application", None, "read", "no", "no"),
        ("Delete application", None, None, "blurs", "along"),
    ],
)
def test_a_consent_is_told_by_its_scopes(activity: str, old: Any, new: Any, added: str, removed: str) -> None:
    """Whichever record tells them: a widened one is told as an Add and as a Remove."""
    assert consented("added", activity, (old, new), "r", "c") == added
    assert consented("removed", activity, (old, new), "r", "c") == removed


@pytest.mark.parametrize(
    ("targets", "kind", "verdict"),
    [
        (("r", "c"), "Principal", "no"),  # one person's own
        (("r", "c"), "", "may"),
        (("r",), "AllPrincipals", "may"),
        ((), "AllPrincipals", "may"),
        (("r", "x"), "AllPrincipals", "no"),
        (("x", "c"), "AllPrincipals", "no"),
    ],
)
def test_a_consent_is_everybodys_and_between_its_ends(
    targets: tuple[str, ...], kind: str, verdict: str
) -> None:
    """A record that does not say all of it may be of another."""
    assert consented("added", WIDER, (None, "read"), *targets, kind=kind) == verdict


@pytest.mark.parametrize(
    ("kind", "path", "activity", "verdict"),
    [
        ("application", "", "Add application", "made"),
        ("application", "owners", "Add owner to application", "may"),
        ("application", "owners", "Add application", "no"),
        ("application", "displayName", "Add application", "no"),
    ],
)
def test_what_hangs_on_an_object_is_told_as_of_its_own_kind(
    kind: str, path: str, activity: str, verdict: str
) -> None:
    """The object itself, an owner of it, and a property each have their own records."""
    judge = evidence.question(finding(kind, path=path, object="o"))
    assert judge is not None
    assert judge(event(activity, "o")) == verdict


@pytest.mark.parametrize(
    ("element", "scope", "expected"),
    [("Read", "Read Write", "made"), ("Write", "Read", "kept"), ("None", "None", "made")],
)
def test_a_scope_inside_a_consent_is_the_element(element: str, scope: str, expected: str) -> None:
    """It has no end of its own, and what was nothing before has no scope of any name."""
    found = Finding(
        Address("permissionGrant", "api"), "added", "rule", "", element=element,
        ends={"resource": "r", "client": "c"},
    )  # fmt: skip
    facts = {
        "DelegatedPermissionGrant.ConsentType": "AllPrincipals",
        "ServicePrincipal.ObjectID": "c",
        evidence.SCOPE: scope,
    }
    judge = evidence.question(found)
    assert judge is not None
    assert judge(event("Add delegated permission grant", "r", "other", new=facts)) == expected
