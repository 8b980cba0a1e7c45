"""The published reference of the commands."""

from __future__ import annotations

from entra_config.checks import limits
from entra_config.cli import main, manual, reference


def test_each_limit_is_explained() -> None:
    """Every word that `--allow` takes stands in the reference."""
    assert all(f"| `{word}` |" in reference.text() for word in limits.WORDS)


def test_the_manual_page_knows_each_command() -> None:
    """No line of its text begins as a request of roff."""
    page = manual.text()

    assert all(f".B {name}\n".replace("-", "\\-") in page for name in main.COMMANDS)
    requests = {line.split()[0] for line in page.splitlines() if line.startswith((".", "'"))}
    assert requests == {'.\\"', ".TH", ".SH", ".TP", ".B", ".I"}
