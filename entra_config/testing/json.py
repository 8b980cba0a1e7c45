"""Results of access tests in, the published JSON document out."""

from __future__ import annotations

from entra_config.report.document import (
    Place,
    TestEditsPart,
    TestFailurePart,
    TestNote,
    TestResult,
    TestsDocument,
)
from entra_config.report.json import published
from entra_config.testing import edits
from entra_config.testing.results import Result, Results


def render(results: Results) -> str:
    """Return the results as JSON: ASCII only, so that no name reaches a terminal raw."""
    return published(document(results))


def document(results: Results) -> TestsDocument:
    """Return the results as the published document."""
    return TestsDocument(
        version=2,
        kind="tests",
        project=results.project,
        tests=len(results.names),
        failed=len(results.failing),
        results=[_result(each) for each in results.results],
        notes=[TestNote(environment=environment, message=message) for environment, message in results.notes],
        edits=_edits(results.edits) if results.edits is not None else None,
    )


def _result(result: Result) -> TestResult:
    failures = [
        TestFailurePart(
            claim=each.claim,
            expected=each.expected,
            found=each.found,
            why=list(each.why),
            places=[*map(Place.of, each.places)],
        )
        for each in result.failures
    ]
    test = result.test
    return TestResult(
        name=test.name,
        environment=result.environment,
        position=Place.of(test.position),
        passes=result.passes,
        failures=failures,
    )


def _edits(found: edits.TestEdits) -> TestEditsPart:
    return TestEditsPart(
        removed=list(found.removed),
        changed=list(found.changed),
        added=list(found.added),
        read_error=found.read_error,
    )
