"""Two long texts in; both without most of what they share, so that each difference is whole, out."""

from __future__ import annotations

CONTEXT = 24  # characters of what is shared, on either side
LONGEST = 100


def around(before: str, after: str) -> tuple[str, str]:
    """Return both texts cut to where they differ; all that differs stays, and what is short stays whole."""
    if max(len(before), len(after)) <= LONGEST or before == after:
        return before, after
    shorter = min(len(before), len(after))
    head = next((index for index in range(shorter) if before[index] != after[index]), shorter)
    tail = next(
        (index for index in range(shorter - head) if before[-1 - index] != after[-1 - index]), shorter - head
    )
    start, end = max(0, head - CONTEXT), max(0, tail - CONTEXT)
    return _cut(before, start, end), _cut(after, start, end)


def _cut(text: str, start: int, end: int) -> str:
    # One character of an ellipsis in the place of one or two saves nothing.
    start, end = start if start > 2 else 0, end if end > 2 else 0
    return f"{'…' if start else ''}{text[start : len(text) - end]}{'…' if end else ''}"
