"""Each limit, from both sides, and each word that lifts one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.checks import dangers, limits
from entra_config.checks.judging import limit
from entra_config.checks.limits import LimitsView
from entra_config.kinds import microsoft_graph
from entra_config.kinds.base import enterprise_address
from entra_config.manifest.model import Manifest
from entra_config.manifest.policy import Limits, Policy
from entra_config.plan.held import Consent, Holder, Members, Side, Stakes, Value
from entra_config.plan.impact import Move
from entra_config.plan.model import Affected, Change, Delete, Plan, Refusal, Restore
from entra_config.resource import Address, Resource
from tests.unit.plan.estates import API, application, holder, manifest, plan, side


def words(checked: Plan) -> list[str]:
    """Return the words of what is refused."""
    return [refusal.word for refusal in checked.refusals]


def check(before: Side, after: Side, *changes: Change, own: Manifest | None = None, allow: str = "") -> Plan:
    """Check what a plan of these changes makes of one side."""
    return limit(
        plan(*changes),
        own or manifest(),
        Stakes(before, after, GROUPS),
        allow=frozenset(filter(None, [allow])),
    )


def people(number: int, role: str = "1", *, start: int = 0, type_: str = "user") -> list[str]:
    """Make so many holders of a role."""
    return [f"{role} {type_}:{index:03}" for index in range(start, start + number)]


READER = {"1": "Reader"}
GROUPS = {
    "staff": Members(tuple((str(index), str(index)) for index in range(12)), 12),
    "large": Members((("1", "1"),), 40_000),
}


@pytest.mark.parametrize(
    ("total", "most"), [(1, 3), (4, 3), (10, 3), (11, 3), (14, 4), (20, 6), (33, 9), (34, 10), (1000, 300)]
)
def test_many_stops_one_more_than_the_share(total: int, most: int) -> None:
    """At most 30 % of a role's people, but three always: the limit itself passes, one more does not."""
    before = side(READER, *people(total + 1))  # one more, so that the role keeps a holder
    own = manifest(policy=Policy(limits=Limits(max_people=10_000)))
    view = LimitsView(plan(), manifest(), Stakes())
    within = min(view.most(total + 1), total)

    assert view.most(total) == most
    assert words(check(before, side(READER, *people(total + 1 - within, start=within)), own=own)) == []
    if within < total:
        assert words(check(before, side(READER, *people(total - within, start=within + 1)), own=own)) == [
            "many"
        ]


def test_many_counts_each_person_once_and_over_the_whole_apply() -> None:
    """Ten people may lose something, eleven may not, whichever role of which application it is."""
    roles = {str(index): f"R{index}" for index in range(5)}
    kept = [row for role in roles for row in people(20, role, start=50)]
    one = [f"{role} user:{role}{index}" for role in roles for index in range(2)]
    twice = [f"{role} user:{index}" for role in roles for index in range(2)]

    assert words(check(side(roles, *kept, *one), side(roles, *kept))) == []
    assert words(check(side(roles, *kept, *one, "0 user:more"), side(roles, *kept))) == ["many"]
    assert words(check(side(roles, *kept, *twice, *one[:8]), side(roles, *kept))) == []


def test_many_counts_the_people_of_a_group() -> None:
    """A group is one line in the manifest and twelve people."""
    refused = check(side(READER, *people(60), "1 group:staff"), side(READER, *people(60)))

    assert words(refused) == ["many"]
    assert "12 people would lose something, at most 10" in refused.refusals[0].message


@pytest.mark.parametrize("group", ["large", "unreadable"])
def test_whoever_cannot_be_counted_is_too_many(group: str) -> None:
    """A group that was not read whole stops an apply."""
    refused = check(side(READER, "1 user:li", f"1 group:{group}"), side(READER, "1 user:li"))

    assert words(refused) == ["many"]
    assert "nobody could count who loses it" in refused.refusals[0].message


def test_a_person_counts_once_for_the_share_of_a_role() -> None:
    """Twelve people who are assigned directly and by a group are twelve, of whom three may lose the role."""
    direct = [f"1 user:{index}" for index in range(12)]
    before = side(READER, *direct, "1 group:staff")

    assert words(check(before, side(READER, *direct[:9]))) == []
    assert words(check(before, side(READER, *direct[:8]))) == ["many"]


