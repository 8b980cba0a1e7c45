"""Results of access tests in, Markdown for a pull request's comment out: what was removed first, then what
fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from entra_config.report import escape
from entra_config.testing import places, text
from entra_config.testing.edits import TestEdits
from entra_config.testing.results import Result, Results


def render(results: Results) -> str:
    """Return how many pass, which tests a change removes, changes and adds, and what fails and why."""
    return "\n".join([f"### {headline(results)}\n", *details(results)]).rstrip() + "\n"


def headline(results: Results) -> str:
    """Return one sentence: how many pass, and how many tests a change removes, changes and adds."""
    reported, edits = text.summary(results), results.edits
    counted = (
        [(len(edits.removed), "removed"), (len(edits.changed), "changed"), (len(edits.added), "added")]
        if edits
        else []
    )
    beside = ", ".join(f"{count} {verb}" for count, verb in counted if count)
    return f"{reported[:1].upper()}{reported[1:]}{f'; by this change {beside}' if beside else ''}"


def details(results: Results) -> Iterator[str]:
    """Return which tests were removed, what fails and why, and which tests were changed and added, in this
    order.
    """
    edits = results.edits or TestEdits()
    if edits.read_error:
        yield (
            "The access tests that were there cannot be read, so all count as added: "
            f"{escape.markdown(edits.read_error)}\n"
        )
    yield from _edited("Removed", "-", edits.removed)
    for result in results.failed:
        yield from _failed(result)
    yield from _edited("Changed", "!", edits.changed)
    yield from _edited("Added", "+", edits.added)


def _edited(verb: str, sign: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"{verb} access tests: {len(names)}\n"
        yield escape.markdown_block("\n".join(f"{sign} {escape.text(name)}" for name in names), "diff") + "\n"


def _failed(result: Result) -> Iterator[str]:
    where = result.test.position
    yield f"**Fails:** {escape.markdown(result.test.name)} in {escape.markdown(result.environment)} "
    yield f"({escape.markdown(where.short)})\n"
    for failure in result.failures:
        yield f"- {escape.markdown(text.reported(failure))}"
        yield from (f"  - {escape.markdown(reason)}" for reason in failure.why if failure.claim != "test")
        lines = places.lines(failure.places)
        if lines:
            yield f"  - change {', or '.join(map(escape.markdown, lines))}"
    yield ""
