"""What `lint` does around its rules: which code it ends with, what it mends, and which hosts it looks up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.cli import lint
from entra_config.errors import Position
from entra_config.lint.model import LintFinding, Report

FINDING = LintFinding("r", "W", "high", "regular", "m", "h", Position("a.yaml", 1), "web", "", ("dev",))


def report(*findings: LintFinding) -> Report:
    """Return a report."""
    return Report("myapp", ("dev",), findings)


@pytest.mark.parametrize(
    ("findings", "least", "code"),
    [
        ((), "I", 0),
        ((FINDING,), "W", 1),
        ((FINDING,), "E", 0),
        ((FINDING,), "I", 1),
        ((replace(FINDING, severity="I"),), "W", 0),
        ((replace(FINDING, live=True),), "W", 2),
        ((replace(FINDING, live=True), FINDING), "W", 1),
        ((replace(FINDING, live=True), replace(FINDING, severity="I")), "W", 2),
    ],
)
def test_what_only_the_tenant_has_is_code_2(findings: Any, least: Any, code: int) -> None:
    """From the least severity on; what the manifest has is 1."""
    assert lint.exit_code(report(*findings), least) == code
