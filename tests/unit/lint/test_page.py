"""docs/lint.md is made of the rules, and is current."""

from __future__ import annotations

from pathlib import Path

from entra_config.lint import page, table

PAGE = Path(__file__).parents[3] / "docs/lint.md"


def test_the_page_is_current() -> None:
    """`python -m entra_config.lint.page > docs/lint.md` changes nothing, and each rule has its part."""
    text = page.text()

    assert PAGE.read_text(encoding="utf-8") == text
    assert all(f"\n### {name}\n" in text for name in table.built_in())
    assert "<!-- " not in text.partition("-->")[2]
