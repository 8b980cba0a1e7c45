"""docs/lint/ is made of the rules."""

from __future__ import annotations

from entra_config.lint import page, table


def test_each_rule_has_its_part_of_the_page() -> None:
    """Each placeholder of the prose is filled, and the index links to each page and each rule."""
    text = page.text()
    pages = {name: page.page(name) for name in page.PAGES}

    for rule in table.built_in():
        assert [name for name in pages if f"\n## {rule}\n" in pages[name]] == [page.find_page(rule)]
        assert f"]({page.find_page(rule)}.md#{rule})" in text
    assert all(f"]({name}.md)" in text for name in pages)
    assert "<!-- " not in text.partition("-->")[2]
