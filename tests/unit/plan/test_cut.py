"""Two long texts cut to where they differ: what is left tells them apart, and what is short stays whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entra_config.plan.cut import CONTEXT, LONGEST, around

PARTS = st.text("ab", max_size=130)


@given(PARTS, PARTS, PARTS, PARTS)
def test_all_that_differs_stays(head: str, one: str, other: str, tail: str) -> None:
    """Both are cut at the same places, within what they share; put back, they are what they were."""
    before, after = f"{head}{one}{tail}", f"{head}{other}{tail}"
    cut_before, cut_after = around(before, after)

    assert (cut_before == cut_after) == (before == after)
    if before == after or max(len(before), len(after)) <= LONGEST:
        assert (cut_before, cut_after) == (before, after)
        return
    assert cut_before.startswith("…") == cut_after.startswith("…")
    assert cut_before.endswith("…") == cut_after.endswith("…")
    for whole, cut in ((before, cut_before), (after, cut_after)):
        kept = cut.removeprefix("…").removesuffix("…")
        start = len(before) if not cut.startswith("…") else whole.find(kept)
        assert kept in whole
        assert len(cut) <= len(whole)
        assert start >= 0
        if not cut.startswith("…"):
            assert whole.startswith(kept)
        if not cut.endswith("…"):
            assert whole.endswith(kept)


@pytest.mark.parametrize("at", [0, 1, 24, 26, 27, 28, 60, 119, 120])
@pytest.mark.parametrize("put", ["X", ""])
def test_so_much_is_left_around_a_difference(at: int, put: str) -> None:
    """Twenty-four characters on each side; where fewer than three would go, all stay."""
    text = "".join(chr(0x100 + number) for number in range(120))
    before, after = around(text, text[:at] + put + text[at + 1 :])
    if put == "" and at == len(text):
        assert (before, after) == (text, text)
        return
    left, right = text[:at], text[at + 1 :]

    def shown(middle: str) -> str:
        start = f"…{left[-CONTEXT:]}" if len(left) > CONTEXT + 2 else left
        end = f"{right[:CONTEXT]}…" if len(right) > CONTEXT + 2 else right
        return f"{start}{middle}{end}"

    assert (before, after) == (shown(text[at : at + 1]), shown(put))


@pytest.mark.parametrize(("length", "cut"), [(LONGEST - 1, False), (LONGEST, True)])
def test_a_hundred_characters_are_short(length: int, cut: bool) -> None:
    """The longer of both texts decides."""
    text = "a" * length
    for pair in ((text, f"b{text}"), (f"b{text}", text)):
        assert (around(*pair) != pair) == cut
