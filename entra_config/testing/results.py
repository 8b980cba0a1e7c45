"""What came of tests: which claims were missed, why, and which lines of the manifest decide them."""

from __future__ import annotations

from dataclasses import dataclass

from entra_config.errors import Position
from entra_config.testing.edits import TestEdits
from entra_config.testing.model import AccessTest


@dataclass(frozen=True, slots=True)
class Failure:
    """One claim that is not as a test says; `claim` is `refused`, `test` for a test that cannot be run, or a
    claim's name.

    `places` are the lines of the manifest that decide it, the likeliest first.
    """

    claim: str
    expected: str
    found: str
    why: tuple[str, ...] = ()
    places: tuple[Position, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A test in one environment: it passes where nothing is missed."""

    environment: str
    test: AccessTest
    failures: tuple[Failure, ...] = ()

    @property
    def passes(self) -> bool:
        """Tell whether the tokens are as the test says."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class Results:
    """All tests in all environments asked for.

    `notes` are what the plan of an environment left out; `edits` what a change does to the tests, where that
    was asked.
    """

    project: str
    results: tuple[Result, ...]
    notes: tuple[tuple[str, str], ...] = ()
    edits: TestEdits | None = None

    @property
    def names(self) -> frozenset[str]:
        """Return the tests that ran: one that runs in several environments is one."""
        return frozenset(result.test.name for result in self.results)

    @property
    def failing(self) -> frozenset[str]:
        """Return the tests that fail in one environment at least."""
        return frozenset(result.test.name for result in self.failed)

    @property
    def failed(self) -> tuple[Result, ...]:
        """Return the results that do not pass."""
        return tuple(each for each in self.results if not each.passes)
