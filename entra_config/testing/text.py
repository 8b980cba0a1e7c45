"""Results of access tests in, styled lines for a terminal out."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.report import escape
from entra_config.report.lines import Line, line, signed
from entra_config.testing import places
from entra_config.testing.edits import TestEdits
from entra_config.testing.results import Failure, Result, Results


def render(results: Results, *, verbose: bool = False) -> list[Line]:
    """Return what failed, with reasons and lines of the manifest, and how many pass; `verbose` names those
    that pass too.
    """
    found: list[Line] = [*_edited(results.edits)] if results.edits else []
    for result in results.results:
        if not result.passes:
            found += _failed(result)
        elif verbose:
            found.append(line(("  pass  ", "green"), escape.text(_name(result)), right=result.test.position))
    for environment, message in results.notes if results.failed else ():
        found += [
            line(("  note  ", "yellow"), escape.text(f"{environment}: {each}"))
            for each in message.splitlines()
        ]
    return [*found, line((summary(results), "bold red" if results.failed else "bold green"))]


def summary(results: Results) -> str:
    """Return how many tests pass, in one sentence. A test that fails in one environment fails; if it fails in
    several, the number of failures that are listed is added.
    """
    count, failing, failures = len(results.names), len(results.failing), len(results.failed)
    environments = list(dict.fromkeys(result.environment for result in results.results))
    if not count:
        return "no access tests"
    where = f" in {' and '.join(environments)}"
    if not failing:
        return f"{_tests(count)} {'passes' if count == 1 else 'pass'}{where}"
    reported = f"{failing} of {_tests(count)} {'fails' if failing == 1 else 'fail'}{where}"
    return reported if failures == failing else f"{reported}, with {failures} failures"


def _edited(edits: TestEdits) -> Iterator[Line]:
    """Return which tests a change removes, changes and adds."""
    for sign, verb, names in (
        ("-", "removed", edits.removed),
        ("~", "changed", edits.changed),
        ("+", "added", edits.added),
    ):
        yield from (signed(2, sign, escape.text(f"{verb}: {name}")) for name in names)
    if edits.read_error:
        yield signed(2, "!", escape.text(f"the tests that were there cannot be read: {edits.read_error}"))


def _tests(count: int) -> str:
    return f"{count} access test{'' if count == 1 else 's'}"


def _failed(result: Result) -> Iterator[Line]:
    yield line(("  FAIL  ", "bold red"), (escape.text(_name(result)), "bold"), right=result.test.position)
    for failure in result.failures:
        yield from _missed(failure)
    yield line()


def _missed(failure: Failure) -> Iterator[Line]:
    yield line("        ", (escape.text(reported(failure)), "red"))
    for reason in failure.why if failure.claim != "test" else ():
        yield line("          ", escape.text(reason))
    where = places.lines(failure.places)
    if where:
        first, *others = map(escape.text, where)
        beside = f", or {', '.join(others)}" if others else ""
        yield line("          ", (f"change {first}{beside}", "cyan"))


def reported(failure: Failure) -> str:
    """Return what is not as expected in one sentence."""
    if failure.claim == "test":
        return " ".join(failure.why)
    if failure.claim == "refused":
        return f"expected {failure.expected}, got {failure.found}"
    return f"{failure.claim}: expected {failure.expected}, the token has {failure.found}"


def _name(result: Result) -> str:
    return f"{result.test.name} ({result.environment})"
