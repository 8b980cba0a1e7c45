"""Results of access tests in, annotations of GitHub's workflow commands out: one for each claim, at the
line that decides it.
"""

from __future__ import annotations

from entra_config.report import escape
from entra_config.testing import text
from entra_config.testing.results import Failure, Result, Results


def render(results: Results) -> str:
    """Return an error for each claim that is missed; of what passes, nothing."""
    return "".join(f"{_error(result, failure)}\n" for result in results.failed for failure in result.failures)


def _error(result: Result, failure: Failure) -> str:
    where = failure.places[0] if failure.places else result.test.position
    why = " ".join(failure.why) if failure.claim != "test" else ""
    reported = f"{result.test.name}: {text.reported(failure)}. {why}".rstrip()
    title = f"access test in {result.environment}"
    return escape.workflow_command(
        "error", f"{reported}{where.of_item}", file=where.file, line=where.line, col=where.column, title=title
    )
