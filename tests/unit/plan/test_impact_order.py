"""In which order access changes are told, and what of sign-in and silent roles is told at all."""

from __future__ import annotations

from entra_config.plan import impact
from entra_config.plan.held import Assignment, Role, Side
from entra_config.resource import Address
from tests.unit.plan.sides import BO, CLOSED, HERE, LI, UNREAD, held, side


def test_everything_is_told_in_order() -> None:
    """By application, then kind and value; of sign-in and what is restored too."""
    keys = "gfedcba"
    places = {key: Address("application", key) for key in keys}
    roles = {key: {"1": Role("Z"), "2": Role("Y"), "3": Role("X")} for key in keys}
    given = frozenset(Assignment(key, role, LI) for key in keys for role in ("1", "2", "3"))
    before, after = Side(roles, addresses=places), Side(roles, given, addresses=places)
    found = impact.compute(before, after, {})
    assert [(each.application, each.role) for each in found] == [
        (key, role) for key in sorted(keys) for role in "XYZ"
    ]
    assert [value.application for value, *_ in impact.touched(before, after)] == [
        each for each in sorted(keys) for _ in "XYZ"
    ]

    closed = Side(roles, closed=frozenset(keys), addresses=places)
    assert [each.value.application for each in impact.moves(before, closed, {})] == sorted(keys)
    absent = Side(roles, absent=frozenset(keys), addresses=places)
    assert [each.application for each in impact.compute(absent, before, {})] == sorted(keys)


def test_an_application_that_comes_or_goes_is_not_opened_or_closed() -> None:
    """Who is assigned gains and loses sign-in then; there is nobody else who could."""
    there = side(held("2", LI), closed=CLOSED)
    for before, after, sign in ((Side(), there, "gain"), (there, Side(), "lose")):
        found = list(impact.moves(before, after, {}))
        assert [(each.sign, each.value.kind, each.count) for each in found] == [(sign, "signIn", 1)]
        assert [each.unknown for each in found] == [False]
    assert impact.moving(Side(), side()) == impact.moving(side(), Side()) == frozenset({"api"})


def test_what_is_not_known_is_told_so() -> None:
    """Nobody knows how many could sign in before, or are in a group."""
    for after in (side(closed=CLOSED), side(held("1", UNREAD))):
        assert [each.unknown for each in impact.moves(side(), after, {})] == [True]


def test_a_role_that_tokens_do_not_carry_moves_nothing() -> None:
    """It has no label among the values, and no cause."""
    silent = {"1": Role("Read"), "2": Role(None, "silent"), "3": Role("Write", "")}
    before, after = (
        side(held("3", BO), roles=silent),
        side(held("1", LI), held("2", BO, HERE), held("3", LI), roles=silent),
    )
    found = impact.compute(before, after, {})
    assert [(each.role, each.sign, each.label, each.address) for each in found] == [
        ("Read", "gain", "", None),
        ("Write", "gain", "", None),
        ("Write", "lose", "", None),
    ]
