"""Whoever silences a checker says why, and what is silenced is named."""

from __future__ import annotations

import re

from tests.unit.architecture.contracts import CHECKERS
from tests.unit.architecture.sources import PACKAGES, ROOT

SUPPRESSED = re.compile(
    r"#\s*(?:noqa(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?|type:\s*ignore(?:\[[\w, "
    r"-]+\])?|nosec\b|pragma:\s*no cover)(?P<reason>.*)"
)
REASON = re.compile(r"  # [^\s#(]\S* ?\S{2,}")
SEARCHED = (*PACKAGES, "api", "dev", "tools", "tests", "examples", ".github", ".gitlab")


def test_whoever_silences_a_checker_says_why() -> None:
    """Behind each `noqa`, `type: ignore` and the like stands ` # reason`; nothing is switched off for a
    whole file.
    """
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in SEARCHED
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not {".venv", "node_modules"} & set(path.parts)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := SUPPRESSED.search(line)) and not REASON.match(found["reason"])
    ]

    assert bare == []


def test_what_vulture_passes_over_is_named() -> None:
    """Each name once, and none by its ending: a dead function that is called alike would hide behind it."""
    names = CHECKERS["vulture"]["ignore_names"]

    assert len(names) == len(set(names))
    assert [name for name in names if "*" in name] == ["pytest_*"]
