"""Where a line's place stands, and where a row breaks, on a terminal of so many columns."""

from __future__ import annotations

import pytest

from entra_config.errors import Position
from entra_config.report import lines
from entra_config.report.lines import Line, line

PLACE = "a.yaml:3"  # eight columns


@pytest.mark.parametrize(
    ("text", "right", "edge"),
    [
        ("x" * 30, PLACE, 40),  # just as wide as the terminal
        ("x" * 31, PLACE, 20),  # has no room anyway
        ("x" * 15, PLACE, 25),
        ("x" * 5, PLACE, 20),
        ("漢" * 10, PLACE, 30),  # two columns each
        ("x" * 30, "", 20),
    ],
)
def test_places_end_where_the_longest_line_with_room_needs(text: str, right: str, edge: int) -> None:
    """At the width, or further right; a line without a place needs nothing."""
    assert lines.edge([Line(((text, ""),), right), line("short")], 20, 40) == edge
    assert lines.edge([Line(((text, ""),), right)], 50, 40) == 40


@pytest.mark.parametrize(
    ("text", "right", "columns", "rows"),
    [
        ("  one two three four five", "", 0, ["  one two three four five"]),
        ("  one two three four five", "", 25, ["  one two three four five"]),
        ("  one two three four five", "", 24, ["  one two three four", "    five"]),
        (" " * 14 + "aaaa bbbb", "", 22, [" " * 14 + "aaaa", " " * 11 + "bbbb"]),  # from the middle
        ("  one", PLACE, 0, ["  one       a.yaml:3"]),
        ("  one two", PLACE, 30, ["  one two   a.yaml:3"]),
        ("  one two th", PLACE, 30, ["  one two th", "            a.yaml:3"]),  # one blank is too little
        ("  one two t", PLACE, 30, ["  one two t", "            a.yaml:3"]),
        ("  one two t", PLACE, 0, ["  one two t  a.yaml:3"]),
        ("  verylongword " + "x" * 30, PLACE, 20, ["  verylongword", "    " + "x" * 30, " " * 12 + PLACE]),
        ("  one two three four five", PLACE, 20, ["  one two three four", "    five    a.yaml:3"]),
    ],
)
def test_words_go_on_below_and_a_place_stays_whole(
    text: str, right: str, columns: int, rows: list[str]
) -> None:
    """A place ends at column twenty, beside the words or in a row of its own; a file has no columns."""
    shown = lines.styled([Line(((text, ""),), right)], 20, columns).plain
    assert [row.rstrip() for row in shown.split("\n")] == rows


@pytest.mark.parametrize(
    ("text", "width", "padded"),
    [("ab", 4, "ab  "), ("abcd", 4, "abcd "), ("漢", 4, "漢  "), ("e\u0301", 3, "e\u0301  ")],
)
def test_a_column_is_filled_with_a_blank_at_least(text: str, width: int, padded: str) -> None:
    """Wide characters count twice, and marks on a letter nothing."""
    assert lines.padded(text, width) == padded


def test_a_line_bears_its_sign_and_its_place() -> None:
    """What waits for somebody has a colour; a file's name is shown as it can be seen."""
    made = lines.signed(2, "!", "x", ("y", "dim"), right=Position("a\u202e.yaml", 3, 1))
    assert made.spans == (("  ", ""), ("!", "bold"), (" ", ""), ("x", ""), ("y", "dim"))
    assert made.right == "a\\u{202e}.yaml:3"
    assert lines.format_lines([made, line("b")], 20) == "  ! xy  a\\u{202e}.yaml:3\nb\n"
    assert [lines.diffed(text).spans[0][1] for text in ("@@", "+a", "-a")] == ["accent", "", ""]
    assert [lines.counted(number, "file") for number in (0, 1, 2)] == ["0 files", "1 file", "2 files"]
