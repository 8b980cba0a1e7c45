"""Where places end on a terminal."""

from __future__ import annotations

import pytest

from entra_config.report.lines import Line, edge


@pytest.mark.parametrize(
    ("lines", "width", "columns", "ends"),
    [
        ([], 80, 120, 80),
        ([], 80, 40, 40),
        ([("x" * 70, "a.yaml:1")], 80, 120, 80),
        ([("x" * 90, "a.yaml:1")], 80, 120, 100),
        ([("x" * 90, "a.yaml:1")], 80, 100, 100),  # it has just room
        ([("x" * 91, "a.yaml:1")], 80, 100, 80),  # it has none, and decides nothing
        ([("x" * 98, "")], 80, 120, 80),
        ([("x" * 85, "a.yaml:1"), ("x" * 88, "a.yaml:1"), ("x" * 130, "a.yaml:1")], 80, 120, 98),
    ],
)
def test_the_longest_line_that_has_room_decides(
    lines: list[tuple[str, str]], width: int, columns: int, ends: int
) -> None:
    """Two columns are left between a line and its place; what has no room is no measure."""
    assert edge([Line(((text, ""),), right) for text, right in lines], width, columns) == ends
