"""docs/checks/ is made of the rules."""

from __future__ import annotations

from entra_config.checks import page, table


def test_each_rule_has_its_part_of_the_page() -> None:
    """Each placeholder of the prose is filled, each rule has a sentence, and the index links to each page."""
    text = page.text()
    pages = {name: page.page(name) for name in page.PAGES}

    for _, stage in table.STAGES.values():
        for rule in (rule for _, rules in stage for rule in rules):
            assert [name for name in pages if f"\n## {rule.id}\n\n" in pages[name]] == [
                rule.check.__module__.rpartition(".")[2].replace("_", "-")
            ]
    assert all(f"]({name}.md)" in text for name in pages)
    assert "<!-- " not in text.partition("-->")[2]
    assert "| . |" not in text
