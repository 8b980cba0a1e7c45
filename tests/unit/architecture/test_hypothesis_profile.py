"""One profile of Hypothesis holds for every suite."""

from __future__ import annotations

import os
import re
from pathlib import Path

import hypothesis

from tests.unit.architecture.sources import ROOT, WRITTEN


def test_one_profile_of_hypothesis_is_loaded_by_every_suite() -> None:
    """At the top, where each suite that runs alone finds it; no test has a deadline of its own, or none."""
    made = re.compile(r"\b(?:deadline[=]|(?:register|load)_profile\()")
    tops = [ROOT / top for top in (*WRITTEN, "tests")]
    files = [*ROOT.glob("*.py"), *(file for top in tops for file in top.rglob("*.py"))]
    places = {
        path.relative_to(ROOT)
        for path in files
        if not {".venv", "node_modules"} & set(path.parts) and made.search(path.read_text(encoding="utf-8"))
    }

    assert places == {Path("conftest.py")}
    profile = hypothesis.settings()
    assert (profile.deadline, profile.database, profile.derandomize) == (
        None,
        None,
        not os.environ.get("TESTS_SOAK"),
    )
