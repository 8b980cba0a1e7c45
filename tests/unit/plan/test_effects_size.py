"""The lines of what gives power: their order, their width, and how much of a comment they take."""

from __future__ import annotations

import pytest

from entra_config.plan import effects
from entra_config.plan.effects import COMMENT, COMMENTS, LONGEST
from entra_config.plan.model import Effect
from entra_config.risk import CLASSES

WIDTH = max(map(len, CLASSES)) + 2


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
