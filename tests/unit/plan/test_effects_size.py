"""The lines of what gives power: their order, their width, and how much of a comment they take."""

from __future__ import annotations

import pytest

from entra_config.phrase import Person, Phrase, without_names
from entra_config.plan import effects
from entra_config.plan.effects import COMMENT, COMMENTS, LONGEST
from entra_config.plan.model import Effect
from entra_config.risk import CLASSES

WIDTH = max(map(len, CLASSES)) + 2


def test_effects_stand_by_risk_each_once() -> None:
    """In the table's order; of one class as they came."""
    guard, pin, one, two = (
        Effect(*each) for each in (("guard", "g"), ("pin", "p"), ("owner", "2"), ("owner", "1"))
    )
    assert effects.ordered([one, two, pin, guard, one]) == (guard, pin, one, two)
    assert effects.risk(guard) == "high"
    assert effects.risk(Effect("text", "")) == "low"


def test_a_line_is_as_wide_as_the_longest_class() -> None:
    """So that texts stand below each other; a person in it is a value."""
    text = Phrase.of("of ", Person("'li@x'", "u1"))
    assert effects.line(Effect("owner", text)) == f"{'owner':<{WIDTH}}of 'li@x'"
    assert without_names(effects.line(Effect("owner", text))) == f"{'owner':<{WIDTH}}of a user (u1…)"


@pytest.mark.parametrize(
    ("texts", "size"),
    [
        ([], 0),
        (["abc"], WIDTH + 3 + 3),
        (["abc", "de"], 2 * (WIDTH + 3) + 5),
        (["``"], WIDTH + 3 + 2),
        (["```"], WIDTH + 3 + 3 + 2 * 3 * COMMENTS),
        (["```", "a ````` ```"], 2 * (WIDTH + 3) + 3 + 11 + 2 * 5 * COMMENTS),
        (["x" * (LONGEST - WIDTH)], LONGEST + 3),
        (["x" * (LONGEST - WIDTH + 1)], COMMENTS * COMMENT),
        (["x", "x" * LONGEST], COMMENTS * COMMENT),
    ],
)
def test_a_comment_takes_each_line_and_what_ends_its_block(texts: list[str], size: int) -> None:
    """A block ends with more backticks than are in it; a line that is too long takes more than there is."""
    assert effects.size(Effect("owner", each) for each in texts) == size


def test_names_of_people_take_no_room() -> None:
    """What is printed has none."""
    text = Phrase.of(Person("'a very long name@contoso.com'", "u1"))
    assert effects.size([Effect("owner", text)]) == WIDTH + 3 + len("a user (u1…)")


@pytest.mark.parametrize(
    ("environments", "room"),
    [(0, 238_000), (1, 238_000), (2, 118_000), (10, 22_000), (24, 8_000), (25, 8_000), (1000, 8_000)],
)
def test_the_room_is_shared_by_environments(environments: int, room: int) -> None:
    """Each has a line's at least."""
    assert effects.room(environments) == room
