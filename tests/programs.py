"""What a program that a test starts finds in its environment."""

from __future__ import annotations

import os


def unmeasured() -> dict[str, str]:
    """Return this environment without what measures coverage in programs: that imports modules before a
    planted one can stand in their place.
    """
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
