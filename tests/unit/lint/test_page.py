"""docs/lint.md is made of the rules."""

from __future__ import annotations

from entra_config.lint import page, table


def test_each_rule_has_its_part_of_the_page() -> None:
    """Each placeholder of the prose is filled."""
    text = page.text()

    assert all(f"\n### {name}\n" in text for name in table.built_in())
    assert "<!-- " not in text.partition("-->")[2]
