"""Results of access tests in, the XML that CI servers read as JUnit's out."""

from __future__ import annotations

from entra_config.report import junit
from entra_config.testing import places, text
from entra_config.testing.results import Result, Results


def render(results: Results) -> str:
    """Return a suite for each environment, a case for each test; what is missed is a failure, with reasons
    and lines.
    """
    suites: dict[str, list[junit.Case]] = {}
    for result in results.results:
        name = f"{results.project}/{result.environment}"
        suites.setdefault(name, []).append(_case(name, result))
    return junit.render(suites)


def _case(owner: str, result: Result) -> junit.Case:
    message = "; ".join(text.reported(failure) for failure in result.failures)
    lines = [
        line
        for failure in result.failures
        for line in (text.reported(failure), *failure.why, *places.lines(failure.places))
    ]
    failure = "" if result.passes else message
    return junit.Case(
        owner, result.test.name, failure, "\n".join(lines), type="AccessTest", position=result.test.position
    )
