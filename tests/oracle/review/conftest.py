"""A story of a review that begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.review.story import Story


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """Return a story that begins."""
    return Story(tmp_path)
