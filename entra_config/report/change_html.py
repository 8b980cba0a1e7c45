"""The changes of a plan in, an article each out: its level, its lines, and where each stands at the right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from entra_config.report import page
from entra_config.report.change_text import FOLLOWING, Block
from entra_config.report.escape import html as safe
from entra_config.report.lines import Line

_STYLES = {style: style for style in ("high", "mid", "dim", "bold")}
_DEEPEST = 24  # blanks before a line; what is deeper begins there


def articles(blocks: Sequence[Block], classes: Sequence[str]) -> Iterator[str]:
    """Yield a section with an article for each change; `classes` are what the filters find each by."""
    if not blocks:
        return
    yield "<h2>What would change, the riskiest first</h2>"
    for number, (block, marked) in enumerate(zip(blocks, classes, strict=True), 1):
        if block.following and not blocks[number - 2].following:
            yield f'<p class="meta">{safe(FOLLOWING.capitalize())}</p>'
        yield f'<article class="{marked}" id="change-{number}">'
        yield f'<div>{page.mark(block.risk)} <div class="meta">{number} of {len(blocks)}</div></div>'
        yield f"{tree(block.lines)}</article>"


def tree(lines: Iterable[Line]) -> str:
    """Return the lines of one change, each with its place at the right; they are printed already."""
    return f'<div class="tree">{"".join(map(_line, lines))}</div>'


def _line(each: Line) -> str:
    whole = "".join(said for said, _ in each.spans)
    indent = len(whole) - len(whole.lstrip(" "))
    spans, left = [], indent
    for said, style in each.spans:
        shown, left = said[left:], max(0, left - len(said))
        # Printed already: what is left is to keep it from being markup.
        spans.append(
            f'<span class="{_STYLES[style]}">{escape(shown)}</span>' if style in _STYLES else escape(shown)
        )
    # A level of the text is four blanks, the first line has two.
    at = f'<span class="at">{escape(each.right)}</span>' if each.right else ""
    return f'<div class="line in-{min(indent, _DEEPEST)}"><span>{"".join(spans).rstrip()}</span>{at}</div>'
