"""Stands in the copy that is mutated: which test runs which of the marked functions, and how long tests take.

A marked function calls `at` with its number, in the process of the tests and in the programs that they start;
as a plugin of pytest it writes down the seconds of each test.
"""

from __future__ import annotations

import os
import sys
from typing import Any

_seen: set[tuple[int, str]] = set()
_running = {"test": ""}


def at(number: int) -> None:
    """Write down that the running test runs a function; once for each. What a test has pytest run in its own
    process runs for it.
    """
    test, running = os.environ.get("PYTEST_CURRENT_TEST", ""), _running["test"]
    if test and running and test.rpartition(" ")[0] != running:
        test = f"{running} (call)"
    if (number, test) in _seen or "MUTATION_REACHED" not in os.environ:
        return
    _seen.add((number, test))
    program = "" if "_pytest" in sys.modules else "program"
    _write(f"{number}\t{program}\t{test}\n")


def pytest_runtest_logstart(nodeid: str) -> None:
    """Remember which test runs: this plugin hears of no test that a test has pytest run."""
    _running["test"] = nodeid


def pytest_runtest_logreport(report: Any) -> None:
    """Write down how long a test took, in the process that hears of all of them."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _write(f"\t{report.outcome} {report.duration:.3f}\t{report.nodeid}\n")


def _write(line: str) -> None:
    # One write to a file that is only appended to: the lines of several processes do not mix.
    file = os.open(os.environ["MUTATION_REACHED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(file, line.encode())
    finally:
        os.close(file)
