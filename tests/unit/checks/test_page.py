"""docs/checks.md is made of the rules."""

from __future__ import annotations

from entra_config.checks import page, table


def test_each_rule_has_its_part_of_the_page() -> None:
    """Each placeholder of the prose is filled, and each rule has a sentence."""
    text = page.text()

    for _, stage in table.STAGES.values():
        assert all(f"\n### {rule.id}\n\n" in text for _, rules in stage for rule in rules)
    assert "<!-- " not in text.partition("-->")[2]
    assert "| . |" not in text