@pytest.mark.parametrize("group", ["large", "unreadable"])
def test_a_group_that_was_not_read_leaves_every_loss_of_its_role_unknown(group: str) -> None:
    """Whoever is no longer assigned directly may keep the role by the group, and nobody can tell."""
    before = side(READER, *people(20), f"1 group:{group}")

    assert words(check(before, side(READER, *people(19), f"1 group:{group}"))) == ["many"]


def test_many_counts_what_goes_with_a_role() -> None:
    """Taking a role away takes its assignments, and they count."""
    refused = check(side(READER, *people(8)), side({}, *people(8)))

    assert words(refused) == ["many"]
    assert "8 of its 8 people would lose it, at most 3" in refused.refusals[0].message
    assert refused.blocked


def test_a_changed_value_counts_as_a_loss() -> None:
    """Whoever is assigned keeps the assignment and loses what tokens said."""
    assert words(check(side(READER, *people(8)), side({"1": "Viewer"}, *people(8)))) == ["many"]


def test_applications_count_apart_from_people() -> None:
    """Ten applications may lose something beside ten people, eleven may not."""
    before = side(READER, *people(30), *people(11, type_="application"))
    rest = people(30)[8:]

    assert words(check(before, side(READER, *rest, *people(1, type_="application")))) == []
    assert words(check(before, side(READER, *rest))) == ["many"]


def test_a_lost_tenant_wide_consent_is_too_many_where_protected() -> None:
    """Elsewhere it is one of ten applications."""
    spa = Consent("api", "read", "spa", holder("application:spa"))
    before, after = Side({"api": {}}, consents=frozenset({spa})), Side({"api": {}})
    refused = check(before, after, own=manifest(protected=True))

    assert words(refused) == ["many"]
    assert "api/read: spa would lose its tenant-wide consent" in refused.refusals[0].message
    assert not check(before, after).refusals


def test_requiring_assignment_is_shown_and_not_limited() -> None:
    """It is a setting that closes a door, not a role that people lose; the last assignment taken away is
    counted.
    """
    assert not check(side(READER, "1 user:li"), side(READER, "1 user:li", closed=True)).refusals
    closed = side({"1": None}, *people(20), closed=True)
    assert words(check(closed, side({"1": None}, *people(9), closed=True))) == ["many"]


def test_numbers_come_from_the_environment() -> None:
    """`policy.limits` of the environment replaces the numbers."""
    own = manifest(policy=Policy(limits=Limits(50, 50, 100, 3)))

    assert not check(side(READER, *people(8)), side({}, *people(8)), own=own).refusals


ADMINS = side({"1": "Admin"}, "1 group:admins")


def test_last_holder_of_a_role_that_stays() -> None:
    """A role that stays does not lose its last holder; a refusal names groups, never a person: comments
    may be public.
    """
    group, person = (
        check(ADMINS, side({"1": "Admin"})),
        check(side({"1": "Admin"}, "1 user:alice"), side({"1": "Admin"})),
    )

    assert "last" in words(group)
    assert "Admin stays, and would lose its last holder (group admins)" in group.refusals[-1].message
    assert words(person) == ["last"]
    assert "alice" not in person.refusals[0].message


@pytest.mark.parametrize(
    ("after", "change"),
    [
        pytest.param(side({"1": "Admin"}, "1 group:others"), None, id="somebody else gets it"),
        pytest.param(side({"2": "Admin"}, "2 group:others"), None, id="under another id"),
        pytest.param(side({}), None, id="the role goes too"),
        pytest.param(Side(), Delete(application()), id="the application goes too"),
    ],
)
def test_last_does_not_stop(after: Side, change: Change | None) -> None:
    """Where the value goes, or somebody else gets it, its last holder may go."""
    assert "last" not in words(check(ADMINS, after, *filter(None, [change])))


def test_protection_stops_deletion_and_restore() -> None:
    """A protected environment neither deletes nor restores an application, any other does."""
    protected = manifest(protected=True)
    deletes, restores = Delete(application()), Restore(application(), application())

    assert words(check(Side(), Side(), deletes, own=protected)) == ["delete"]
    assert words(check(Side(), Side(), restores, own=protected)) == ["restore"]
    assert not check(Side(), Side(), deletes).refusals
    assert not check(Side(), Side(), restores).refusals


