"""A plugin of pytest that takes away the rule of one switch (`DEFECT_SWITCH`) while all tests run."""

from __future__ import annotations

import os
from contextlib import ExitStack

from tests.defects.rows import SWITCHES, find_switch
from tests.oracle.switching import taken_out

_without = ExitStack()


def pytest_collection_finish() -> None:
    """Take the rule away once everything is imported, as the oracle itself does."""
    name = os.environ["DEFECT_SWITCH"]
    _without.enter_context(taken_out(find_switch(name).off, SWITCHES[name.partition(":")[0]]))


def pytest_sessionfinish() -> None:
    """Put the rule back."""
    _without.close()
