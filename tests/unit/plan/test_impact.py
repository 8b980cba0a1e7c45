"""Who gains or loses a role by a plan."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from entra_config.plan import impact
from entra_config.plan.model import Change, Create, Delete, Person
from entra_config.resource import Address
from tests.unit.plan.estates import API, application, assignment, state, without_role

AUDIT = impact.members(
    [
        {"@odata.type": "#microsoft.graph.user", "id": "li", "userPrincipalName": "li@contoso.com"},
        {"@odata.type": "#microsoft.graph.user", "id": "bo", "displayName": "Bo"},
        {"@odata.type": "#microsoft.graph.group", "id": "nested", "displayName": "Nested"},
    ]
)


def test_members_are_direct_people_only() -> None:
    """Entra does not look into nested groups for role assignments, so they count for nobody."""
    assert impact.Members((("li", "li@contoso.com"), ("bo", "Bo")), 2) == AUDIT


def test_a_removed_role_is_lost_by_all_its_holders() -> None:
    """Groups count by their members, each person once, under the application's change."""
    actual = state(
        application(), assignment("Auditor", "group:audit"), assignment("Auditor", "user:li"), assignment("Auditor", "user:jo")
    )
    (lost,) = impact.compute([without_role("Auditor")], actual, {"audit": AUDIT})

    assert (lost.role, lost.sign, lost.count, lost.address) == ("Auditor", "lose", 3, API)
    assert lost.people == (
        Person("jo", "jo", "direct"),
        Person("bo", "Bo", "group audit"),
        Person("li", "li@contoso.com", "group audit"),
    )


def test_whoever_keeps_a_role_otherwise_loses_nothing() -> None:
    """A person removed directly who stays a member of an assigned group keeps the role."""
    li = assignment("Reader", "user:li")
    actual = state(application(), assignment("Reader", "group:audit"), li)

    assert impact.needed([Delete(li)], actual) == ["audit"]
    assert impact.compute([Delete(li)], actual, {"audit": AUDIT}) == ()


def test_moving_people_into_a_group_is_no_loss() -> None:
    """From direct to a group: only the group's other members gain."""
    li, audit = assignment("Reader", "user:li"), assignment("Reader", "group:audit")
    (gained,) = impact.compute([Delete(li), Create(audit)], state(application(), li), {"audit": AUDIT})

    assert (gained.sign, [each.id for each in gained.people]) == ("gain", ["bo"])


def test_a_deleted_application_takes_all_its_roles() -> None:
    """Each role's holders lose it when the application goes."""
    actual = state(application(), assignment("Reader", "user:li"), assignment("Admin", "user:jo"))
    lost = impact.compute([Delete(application())], actual, {})

    assert [(each.role, each.sign, each.count) for each in lost] == [("Admin", "lose", 1), ("Reader", "lose", 1)]


def test_a_group_too_large_to_read_is_counted_when_alone() -> None:
    """The directory's own count stands where nobody else holds the role; else the number is not known."""
    staff = impact.Members(AUDIT.people, 40_000)
    new = Create(assignment("Reader", "group:staff"))
    (alone,) = impact.compute([new], state(application()), {"staff": staff})
    held = state(application(), assignment("Reader", "user:jo"))
    (mixed,) = impact.compute([new], held, {"staff": staff})

    assert alone.count == 40_000
    assert mixed.count is None


def test_roles_that_do_not_change_hands_cost_no_reads() -> None:
    """A plan that assigns nothing asks for no group."""
    assert impact.needed([], state(application(), assignment("Reader", "group:audit"))) == []


def test_names_come_from_titles_as_reports_print_them() -> None:
    """A title in quotes, with a short id after it, gives the bare name."""
    found = assignment("Admin", "group:6f1c")
    quoted = type(found)(found.address, {}, title='api/Admin ← group "On (24/7) call" (6f1c…)')

    assert impact.holder(quoted).name == "On (24/7) call"
    assert impact.holder(quoted).role == "Admin"


people = st.sampled_from(["user:a", "user:b", "group:g", "group:h"])
KNOWN = {"g": impact.Members((("a", "a"), ("c", "c")), 2), "h": impact.Members((("b", "b"), ("c", "c")), 2)}


def reached(principals: set[str]) -> set[str]:
    """Return who holds the role, by the definition."""
    direct = {each.removeprefix("user:") for each in principals if each.startswith("user:")}
    return direct.union(*({who for who, _ in KNOWN[each[-1]].people} for each in principals if each.startswith("group:")))


@given(st.sets(people), st.sets(people))
def test_gains_and_losses_are_the_difference_of_two_sets(before: set[str], after: set[str]) -> None:
    """Whatever is assigned before and after, exactly the set differences gain and lose."""
    actual = state(application(), *(assignment("R", each) for each in sorted(before)))
    changes: list[Change] = [Delete(assignment("R", each)) for each in before - after]
    changes += [Create(assignment("R", each)) for each in after - before]
    found = {each.sign: {person.id for person in each.people} for each in impact.compute(changes, actual, KNOWN)}

    assert found.get("gain", set()) == reached(after) - reached(before)
    assert found.get("lose", set()) == reached(before) - reached(after)


def test_an_application_gains_a_role_by_consent() -> None:
    """A daemon's permission is a role that an application holds, not a person."""
    consent = type(application())(
        Address("appRoleAssignment", "api/Writer/nightly"), {}, title="api/Writer ← nightly", display_name="nightly"
    )
    (gained,) = impact.compute([Create(consent)], state(application()), {})

    assert gained.people == (Person("nightly", "nightly", "application"),)
