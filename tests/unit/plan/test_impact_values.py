"""Who gains or loses which value by a plan, as whole access changes; who holds it then, and what is read."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.plan import impact
from entra_config.plan.held import Holder, Members, Side
from entra_config.plan.model import AccessChange, Affected, Afterwards
from entra_config.resource import Address
from tests.unit.plan.estates import holder
from tests.unit.plan.sides import BO, LARGE, LI, UNREAD, held, side

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


def test_all_people_are_listed_with_the_id_of_the_role() -> None:
    """However many they are: another program checks them one by one."""
    many = [Holder("user", f"u{number}", f"u{number}") for number in range(60)]
    (found,) = impact.compute(side(), side(*(held("1", who) for who in many)), {})
    assert {person.id for person in found.people} == {who.id for who in many}
    assert (found.count, found.role_id) == (60, "1")


THERE = Address("appRoleAssignment", "there")


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
