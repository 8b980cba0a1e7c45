"""Edits of files in any hand: CRLF, byte order marks, comments, anchors, braces, fences. Only the intended lines differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import seeds
from tests.unit.manifest.edits_in_place import tried

QUICK = 30


def _problems(numbers: list[int], folder: Path) -> list[str]:
    return [problem for number in numbers if (problem := tried(number, folder))]


def test_only_the_intended_lines_differ(folder: Path) -> None:
    """Line ends, byte order mark, comments and everybody else's lines stay, to the letter: thirty drawn files."""
    assert _problems(seeds.of("edits")[:QUICK], folder) == []


@pytest.mark.oracles
def test_only_the_intended_lines_differ_in_three_hundred(folder: Path) -> None:
    """The same, ten times as many."""
    assert _problems(seeds.of("edits"), folder) == []
