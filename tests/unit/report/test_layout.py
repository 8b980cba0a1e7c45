"""Lines on a terminal: places whole and in one column, and words that go on below where they began."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from entra_config.errors import Position
from entra_config.report import lines
from entra_config.report.lines import Line, line, signed

HERE = Position("manifests/applications/clients.yaml", 11, 3)
PLACE = "manifests/applications/clients.yaml:11"


def rows(content: list[Line], columns: int) -> list[str]:
    """Return what a terminal of so many columns gets."""
    width = lines.edge(content, min(columns, 120), columns)
    return [row.rstrip() for row in lines.styled(content, width, columns).plain.split("\n")]


def test_places_end_in_one_column() -> None:
    """At 80 as at 200, beside a short line as below a long one."""
    content = [signed(2, "+", "short", right=HERE), signed(2, "~", "long " * 14, right=HERE)]
    for columns in (80, 200):
        ends = {len(row) for row in rows(content, columns) if row.endswith(PLACE)}
        assert len(ends) == 1
        assert max(ends) <= columns


def test_a_wide_terminal_keeps_a_long_line_in_one() -> None:
    """A line that has room stands with its place, and the places of the others move to it."""
    content = [line("a" * 150, right=HERE), line("b", right=HERE)]
    assert len(rows(content, 200)) == 2
    assert {len(row) for row in rows(content, 200)} == {150 + 2 + len(PLACE)}


def test_words_go_on_below_their_beginning() -> None:
    """The second row stands under the first one's words."""
    first, *rest = rows([signed(6, "!", "word " * 30)], 80)
    assert first.startswith("      ! word")
    assert rest
    assert all(row.startswith(" " * 8 + "word") and len(row) <= 80 for row in rest)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=200))
def test_no_word_is_broken(word: str) -> None:
    """A URI can be taken from the screen as it is."""
    assert any(word in row for row in rows([signed(6, "+", "before ", word, " after", right=HERE)], 80))


@given(st.lists(st.text("ab 開", max_size=40), max_size=6), st.integers(20, 200))
def test_nothing_is_lost(words: list[str], columns: int) -> None:
    """However narrow it is, all of the text is there, in its order."""
    shown = "".join(rows([signed(2, "+", " ".join(words), right=HERE)], columns))
    assert "".join(shown.split()) == "".join(f"+{''.join(words)}{PLACE}".split())
