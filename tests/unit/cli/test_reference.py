"""The published reference of the commands."""

from __future__ import annotations

from entra_config.checks import limits
from entra_config.cli import main, manual, reference
from tests.unit.cli.ran import ROOT


def test_the_published_reference_is_current() -> None:
    """docs/cli.md is what the commands say of themselves."""
    assert (ROOT / "docs/cli.md").read_text() == reference.text()


def test_each_limit_is_explained() -> None:
    """Every word that `--allow` takes stands in the reference."""
    assert all(f"| `{word}` |" in reference.text() for word in limits.WORDS)


def test_the_manual_page_is_current_and_knows_each_command() -> None:
    """docs/entra-config.1 is what the program says of itself; no line of text begins as a request of roff."""
    page = (ROOT / "docs/entra-config.1").read_text()

    assert page == manual.text()
    assert all(f".B {name}\n".replace("-", "\\-") in page for name in main.COMMANDS)
    requests = {line.split()[0] for line in page.splitlines() if line.startswith((".", "'"))}
    assert requests == {'.\\"', ".TH", ".SH", ".TP", ".B", ".I"}
