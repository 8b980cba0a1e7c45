"""The published reference of the commands."""

from __future__ import annotations

import re

from entra_config.checks import limits
from entra_config.cli import main, manual, outcomes, reference
from entra_config.errors import EXIT_CODES, EntraConfigError


def test_each_limit_is_explained() -> None:
    """Every word that `--allow` takes stands in the reference."""
    assert all(f"| `{word}` |" in reference.text() for word in limits.WORDS)


def test_the_index_links_to_a_page_for_each_command() -> None:
    """Whose first heading is its name, and which has a heading for each command below it."""
    for name, (_, about) in main.COMMANDS.items():
        assert f"| [`{name}`]({name}.md) | {about} |" in reference.text()
        page = reference.page(name)
        assert page.startswith(f"# entra-config {name}\n")
        assert page.count("```text\n") == len(re.findall(r"^#+ entra-config ", page, re.MULTILINE))
    assert "\n### entra-config app-role rename\n" not in reference.page("app-role")
    assert "\n## entra-config app-role rename\n" in reference.page("app-role")


def test_the_manual_page_knows_each_command() -> None:
    """No line of its text begins as a request of roff."""
    page = manual.text()

    assert all(f".B {name}\n".replace("-", "\\-") in page for name in main.COMMANDS)
    requests = {line.split()[0] for line in page.splitlines() if line.startswith((".", "'"))}
    assert requests == {'.\\"', ".TH", ".SH", ".TP", ".B", ".I"}


def test_each_exit_code_is_explained_wherever_it_is_printed() -> None:
    """In the reference, in the manual page and on the page about outcomes; each code of an error is there."""

    def codes(error: type[EntraConfigError]) -> set[int]:
        return {error.exit_code}.union(*(codes(kind) for kind in error.__subclasses__()))

    assert codes(EntraConfigError) <= EXIT_CODES.keys()
    for code, words in EXIT_CODES.items():
        assert f"| {code} | {words} |" in reference.text()
        assert f"| {code} | {words} |" in outcomes.text()
        assert f".B {code}\n" in manual.text()
