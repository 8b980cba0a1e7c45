"""All scopes and roles of an application together: what Graph would not take of them."""

from __future__ import annotations

import pytest

from entra_config.errors import Position
from entra_config.manifest.parts import AppRole, Scope
from entra_config.manifest.reading.problems import Problems
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sections import roles

ID, OTHER = "5c1b2f7e-0000-4000-8000-00000000000a", "5c1b2f7e-0000-4000-8000-00000000000b"


def scope(line: int, value: str, id_: str | None = None, label: str = "", *, on: bool = True) -> Scope:
    """Return a scope at a line, with the texts that the roles here have."""
    position = Position("f", line)
    return Scope(label or value, value, "N", "D", None, None, "admins", on, id_, position=position)


def role(line: int, value: str | None, id_: str | None = None, label: str = "", name: str = "N") -> AppRole:
    """Return a role at a line."""
    position = Position("f", line)
    return AppRole(label or str(value), value, name, "D", ("User",), id=id_, position=position)


def noted(*parts: Scope | AppRole, personal: bool = False) -> list[str]:
    """Return what is noted of scopes and roles together."""
    problems = Problems()
    roles.check(
        {each.label: each for each in parts if isinstance(each, Scope)},
        {each.label: each for each in parts if isinstance(each, AppRole)},
        personal=personal,
        where=Position("f", 99),
        reader=Reader(problems),
    )
    return [str(each) for each in problems.found]


SHARED = "scope `a` and role `a` share the value `a`, which Graph allows only where"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param((scope(1, "a"), scope(2, "b"), role(3, "c"), role(4, "d")), [], id="all different"),
        pytest.param((role(1, None, label="a"), role(2, None, label="b")), [], id="roles without a value"),
        pytest.param(
            (scope(1, "a"), scope(2, "a", label="b"), scope(3, "a", label="c")),
            ["f:2:1: the value `a` is scope `a` already", "f:3:1: the value `a` is scope `a` already"],
            id="scopes of one value",
        ),
        pytest.param(
            (role(1, "a"), role(2, "a", label="b")),
            ["f:2:1: the value `a` is role `a` already"],
            id="roles of one value",
        ),
        pytest.param(
            (scope(1, "a"), scope(2, "A")),
            ["f:2:1: the value `A` is `a` of scope `a` but for the case of a letter"],
            id="scopes but for the case of a letter",
        ),
        pytest.param(
            (scope(1, "a"), role(2, "A")),
            ["f:2:1: the value `A` is `a` of scope `a` but for the case of a letter"],
            id="a scope and a role but for the case of a letter",
        ),
        pytest.param((scope(1, "a"), role(2, "a")), [], id="a scope and a role that agree"),
        pytest.param((scope(1, "a", ID), role(2, "a")), [], id="of which the scope has an id"),
        pytest.param((scope(1, "a"), role(2, "a", ID)), [], id="of which the role has an id"),
        pytest.param((scope(1, "a", ID), role(2, "a", ID)), [], id="of which both have it"),
        pytest.param(
            (scope(1, "a", ID), role(2, "a", OTHER)),
            [f"f:2:1: {SHARED} `id` agree (f:1:1)"],
            id="of two ids",
        ),
        pytest.param(
            (scope(1, "a", on=False), role(2, "a", name="M")),
            [f"f:2:1: {SHARED} `displayName` and `isEnabled` agree (f:1:1)"],
            id="of two names and states",
        ),
        pytest.param(
            (role(1, "a", ID), role(2, "b", ID), scope(3, "c", OTHER), scope(4, "d", OTHER)),
            [f"f:4:1: the id {OTHER} is `c` already", f"f:2:1: the id {ID} is `a` already"],
            id="two ids, twice each",
        ),
        pytest.param(
            (scope(1, "a", ID), role(2, "b", ID)),
            [f"f:2:1: the id {ID} is `a` already"],
            id="a scope and a role of one id, and two values",
        ),
        pytest.param(
            (scope(1, "a", ID), scope(2, "a", ID, "b")),
            ["f:2:1: the value `a` is scope `a` already", f"f:2:1: the id {ID} is `a` already"],
            id="two scopes of one id and value",
        ),
    ],
)
def test_values_and_ids_are_of_one_each(parts: tuple[Scope | AppRole, ...], expected: list[str]) -> None:
    """A scope and a role may share both, where Graph can keep one entry for them."""
    assert noted(*parts) == expected


@pytest.mark.parametrize(
    ("parts", "personal", "expected"),
    [
        pytest.param([scope(n, f"s{n}") for n in range(700)], False, [], id="as many as there may be"),
        pytest.param(
            [role(1, "r"), *(scope(n, f"s{n}") for n in range(700))],
            False,
            ["f:99:1: 701 scopes and roles; Graph takes 700 in one application"],
            id="one more",
        ),
        pytest.param(
            [scope(n, f"s{n}") for n in range(100)], True, [], id="personal: as many as there may be"
        ),
        pytest.param(
            [scope(n, f"s{n}") for n in range(101)],
            True,
            ["f:99:1: 101 scopes; with personal accounts Graph takes 100"],
            id="personal: one more",
        ),
        pytest.param([scope(1, "s" * 41)], False, [], id="a long value"),
        pytest.param([scope(1, "s" * 40)], True, [], id="personal: as long as it may be"),
        pytest.param(
            [scope(1, "s" * 41)],
            True,
            ["f:1:1: the value of a scope has at most 40 characters with personal accounts"],
            id="personal: one character more",
        ),
        pytest.param([role(1, "r" * 41)], True, [], id="personal: a role's"),
    ],
)
def test_there_are_bounds_and_narrower_ones_for_personal_accounts(
    parts: list[Scope | AppRole], personal: bool, expected: list[str]
) -> None:
    """Of how many there are, and of how long a scope's value is."""
    assert noted(*parts, personal=personal) == expected
