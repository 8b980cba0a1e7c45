"""Markdown in, Markdown that GitHub takes out: cut at a line, what was open closed, what is cut counted, the whole named."""

from __future__ import annotations

import re
from collections.abc import Sequence

# A line that begins or ends a block of code: three or more of one mark, after at most three blanks.
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([^`]*)$")


def share(texts: Sequence[str], room: int) -> list[int]:
    """Return how many characters each text may have: an equal part; what one leaves goes to the first that needs it."""
    parts = [room // len(texts)] * len(texts)
    spare = room - sum(parts)
    for number, text in enumerate(texts):
        if len(text) < parts[number]:
            spare += parts[number] - len(text)
            parts[number] = len(text)
    for number, text in enumerate(texts):
        more = min(spare, len(text) - parts[number])
        parts[number] += more
        spare -= more
    return parts


def cut(text: str, room: int, whole: str) -> str:
    """Return `text` in at most `room` characters: the lines that are left out are counted, and `whole` says where they are."""
    if len(text) <= room:
        return text
    lines = text.split("\n")
    kept = len(lines)
    while True:
        closing = _closing(lines[:kept])
        said = f"… {len(lines) - kept} of {len(lines)} lines are cut here: {whole}"
        shown = "\n".join([*lines[:kept], *closing, "", said])
        if len(shown) <= room or not kept:
            return shown
        # Each line that goes takes its characters along; the rest of the estimate is exact in the last rounds.
        over = len(shown) - room
        while kept and over > 0:
            kept -= 1
            over -= len(lines[kept]) + 1


def _closing(lines: Sequence[str]) -> list[str]:
    """Return the lines that close what these leave open: a block of code, then what can be unfolded."""
    fence, unfolded = "", 0
    for line in lines:
        found = _FENCE.match(line)
        if fence:
            # Only its own mark, as long at least and alone in its line, ends a block.
            if found and found.group(1).startswith(fence) and not found.group(2).strip():
                fence = ""
        elif found:
            fence = found.group(1)
        else:
            unfolded += line.count("<details") - line.count("</details>")
    return [*([fence] if fence else []), *(["", *["</details>"] * unfolded] if unfolded else [])]
