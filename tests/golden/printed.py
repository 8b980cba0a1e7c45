"""Yield what needs no tenant: the help of every command, every schema, the generated pages."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from entra_config.apply import messages
from entra_config.checks import page as checks_page
from entra_config.cli import main, manual, outcomes, reference
from entra_config.lint import page as lint_page
from entra_config.manifest.published import reference as manifest_reference
from entra_config.report import risk_page, schemas
from entra_config.testing import reference as tests_reference
from entra_emulator.cli import main as emulator
from tests.golden.commands import Place

PRINTED = {
    "schema": ("schema",),
    "schema-tests": ("schema", "--tests"),
    "schema-fleet": ("schema", "--fleet"),
    "completion-bash": ("completion", "bash"),
    "completion-fish": ("completion", "fish"),
    "completion-zsh": ("completion", "zsh"),
}


def files(_: str = "") -> Iterator[tuple[str, str]]:
    """Yield the help of every command of both programs, the schemas of all documents, and the pages made of
    the code.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        for words in _commands():
            yield f"help/{'-'.join(words) or 'entra-config'}.txt", place.run(*words, "--help")
        for words in _below((), typer.main.get_command(emulator.app)):
            yield f"help/{'-'.join(('entra-emulator', *words))}.txt", place.run_emulator(*words, "--help")
        for name, words in PRINTED.items():
            yield f"printed/{name}.txt", place.run(*words)
    for name in schemas.DOCUMENTS:
        yield f"schemas/{name}.json", json.dumps(schemas.build(name), indent=2) + "\n"
    for name, text in {
        "checks/README.md": checks_page.text(),
        **{f"checks/{name}.md": checks_page.page(name) for name in checks_page.PAGES},
        "cli/README.md": reference.text(),
        **{f"cli/{name}.md": reference.page(name) for name in main.COMMANDS},
        "entra-config.1": manual.text(),
        "lint/README.md": lint_page.text(),
        **{f"lint/{name}.md": lint_page.page(name) for name in lint_page.PAGES},
        "manifest/README.md": manifest_reference.text(),
        **{f"manifest/{name}.md": manifest_reference.page(name) for name in manifest_reference.names()},
        "messages.md": "\n".join(messages.page()),
        "outcomes.md": outcomes.text(),
        "risk.md": risk_page.text(),
        "tests.md": tests_reference.text(),
    }.items():
        # Its second line names the module that makes it.
        yield (
            f"docs/{name}",
            "".join(line for line in text.splitlines(keepends=True) if "Made by" not in line),
        )


def _commands() -> Iterator[tuple[str, ...]]:
    yield ()
    for name in main.COMMANDS:
        yield from _below((name,), main.load(name))


def _below(words: tuple[str, ...], command: Any) -> Iterator[tuple[str, ...]]:
    yield words
    for name, each in getattr(command, "commands", {}).items():
        yield from _below((*words, name), each)
