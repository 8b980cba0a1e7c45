"""The rows of the token lab: what stands where, what differs, and what only moves with the time."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from entra_emulator.login.explain import Explained
from entra_emulator.portal.token_rows import (
    DECIDES,
    NOISE,
    TIMES,
    ClaimRow,
    ShownToken,
    ShownValue,
    sections,
)

NAMES = ["roles", "scp", "aud", "oid", "sub", "name", "iss", "exp", "auth_time", "uti", "rh", "acrs", "ver"]
TOKENS = st.dictionaries(st.sampled_from(NAMES), st.integers(1, 2), max_size=9)


def token(claims: dict[str, Any], of: str = "") -> ShownToken:
    """Return a token with these claims, each for a reason of its own."""
    return ShownToken(claims=[Explained(name, value, f"why {name}{of}") for name, value in claims.items()])


def rows(*claims: dict[str, Any], main: int = 0) -> dict[str, ClaimRow]:
    """Return the rows of tokens by name."""
    made = sections([token(each, str(number)) for number, each in enumerate(claims)], "API", main)
    return {row.name: row for row in made.rows}


@given(TOKENS, TOKENS, st.integers(0, 1))
def test_each_claim_of_either_token_is_in_one_row(
    one: dict[str, int], other: dict[str, int], main: int
) -> None:
    """Its cells are what each token says; it differs, or moves, or is the same."""
    made = sections([token(one, "0"), token(other, "1")], "API", main)
    found = {row.name: row for row in made.rows}

    assert sorted(row.name for row in made.rows) == sorted({*one, *other})
    for name, row in found.items():
        assert [(cell.there, cell.value) for cell in row.cells] == [
            (name in claims, claims.get(name)) for claims in (one, other)
        ]
        unlike = one.get(name) != other.get(name)
        assert row.moves == (name in TIMES or name in NOISE or (name == "sub" and unlike))
        assert row.differs == (unlike and not row.moves)
        assert [cell.same for cell in row.cells] == [not unlike and number != main for number in (0, 1)]
        sides = [
            f"why {name}{n}" if name in c else "It is not in this token." for n, c in enumerate((one, other))
        ]
        assert row.why == sides[main]
        assert row.more == (sides[1 - main] if row.differs else "")
    assert made.differing == [row.name for row in made.rows if row.differs]
    assert made.same == sum(not row.differs and not row.moves for row in found.values())
    assert made.moving == sum(name in TIMES for name in found)


@given(TOKENS)
def test_one_token_alone_differs_from_nothing_and_moves_with_nothing(claims: dict[str, int]) -> None:
    """There is no other one whose same it could be."""
    for row in rows(claims).values():
        assert row.cells == (ShownValue(claims[row.name]),)
        assert (row.differs, row.moves, row.more) == (False, False, "")


def test_what_an_api_decides_by_comes_first_and_what_nobody_reads_is_folded() -> None:
    """In the order of the table; a heading without rows is none."""
    made = sections([token(dict.fromkeys(NAMES, 1))], "Orders")

    assert [(words, [row.name for row in part]) for words, part in made.parts] == [
        ("What Orders decides by", sorted(["roles", "scp", "aud", "acrs"], key=DECIDES.index)),
        ("Who it is about", ["oid", "sub", "name"]),
        ("Protocol", ["iss", "exp", "auth_time", "ver"]),
    ]
    assert [row.name for row in made.folded] == ["uti", "rh"]
    assert [words for words, _ in sections([token({"oid": 1})], "Orders").parts] == ["Who it is about"]


def test_the_rows_of_the_main_token_come_before_those_of_the_other_alone() -> None:
    """Whichever of both it is."""
    one, other = {"oid": 1, "name": 1}, {"tid2": 1, "name": 1, "oid": 1}
    assert list(rows(one, other)) == ["oid", "name", "tid2"]
    assert list(rows(one, other, main=1)) == ["tid2", "name", "oid"]
