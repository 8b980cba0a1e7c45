"""The list of phrases that `make lint` warns of."""

from __future__ import annotations

import pytest

from tools.phrases import PHRASES, find_phrases


def test_the_list_has_at_most_40_phrases_and_no_single_word() -> None:
    """A writer can know the list, and a common word is not a mistake by itself."""
    assert len(PHRASES) <= 40
    assert all(" " in phrase and phrase == phrase.lower() for phrase in PHRASES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\na secret that Nobody declared\n", [(2, "nobody declared")]),
        ("it is held\nback, and is held  back\n", [(1, "held back"), (2, "held back")]),
        ('    "a grant is held "\n    "back"', [(1, "held back")]),
        ("    # a grant is held\n    # back", [(1, "held back")]),
        ("the household backs it; it is upheld back then; a held, back row", []),
        ("a secret is undeclared and its grant withheld", []),
    ],
)
def test_a_phrase_is_found_with_its_line(text: str, expected: list[tuple[int, str]]) -> None:
    """Across a line break too, also in a comment and between two parts of a string."""
    assert list(find_phrases(text)) == expected
