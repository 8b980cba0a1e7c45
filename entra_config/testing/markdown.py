"""Results of access tests in, Markdown for a pull request's comment out: what was removed first, then what fails."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.report import escape
from entra_config.testing import places, text
from entra_config.testing.edits import TestEdits
from entra_config.testing.results import Result, Results


def render(results: Results) -> str:
    """Return how many pass, which tests a change removes, changes and adds, and what fails and why."""
    return "\n".join(section(results)).rstrip() + "\n"


def section(results: Results) -> Iterator[str]:
    """Return the part of a comment that is about access tests."""
    told = text.summary(results)
    yield f"#### {told[:1].upper()}{told[1:]}\n"
    if results.edits:
        yield from _edits(results.edits)
    for result in results.failed:
        yield from _failed(result)


def _edits(edits: TestEdits) -> Iterator[str]:
    if edits.unread:
        yield f"The tests that were there cannot be read, so all count as added: {escape.markdown(edits.unread)}\n"
    for verb, sign, names in (("Removed", "-", edits.removed), ("Changed", "!", edits.changed), ("Added", "+", edits.added)):
        if names:
            yield f"{verb} by this change: {len(names)}\n"
            yield escape.markdown_block("\n".join(f"{sign} {escape.text(name)}" for name in names), "diff") + "\n"


def _failed(result: Result) -> Iterator[str]:
    where = result.test.position
    yield f"**Fails:** {escape.markdown(result.test.name)} in {escape.markdown(result.environment)} "
    yield f"({escape.markdown(f'{where.file}:{where.line}')})\n"
    for miss in result.misses:
        yield f"- {escape.markdown(text.told(miss))}"
        yield from (f"  - {escape.markdown(reason)}" for reason in miss.why if miss.claim != "test")
        lines = places.lines(miss.places)
        if lines:
            yield f"  - change {', or '.join(map(escape.markdown, lines))}"
    yield ""
