"""What a finding is known by."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entra_config.errors import Position
from entra_config.lint.model import LintFinding

FOUND = LintFinding("a-rule", "W", "high", "regular", "Words.", "Help.", None, "app", "thing", ("dev",))


@pytest.mark.parametrize(
    ("found", "identity"),
    [
        (FOUND, "a-rule|app|thing|manifest"),
        (replace(FOUND, what=""), "a-rule|app|Words.|manifest"),
        (replace(FOUND, live=True, position=Position("m.yaml", 9)), "a-rule|app|thing|live"),
    ],
)
def test_a_finding_is_known_by_what_stays_while_lines_move(found: LintFinding, identity: str) -> None:
    """Hold that it is the thing, or the words where it names none, and which side it was found on."""
    assert found.identity == identity
