"""Text of a manifest's file in; the comments by which it asks lint to be silent out.

    - https://old.example.com/ # entra-config: ignore[redirect-foreign-domain] until 2027-01-31 because it
    moves in January # entra-config: ignore[token-v1, unverified-email] because the vendor's client reads
    nothing else accessTokenVersion: 1

Behind a value it is for its own line, alone in a line for the next one that is no comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from entra_config.errors import Position
from entra_config.manifest import until as days
from entra_config.manifest.lint_policy import Ignore
from entra_config.manifest.reading import yaml

MARK = "entra-config:"
_MEANT = re.compile(r"#\s*entra-config:\s*ignore\b(?P<rest>.*)", re.DOTALL)
_WHOLE = re.compile(
    r"\s*\[(?P<rules>[^\[\]]*)\](\s+until\s+(?P<until>\S+))?(\s+because\s+(?P<because>\S.*?))?\s*", re.DOTALL
)


def read(text: str, file: str) -> Iterator[Ignore]:
    """Yield every such comment of a file that is YAML."""
    if MARK not in text:
        # Most files have none, and looking for comments takes as long as reading.
        return
    lines = text.split("\n")
    for position, comment in yaml.comments(text, file):
        if found := _MEANT.fullmatch(comment):
            yield _ignore(found["rest"], position, _line(position, lines))


def _ignore(rest: str, position: Position, line: int) -> Ignore:
    found = _WHOLE.fullmatch(rest)
    if found is None:
        return Ignore(position, line, problem="expected `ignore[RULE] until YYYY-MM-DD because REASON`")
    rules = tuple(dict.fromkeys(word.strip() for word in found["rules"].split(",") if word.strip()))
    if not rules:
        return Ignore(position, line, problem="it names no rule")
    try:
        until = days.parse(found["until"]) if found["until"] else None
    except days.DayError as error:
        return Ignore(position, line, rules, problem=f"`{found['until']}`: expected {error}")
    return Ignore(position, line, rules, until, found["because"] or "")


def _line(position: Position, lines: Sequence[str]) -> int:
    """Return the line that a comment is for."""
    if lines[position.line - 1][: position.column - 1].strip():
        return position.line
    below = range(position.line, len(lines))
    return next(
        (
            number + 1
            for number in below
            if lines[number].strip() and not lines[number].lstrip().startswith("#")
        ),
        0,
    )
