"""What is made of the code is what the code makes today."""

from __future__ import annotations

import pytest

from tools import generated


@pytest.mark.parametrize("name", generated.FILES)
def test_a_generated_file_is_current(name: str) -> None:
    """`make generated` would leave each file as it is."""
    path = generated.ROOT / name
    is_current = path.is_file() and path.read_text(encoding="utf-8") == generated.FILES[name]()

    assert is_current, f"{name} is stale. Write it again: make generated"
