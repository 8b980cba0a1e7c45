"""Impact is the difference of what tokens say: net, with groups followed one level, people and
applications apart.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from entra_config.plan import held, impact
from entra_config.plan.held import Assignment, Consent, Holder, Members, Role, Side
from entra_config.plan.model import AccessChange, Affected
from entra_config.resource import Address
from tests.unit.plan.estates import holder, side

USER, GROUP = "#microsoft.graph.user", "#microsoft.graph.group"
AUDIT = held.members(
    [
        {"@odata.type": USER, "id": "li", "userPrincipalName": "li@contoso.com"},
        {"@odata.type": USER, "id": "bo", "displayName": "Bo"},
        {"@odata.type": GROUP, "id": "inner", "displayName": "Inner"},
    ]
)
KNOWN = {"audit": AUDIT}


def reported(before: Side, after: Side, known: dict[str, Members] | None = None) -> list[str]:
    """Return each gain and loss as `-Admin ann bo`, the count where it is not that of the names."""
    found = []
    for each in impact.compute(before, after, KNOWN if known is None else known):
        names = sorted(one.name for one in (*each.people, *each.applications))
        count = [] if each.count == len(each.people) else [f"({each.count})"]
        found.append(" ".join([f"{'-' if each.sign == 'lose' else '+'}{each.role}", *names, *count]))
    return found


def test_members_are_people_and_no_groups_inside() -> None:
    """Entra does not follow groups inside groups, so neither does a plan."""
    assert Members((("li", "li@contoso.com"), ("bo", "Bo")), 2) == AUDIT


def test_a_removed_role_is_lost_by_all_its_holders() -> None:
    """Groups count by their members, each person once, and the loss hangs on the application."""
    before = side({"1": "Auditor"}, "1 group:audit", "1 user:li", "1 user:jo")
    (lost,) = impact.compute(before, side({}, "1 group:audit", "1 user:li", "1 user:jo"), KNOWN)

    assert (lost.role, lost.sign, lost.count, lost.address) == (
        "Auditor",
        "lose",
        3,
        Address("application", "api"),
    )
    assert lost.people == (
        Affected("jo", "jo", "direct"),
        Affected("bo", "Bo", "group audit"),
        Affected("li", "li@contoso.com", "group audit"),
    )


def test_whoever_keeps_a_value_otherwise_loses_nothing() -> None:
    """A person removed directly who stays a member of an assigned group keeps the role; another role may
    carry it, too.
    """
    both = side({"1": "Reader"}, "1 group:audit", "1 user:li")

    assert impact.needed(both, side({"1": "Reader"}, "1 group:audit")) == ["audit"]
    assert reported(both, side({"1": "Reader"}, "1 group:audit")) == []
    assert (
        reported(side({"1": "Reader", "2": "X"}, "1 user:li"), side({"1": "X", "2": "Reader"}, "2 user:li"))
        == []
    )


def test_moving_people_into_a_group_is_no_loss() -> None:
    """From direct to a group: only the group's other members gain."""
    assert reported(side({"1": "Reader"}, "1 user:li"), side({"1": "Reader"}, "1 group:audit")) == [
        "+Reader Bo"
    ]


def test_values_swapped_under_their_labels_move_people() -> None:
    """Nobody's assignment changes: the values under them do."""
    before = side({"1": "Admin", "2": "Reader"}, "1 user:ann", "2 user:bo")

    assert reported(before, side({"1": "Reader", "2": "Admin"}, "1 user:ann", "2 user:bo")) == [
        "+Admin bo",
        "-Admin ann",
        "+Reader ann",
        "-Reader bo",
    ]


def test_a_value_taken_or_given_is_told_and_an_id_is_not() -> None:
    """Null is no value; another id with the same value and holder is the same token."""
    assert reported(side({"1": None}, "1 user:li"), side({"1": "Reader"}, "1 user:li")) == ["+Reader li"]
    assert reported(side({"1": "Reader"}, "1 user:li"), side({"1": None}, "1 user:li")) == ["-Reader li"]
    assert reported(side({"1": "Reader"}, "1 user:li"), side({"2": "Reader"}, "2 user:li")) == []


def test_a_role_that_comes_back_to_its_id_brings_its_holders_back() -> None:
    """An assignment outlives the role, and speaks again when the id does."""
    assert reported(side({}, "1 user:li"), side({"1": "Reader"}, "1 user:li")) == ["+Reader li"]


def test_people_and_applications_are_counted_apart() -> None:
    """One entry for each value, with both."""
    before = side({"1": "Writer"}, "1 user:li", "1 application:nightly")
    (lost,) = impact.compute(before, side({}), {})

    assert (lost.count, [one.id for one in lost.people], [one.id for one in lost.applications]) == (
        1,
        ["li"],
        ["nightly"],
    )


