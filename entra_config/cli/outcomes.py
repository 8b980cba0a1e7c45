"""Write the page about outcomes and exit codes, docs/outcomes.md."""

from __future__ import annotations

from importlib import resources

from entra_config.cli import reference


def text() -> str:
    """Return the page: the prose of outcomes.md with the table of exit codes."""
    prose = resources.files("entra_config.cli").joinpath("outcomes.md").read_text(encoding="utf-8")
    return prose.replace("<!-- exit codes -->", reference.exit_codes())
