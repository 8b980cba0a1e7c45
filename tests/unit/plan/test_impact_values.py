"""Who gains or loses which value by a plan, as whole access changes; who holds it then, and what is read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.plan import impact
from entra_config.plan.held import Consent, Members, Role, Side
from entra_config.plan.impact import LISTED
from entra_config.plan.model import AccessChange, Affected, Afterwards
from entra_config.resource import Address
from tests.unit.plan.estates import API, holder
from tests.unit.plan.sides import BO, CLOSED, HERE, LARGE, LI, UNREAD, held, side

AUDIT, STAFF = holder("group:audit"), holder("group:staff")
JOB, CRON = holder("application:job"), holder("application:cron")
KNOWN = {
    "audit": Members((("li", "li"), ("di", "di")), 2),
    "staff": Members((("bo", "bo"), ("di", "di")), 2),
    "large": Members((("x", "x"),), 900),
    "odd": Members((("x", "x"),), None),
}


def change(
    sign: Any, count: int | None, *people: Affected, address: Address | None = None, **more: Any
) -> AccessChange:
    """Make an access change of the role."""
    return AccessChange("api", "Read", sign, count, people, address, label="reader", **more)


DIRECT = {each.id: Affected(each.id, each.name, "direct") for each in (LI, BO)}
OF_AUDIT = (Affected("di", "di", "group audit"), Affected("li", "li", "group audit"))
OF_STAFF = (Affected("bo", "bo", "group staff"), Affected("di", "di", "group staff"))
APPS = (Affected("cron", "cron", "application"), Affected("job", "job", "application"))


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        pytest.param(side(), side(held("1", LI)), [change("gain", 1, DIRECT["li"])], id="gained"),
        pytest.param(side(held("1", LI)), side(), [change("lose", 1, DIRECT["li"])], id="lost"),
        pytest.param(side(held("1", LI)), side(held("1", LI)), [], id="kept"),
        pytest.param(side(), side(held("2", LI)), [], id="no value"),
        pytest.param(side(), side(held("9", LI)), [], id="no role"),
        pytest.param(side(), side(held("1", AUDIT)), [change("gain", 2, *OF_AUDIT)], id="by a group"),
        pytest.param(
            side(held("1", LI)), side(held("1", AUDIT)), [change("gain", 1, OF_AUDIT[0])], id="in the group"
        ),
        pytest.param(
            side(held("1", AUDIT)), side(held("1", LI)), [change("lose", 1, OF_AUDIT[0])], id="out of it"
        ),
        pytest.param(
            side(),
            side(held("1", AUDIT), held("1", LI), held("1", STAFF)),
            [change("gain", 3, OF_AUDIT[1], *OF_STAFF)],
            id="by several ways, the last is told",
        ),
        pytest.param(
            side(held("1", BO)),
            side(held("1", LI)),
            [change("gain", 1, DIRECT["li"]), change("lose", 1, DIRECT["bo"])],
            id="both",
        ),
        pytest.param(
            side(),
            side(held("1", JOB), held("1", CRON)),
            [change("gain", 0, applications=APPS)],
            id="applications",
        ),
        pytest.param(
            side(held("1", LARGE)),
            side(),
            [change("lose", 900, Affected("x", "x", "group large"))],
            id="counted",
        ),
        pytest.param(
            side(held("1", LARGE), held("1", JOB)),
            side(),
            [change("lose", 900, Affected("x", "x", "group large"), applications=APPS[1:])],
            id="counted, beside applications",
        ),
        pytest.param(
            side(held("1", LARGE), held("1", BO)),
            side(held("1", BO)),
            [change("lose", None, Affected("x", "x", "group large"))],
            id="counted, but for one who stays",
        ),
        pytest.param(
            side(held("1", LARGE), held("1", LI)),
            side(),
            [change("lose", None, DIRECT["li"], Affected("x", "x", "group large"))],
            id="counted, and one more",
        ),
        pytest.param(
            side(held("1", LI), held("1", UNREAD)),
            side(held("1", UNREAD)),
            [change("lose", None, DIRECT["li"])],
            id="may be in a group that stays",
        ),
        pytest.param(side(held("1", UNREAD)), side(), [change("lose", None)], id="not read"),
        pytest.param(
            side(held("1", JOB), held("1", UNREAD)),
            side(held("1", UNREAD)),
            [change("lose", 0, applications=APPS[1:])],
            id="an application is in no group",
        ),
    ],
)
def test_who_gains_and_loses_a_value(before: Side, after: Side, changes: list[AccessChange]) -> None:
    """Net, each person once, applications apart, and counted only where all are known."""
    assert list(impact.compute(before, after, KNOWN)) == changes


def test_only_so_many_people_are_listed() -> None:
    """The count is the whole number."""
    people = [holder(f"user:{number:03}") for number in range(LISTED + 1)]
    (found,) = impact.compute(side(), side(*(held("1", each) for each in people)), {})
    assert (len(found.people), found.count) == (LISTED, LISTED + 1)


THERE = Address("appRoleAssignment", "there")


@pytest.mark.parametrize(
    ("before", "after", "address"),
    [
        (side(), side(held("1", LI, HERE)), HERE),
        (side(held("1", LI, HERE)), side(), HERE),
        (side(), side(held("1", LI)), None),
        (side(), side(held("1", LI, HERE), held("1", BO, THERE)), None),
        (side(), side(held("1", LI, HERE), held("1", BO)), HERE),
        (side(), side(held("1", LI, HERE), held("2", BO, THERE)), HERE),
        (side(held("1", LI, HERE)), side(held("1", LI, THERE), roles={}), API),
        (
            side(held("3", LI), roles={"3": Role("Read")}),
            side(held("3", LI), roles={"3": Role("Write")}),
            API,
        ),
        (
            side(held("1", LI)),
            side(held("1", LI), held("1", BO, HERE), roles={"1": Role("Read"), "3": Role("New")}),
            HERE,
        ),
    ],
)
def test_a_change_hangs_on_what_causes_it(before: Side, after: Side, address: Address | None) -> None:
    """On the one assignment that differs, or on the application where the role itself does."""
    found = [each.address for each in impact.compute(before, after, {}) if each.role == "Read"]
    assert found == [address]


def test_a_group_is_swapped_for_another() -> None:
    """Who gains hangs on the line of the group that comes, who loses on that of the group that goes."""
    old, new = holder("group:a"), holder("group:b")
    known = {
        "a": Members((("li", "Li"), ("bo", "Bo")), 2),
        "b": Members((("bo", "Bo"), ("al", "Al")), 2),
    }
    found = impact.compute(side(held("1", old, HERE)), side(held("1", new, THERE)), known)
    assert {(each.sign, each.address, *(person.name for person in each.people)) for each in found} == {
        ("gain", THERE, "Al"),
        ("lose", HERE, "Li"),
    }


def test_a_scope_is_held_by_a_client_and_hangs_on_its_consent() -> None:
    """Each client has its own line; one with an address has that."""
    consents = [
        Consent("api", "user", each.id, each, address) for each, address in ((JOB, HERE), (CRON, None))
    ]
    found = impact.compute(side(), side(consents=frozenset(consents)), {})
    assert found == tuple(
        AccessChange("api", "user", "gain", 0, (), address, "scope", (each,), client=each.id)
        for each, address in zip(APPS, (None, HERE), strict=True)
    )
    lost = impact.compute(side(consents=frozenset(consents[:1])), side(), {})
    assert [(each.sign, each.address) for each in lost] == [("lose", HERE)]


@pytest.mark.parametrize(
    ("before", "after", "signs"),
    [
        pytest.param(side(), side(closed=CLOSED), [("lose", "default", None)], id="closed"),
        pytest.param(side(closed=CLOSED), side(), [("gain", "default", None)], id="opened"),
        pytest.param(
            side(held("1", LI)),
            side(held("1", LI), closed=CLOSED),
            [("lose", "default", None)],
            id="closed, one stays",
        ),
        pytest.param(Side(), side(closed=CLOSED), [], id="new, and closed"),
        pytest.param(
            side(closed=CLOSED), side(held("2", LI), closed=CLOSED), [("gain", "default", 1)], id="assigned"
        ),
        pytest.param(
            side(closed=CLOSED),
            side(held("1", LI), closed=CLOSED),
            [("gain", "Read", 1), ("gain", "default", 1)],
            id="both",
        ),
        pytest.param(
            Side(), side(held("2", LI), closed=CLOSED), [("gain", "default", 1)], id="new, closed, assigned"
        ),
        pytest.param(side(held("2", LI)), side(held("2", BO)), [], id="open to all"),
    ],
)
def test_sign_in_is_everybody_s_until_assignment_is_required(
    before: Side, after: Side, signs: list[tuple[str, str, int | None]]
) -> None:
    """Then it is whoever's has any assignment at all; how many could before nobody knows."""
    found = impact.compute(before, after, {})
    assert [(each.sign, each.role, each.count) for each in found] == signs
    assert all(each.label == "" for each in found if each.kind == "signIn")