def test_sign_in_is_told_where_assignment_is_required() -> None:
    """Whoever loses the last assignment is out; where nothing is required, nobody is; a flip is about
    everybody.
    """
    one, none = side({"1": None}, "1 user:li", closed=True), side({"1": None}, closed=True)

    assert reported(one, none) == ["-default li"]
    assert reported(side({"1": None}, "1 user:li"), side({"1": None})) == []
    assert reported(side({"1": None}), none) == ["-default (None)"]
    assert reported(none, side({"1": None})) == ["+default (None)"]


def test_a_scope_is_held_by_grant_or_authorization_whichever() -> None:
    """From one to the other is no difference; who has neither any more loses it."""
    spa = holder("application:spa")
    has = Side({"api": {}}, consents=frozenset({Consent("api", "read", "spa", spa)}))
    (lost,) = impact.compute(has, Side({"api": {}}), {})

    assert impact.compute(has, has, {}) == ()
    client = Affected("spa", "spa", "application")
    assert lost == AccessChange("api", "read", "lose", 0, kind="scope", applications=(client,), client="spa")


def test_a_group_too_large_to_read_is_counted_when_alone() -> None:
    """The directory's own count stands where nobody else holds the role; else the number is not known."""
    known = {"staff": Members(AUDIT.people, 40_000)}
    new = "1 group:staff"

    assert reported(side({"1": "R"}), side({"1": "R"}, new), known) == ["+R Bo li@contoso.com (40000)"]
    assert reported(side({"1": "R"}, "1 user:jo"), side({"1": "R"}, "1 user:jo", new), known) == [
        "+R Bo li@contoso.com (None)"
    ]
    assert reported(side({"1": "R"}, "1 user:jo", new), side({"1": "R"}, new), {}) == ["-R jo (None)"]


def test_what_does_not_change_hands_costs_no_reads() -> None:
    """A plan that assigns nothing asks for no group."""
    same = side({"1": "Reader"}, "1 group:audit")

    assert impact.needed(same, same) == []


IDS, VALUES = ["1", "2", "3"], ["A", "B", None]
HOLDERS = ["user:a", "user:b", "group:g", "group:h", "application:x"]
GROUPS = {"g": Members((("a", "a"), ("c", "c")), 2), "h": Members((("b", "b"), ("c", "c")), 2)}


@st.composite
def sides(draw: st.DrawFn) -> Side:
    """Draw roles with values, holders of roles that are there and that are not, and whether assignment is
    required.
    """
    roles = draw(st.dictionaries(st.sampled_from(IDS), st.sampled_from(VALUES)))
    rows = draw(st.sets(st.tuples(st.sampled_from(IDS), st.sampled_from(HOLDERS))))
    return side(roles, *(f"{role} {who}" for role, who in rows), closed=draw(st.booleans()))


def tokens(of: Side) -> set[tuple[str, str]]:
    """Return who has what in a token, by the definition."""
    found: set[tuple[str, str]] = set()
    for row in of.assignments:
        role = of.roles["api"].get(row.role)
        people = (
            {who for who, _ in GROUPS[row.holder.id].people}
            if row.holder.type == "group"
            else {row.holder.id}
        )
        found |= {(who, role.value) for who in people if role is not None and role.value}
        found |= {(who, "default") for who in people if "api" in of.closed}
    return found


@given(sides(), sides())
def test_gains_and_losses_are_the_difference_of_all_tokens(before: Side, after: Side) -> None:
    """Whatever is there before and after, exactly the difference is told; where requirement flips, sign-in
    is about everybody.
    """
    reported_: dict[str, set[tuple[str, str]]] = {"gain": set(), "lose": set()}
    for each in impact.compute(before, after, GROUPS):
        reported_[each.sign] |= {(one.id, each.role) for one in (*each.people, *each.applications)}
    old, new = tokens(before), tokens(after)
    if before.closed != after.closed:
        old, new = ({pair for pair in found if pair[1] != "default"} for found in (old, new))

    assert reported_ == {"gain": new - old, "lose": old - new}


def test_names_of_two_holders_never_make_one() -> None:
    """A group and a user of one name, or one id under two types, stay two."""
    group, user = (
        Assignment("api", "1", Holder("group", "x", "Same")),
        Assignment("api", "1", Holder("user", "x", "Same")),
    )
    after = Side({"api": {"1": Role("R")}}, frozenset({group, user}))

    assert held.holders(after) == {held.Value("api", "role", "R"): frozenset({group.holder, user.holder})}
