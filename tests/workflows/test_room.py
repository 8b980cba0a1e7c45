"""The room of a comment: each text has its part, and what is cut is closed as Markdown reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows import scripts

room = scripts.load("room")
WHOLE = "the whole is elsewhere."


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("```diff\na\nb\nc\nd", ["```"]),
        ("````\n```\na\nb\nc", ["````"]),
        ("~~~ text\n```\nb\nc\nd", ["~~~"]),
        ("```\na\n```\nb\nc\nd\ne\nf", []),
        ("   ```\n    ```\nb\nc\nd", ["```"]),
        ("```\n<details>\n```\nx\ny\nz", []),
        ("<details><summary>s</summary>\n\n```\na\nb\nc", ["```", "", "</details>"]),
    ],
)
def test_what_is_open_is_closed_as_markdown_reads_it(text: str, closed: list[str]) -> None:
    """A block of code ends with its own mark, at least as long, and only outside of one does a tag mean
    anything.
    """
    lines = text.split("\n")

    assert room._closing(lines) == closed


@given(st.lists(st.text("`~ abc<>/details\n", max_size=200), min_size=1, max_size=4), st.integers(400, 3000))
def test_nothing_is_longer_than_its_part_or_silently_shorter(texts: list[str], limit: int) -> None:
    """For any texts and any room: the parts fit, a text that fits is whole, and one that does not says how
    much is missing.
    """
    parts = room.share(texts, limit)

    assert sum(parts) <= limit
    for text, part in zip(texts, parts, strict=True):
        shown = room.cut(text, max(part, 100), WHOLE)
        assert len(shown) <= max(part, 100)
        assert shown == text or ("lines are cut here" in shown and WHOLE in shown)
        assert part >= min(len(text), limit // len(texts))
