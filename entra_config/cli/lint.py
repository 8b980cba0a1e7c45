"""`entra-config lint`: the manifest held against the rules of docs/lint.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entra_config.cli import annotated, wiring
from entra_config.cli.app_role import diff_line
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
    fix: Annotated[bool, typer.Option("--fix", help="Show the safe edits as a diff, make them, and lint again.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --fix: show the edits, write nothing.")] = False,
) -> int:
    """Hold the manifest against the rules of docs/lint.md; without -e in all environments. Exit code 1 when one is broken."""
    from entra_config.lint import plugins

    rules = plugins.every()
    with annotated.problems(common.output, form=form):
        report = _lint(common, rules, persona)
        if fix and _mend(common, report, dry_run=dry_run, talk=form != "text"):
            report = _lint(common, rules, persona)
    _show(common, report, rules, form, min_severity)
    return 1 if report.at_least(min_severity) else 0


def _lint(common: Common, rules: Mapping[str, Rule], persona: Persona) -> Report:
    from entra_config.lint import model, run
    from entra_config.manifest import loader
    from entra_config.manifest.environments import environment

    loaded = loader.loaded(common.manifest)
    every = tuple(each.manifest.environment for each in loaded)
    chosen = every if common.environment is None else (environment.choose(loaded[0].source, common.environment),)
    return run.run(loaded, model.Asked(rules, wiring.now(), chosen, persona))


def _mend(common: Common, report: Report, *, dry_run: bool, talk: bool) -> bool:
    """Show what can be edited safely, write it unless told not to, and tell whether anything was written."""
    from entra_config.lint.mend import mend

    edit, mended = mend(common.manifest, report.findings)
    common.output.lines([diff_line(each) for each in edit.diff.splitlines()], talk=talk)
    left = sum(bool(each.fix) for each in report.findings) - len(mended)
    if left:
        common.output.say(f"{left} more could be mended, but stand elsewhere than they are found: by hand", "yellow")
    if dry_run or not edit.after:
        return False
    edit.write()
    common.output.say(f"written: {', '.join(map(str, sorted(edit.after)))}")
    return True


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
