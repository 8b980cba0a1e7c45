"""`entra-config lint`: the manifest held against the rules of docs/lint.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entra_config.cli import wiring
from entra_config.cli.options import Common, offline

if TYPE_CHECKING:
    from entra_config.lint.model import Report

Severity = Literal["E", "W", "I"]
Persona = Literal["regular", "pedantic", "auditor"]


@offline
def command(
    common: Common,
    *,
    min_severity: Annotated[
        Severity, typer.Option("--min-severity", help="Exit with 1 from this on: E error, W warning, I information.")
    ] = "W",
    persona: Annotated[
        Persona, typer.Option("--persona", help="Who reads it: regular, pedantic, or auditor, who wants to see everything.")
    ] = "regular",
) -> int:
    """Hold the manifest against the rules of docs/lint.md; without -e in all environments. Exit code 1 when one is broken."""
    from entra_config.lint import run, table
    from entra_config.manifest import loader
    from entra_config.manifest.environments import environment, source
    from entra_config.report import lint_text

    loaded = loader.loaded(common.manifest)
    every = tuple(each.manifest.environment for each in loaded)
    if common.environment is not None:
        environment.choose(loaded[0].source, common.environment)
    chosen = (common.environment,) if common.environment is not None else every
    asked = run.Asked(table.built_in(), wiring.now(), chosen, persona)
    report: Report = run.run(loaded, asked)
    common.output.lines(lint_text.lines(report, source.texts(common.manifest)))
    return 1 if report.at_least(min_severity) else 0