def test_what_nobody_can_read_before_is_told_after_the_rest() -> None:
    """What is restored, in order, then what gets a service principal and was a registration before."""
    both = {"b": Address("application", "b"), "a": Address("application", "a"), "api": API}
    roles = {key: dict[str, Role]() for key in both}
    before = Side(roles, absent=frozenset({"a", "b", "gone", "api"}), addresses=both)
    after = Side(roles, restored=frozenset({"b", "a"}), absent=frozenset(), addresses=both)
    assert impact.compute(before, after, {}) == (
        AccessChange("a", "", "gain", None, address=both["a"], kind="restored"),
        AccessChange("b", "", "gain", None, address=both["b"], kind="restored"),
        AccessChange("api", "", "gain", None, address=API, kind="authorized"),
    )
    assert impact.compute(before, replace(after, restored=frozenset(), absent=before.absent), {}) == ()


@pytest.mark.parametrize(
    ("after", "held_then"),
    [
        (side(held("1", LI)), {"role api/Read": Afterwards(frozenset({"li"}))}),
        (
            side(held("1", LI), held("1", JOB)),
            {"role api/Read": Afterwards(frozenset({"li"}), frozenset({"job"}))},
        ),
        (side(held("1", AUDIT), held("1", LI)), {"role api/Read": Afterwards(frozenset({"li", "di"}))}),
        (side(held("1", UNREAD), held("1", JOB)), {"role api/Read": Afterwards(None, frozenset({"job"}))}),
        (side(held("1", LARGE)), {"role api/Read": Afterwards(None)}),
        (side(held("1", BO)), {}),
        (side(), {"role api/Read": Afterwards(frozenset())}),
    ],
)
def test_who_holds_a_value_then(after: Side, held_then: dict[str, Afterwards]) -> None:
    """All of them, not those alone who gain it, of each value that a plan touches."""
    assert impact.afterwards(side(held("1", BO)), after, KNOWN) == held_then


def test_what_moves_is_what_is_not_the_same_on_both_sides() -> None:
    """By assignments, consents, roles, or whether assignment is required; groups are read of it alone."""
    same = side(held("1", AUDIT))
    consent = frozenset({Consent("api", "user", "job", JOB)})
    assert impact.moving(same, same) == frozenset()
    assert impact.needed(same, same) == []
    for other in (side(), side(held("1", AUDIT), consents=consent), side(held("1", AUDIT), roles={})):
        assert impact.moving(same, other) == impact.moving(other, same) == frozenset({"api"})
    assert impact.moving(same, side(held("1", AUDIT), closed=CLOSED)) == frozenset({"api"})
    many = side(*(held("1", each) for each in (STAFF, LI, UNREAD, JOB, LARGE)))
    assert impact.needed(same, many) == ["audit", "large", "staff", "unread"]
    assert impact.needed(side(), side(*(held("1", holder(f"group:{n}")) for n in "gfedcba"))) == [*"abcdefg"]