@pytest.mark.parametrize("word", ["many", "last", "delete", "restore"])
@pytest.mark.parametrize("where", ["flag", "manifest"])
def test_each_word_lifts_its_limit_and_no_other(word: str, where: str) -> None:
    """`--allow WORD` and `policy.allow` lift one limit; the rest stays refused."""
    before = side({"1": "Reader", "2": "Admin"}, *people(9), "2 user:ann")
    after = side({"1": "Reader", "2": "Admin"}, *people(1))
    changes = [Delete(application("old")), Restore(application("x"), application("x"))]
    own = manifest(protected=True, policy=Policy(allow=frozenset({word} if where == "manifest" else ())))

    checked = check(before, after, *changes, own=own, allow=word if where == "flag" else "")

    assert sorted(words(checked)) == sorted({"many", "last", "delete", "restore"} - {word})


def test_a_refusal_that_reading_found_is_not_said_twice() -> None:
    """What the reader refused already, with more to tell, stands alone."""
    reported = Refusal("restore", "deleted by ann 3 days ago", API)
    before = plan(Restore(application(), application()))
    before = Plan(before.project, before.environment, before.tenant, before.changes, (), refusals=(reported,))

    assert limit(before, manifest(protected=True), Stakes(), allow=frozenset()).refusals == (reported,)


def test_every_listed_permission_exists() -> None:
    """Each name on the list is one of Microsoft Graph's, or one of the three of Exchange."""
    known = microsoft_graph.scopes().keys() | microsoft_graph.roles().keys()
    exchange = {"full_access_as_app", "EWS.AccessAsUser.All", "Exchange.ManageAsApp"}

    assert {name for names in dangers.listed().values() for name in names} - known <= exchange


def test_words_are_checked_before_anything_is_read() -> None:
    """A word that lifts nothing is found."""
    assert limits.unknown_words(["many", "everything"]) == ["everything"]


@pytest.mark.parametrize(
    ("moves", "least"),
    [
        ([], 0),
        ([("ab", 2), ("bc", 2)], 3),  # one of them twice
        ([("ab", 2), ("", 7)], 7),  # of whom the two may be
        ([("abc", 3), ("d", 1), ("", 3)], 4),
        ([("", None)], 0),
    ],
)
def test_people_count_once_and_at_least_as_many_as_one_group_has(
    moves: list[tuple[str, int | None]], least: int
) -> None:
    """Of whom only a number is known, they may be the same."""
    reader = Value("api", "role", "Reader")
    found = (
        Move(reader, "lose", tuple(Affected(id_, id_, "") for id_ in people), count=count)
        for people, count in moves
    )
    view = LimitsView(plan(), manifest(), Stakes())
    vars(view)["counted"] = tuple(found)
    assert view.people == least


def refused(*changes: Change, stakes: Stakes | None = None, **more: Any) -> list[tuple[str, Address | None]]:
    """Return what is refused of a plan in a protected environment, by word and place."""
    made = replace(plan(*changes), **more)
    checked = limit(made, manifest(protected=True), stakes or Stakes(), allow=frozenset())
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
    assert refused(*(Delete(application(key)) for key in deleted), stakes=stakes) == expected


def test_an_application_and_its_service_principal_are_restored_by_the_word() -> None:
    """Each by itself; only the deletion of an application takes a word."""
    principal = Resource(enterprise_address("api"), {})
    assert refused(Restore(application(), application())) == [("restore", API)]
    assert refused(Restore(principal, principal), Delete(principal)) == [("restore", principal.address)]


def test_last_holders_role_by_role() -> None:
    """In the order of their values; groups are named, people are not."""
    roles = {str(number): f"Role{number}" for number in range(6)}
    rows = [f"{number} {'group:crew' if number % 2 else 'user:ann'}" for number in range(6)]
    stakes = Stakes(side(roles, *rows), side(roles))
    checked = limit(plan(), manifest(), stakes, allow=frozenset({"many"}))
    assert [each.message for each in checked.refusals] == [
        f"role Role{number} stays, and would lose its last holder ({who})"
        for number, who in enumerate(["a user", "group crew"] * 3)
    ]


def test_assignment_that_becomes_required_takes_nobody_a_role() -> None:
    """Sign-in that all had is shown; a role that somebody loses beside it counts."""
    people = [f"1 user:p{number}" for number in range(5)]
    before = side({"1": "Reader"}, *people)
    after = side({"1": "Reader"}, people[0], closed=True)
    checked = limit(plan(), manifest(), Stakes(before, after), allow=frozenset())
    assert [each.message for each in checked.refusals] == [
        "api/Reader: 4 of its 5 people would lose it, at most 3 may (30 %, but 3 always)"
    ]
