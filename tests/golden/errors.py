"""Run the unit tests of what people write and yield the errors of each broken file, with place and text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.golden.running import ROOT, recorded

# A test that reads broken manifests, sinks, fleet files, lock files or access tests names one of these.
_ABOUT_ERRORS = re.compile(r"\bManifestError\b|\bproblems: \w+")


def files(only: str = "") -> Iterator[tuple[str, str]]:
    """Yield a file for each test with an error whose name has `only` in it."""
    # What is drawn is not the same after a change.
    modules = (path for path in sorted((ROOT / "tests/unit").rglob("test_*.py")) if "fuzz" not in path.name)
    tests = [path for path in modules if _ABOUT_ERRORS.search(path.read_text(encoding="utf-8"))]
    return recorded("noting", [path.relative_to(ROOT).as_posix() for path in tests], only)
