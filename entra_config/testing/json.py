"""Results of access tests in, the published JSON document out."""

from __future__ import annotations

from entra_config.report.document import MissPart, Place, TestEditsPart, TestNote, TestResult, TestsDocument
from entra_config.report.json import published
from entra_config.testing import edits
from entra_config.testing.results import Result, Results


def render(results: Results) -> str:
    """Return the results as JSON: ASCII only, so that no name reaches a terminal raw."""
    return published(document(results))


def document(results: Results) -> TestsDocument:
    """Return the results as the published document."""
    return TestsDocument(
        version=1,
        kind="tests",
        project=results.project,
        tests=len(results.names),
        failed=len(results.failing),
        results=[_result(each) for each in results.results],
        notes=[TestNote(environment=environment, message=message) for environment, message in results.notes],
        edits=_edits(results.edits) if results.edits is not None else None,
    )


def _result(result: Result) -> TestResult:
    misses = [
        MissPart(
            claim=each.claim,
            expected=each.expected,
            found=each.found,
            why=list(each.why),
            places=[*map(Place.of, each.places)],
        )
        for each in result.misses
    ]
    test = result.test
    return TestResult(
        name=test.name,
        environment=result.environment,
        position=Place.of(test.position),
        passes=result.passes,
        misses=misses,
    )


def _edits(found: edits.TestEdits) -> TestEditsPart:
    return TestEditsPart(
        removed=list(found.removed), changed=list(found.changed), added=list(found.added), unread=found.unread
    )
