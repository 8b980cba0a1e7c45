"""`entra-config lint`: the manifest held against the rules of docs/lint.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entra_config.cli import annotated, wiring
from entra_config.cli.options import Common, offline

if TYPE_CHECKING:
    from entra_config.lint.model import Report, Rule

Severity = Literal["E", "W", "I"]
Persona = Literal["regular", "pedantic", "auditor"]
Format = Literal["text", "json", "sarif", "github", "junit"]


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
    form: Annotated[Format, typer.Option("--format", help="How it is written on stdout.")] = "text",
) -> int:
    """Hold the manifest against the rules of docs/lint.md; without -e in all environments. Exit code 1 when one is broken."""
    from entra_config.lint import model, run, table
    from entra_config.manifest import loader
    from entra_config.manifest.environments import environment

    with annotated.problems(common.output, form=form):
        loaded = loader.loaded(common.manifest)
        every = tuple(each.manifest.environment for each in loaded)
        chosen = every if common.environment is None else (environment.choose(loaded[0].source, common.environment),)
        rules = table.built_in()
        report = run.run(loaded, model.Asked(rules, wiring.now(), chosen, persona))
    _show(common, report, rules, form, min_severity)
    return 1 if report.at_least(min_severity) else 0


def _show(common: Common, report: Report, rules: Mapping[str, Rule], form: Format, least: Severity) -> None:
    from entra_config.manifest.environments import source
    from entra_config.report import github, lint_json, lint_junit, lint_sarif, lint_text

    match form:
        case "text":
            common.output.lines(lint_text.lines(report, source.texts(common.manifest)))
        case "json":
            common.output.data(lint_json.render(report))
        case "sarif":
            root = wiring.root_file(common.manifest).as_posix()
            common.output.data(lint_sarif.render(report, rules, root=root))
        case "github":
            common.output.data(github.lint(report))
        case "junit":
            common.output.data(lint_junit.render(report, rules, least))
