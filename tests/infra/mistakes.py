"""One edit of one template: what becomes what, and what must be said of it."""

from __future__ import annotations

from dataclasses import dataclass

from tests.infra.templates import Stack, Stacks, parse


@dataclass(frozen=True)
class Mistake:
    """`before` becomes `after`, once or wherever it stands; `said` is part of what is told of it."""

    stack: str
    before: str
    after: str
    said: str
    everywhere: bool = False


def made(stacks: Stacks, mistake: Mistake) -> dict[str, Stack]:
    """Return the stacks with the mistake in them."""
    text = stacks[mistake.stack].text
    assert mistake.before in text, f"{mistake.stack} has no {mistake.before!r} to break"
    broken = text.replace(mistake.before, mistake.after, -1 if mistake.everywhere else 1)
    return {**stacks, mistake.stack: parse(broken)}
