"""`entra-config lint`: check the manifest against the rules of docs/lint/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entra_config.cli import formats, wiring
from entra_config.cli.options import Common, ShardCommand

if TYPE_CHECKING:
    from entra_config.lint.model import Report, Rule
    from entra_config.lint.tenant import TenantReading
    from entra_config.manifest.model import Manifest

Severity = Literal["E", "W", "I"]
Persona = Literal["regular", "pedantic", "auditor"]


app = typer.Typer()


@app.command(cls=ShardCommand)
def command(
    context: typer.Context,
    *,
    min_severity: Annotated[
        Severity,
        typer.Option("--min-severity", help="Exit with 1 from this on: E error, W warning, I information."),
    ] = "W",
    persona: Annotated[
        Persona,
        typer.Option(
            "--persona", help="Who reads it: regular, pedantic, or auditor, who wants to see everything."
        ),
    ] = "regular",
    live: Annotated[
        bool,
        typer.Option(
            "--live", help="Read the tenant of one environment too; exit code 2 for what only the tenant has."
        ),
    ] = False,
    resolve: Annotated[
        bool,
        typer.Option(
            "--resolve", help="Look the hosts of redirect URIs up: one that nobody has is a finding."
        ),
    ] = False,
    form: formats.LintFormat = "text",
    fix: Annotated[
        bool, typer.Option("--fix", help="Show the safe edits as a diff, make them, and lint again.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --fix: show the edits, write nothing.")
    ] = False,
) -> int:
    """Check the manifest for risks, by the rules of docs/lint/; without -e in all environments. Exit code 1
    when one is broken.
    """
    from entra_config.lint import plugins

    common = Common.of(context)
    rules = plugins.every()
    with wiring.annotate_problems(common.output, form=form):
        report = held(common, rules, persona, live=live, resolve=resolve)
        if fix and _mend(common, report, dry_run=dry_run, talk=form != "text"):
            report = held(common, rules, persona, live=live, resolve=resolve)
    formats.write(common.output, formats.LINT, form, formats.LintReport(common, report, rules, min_severity))
    return exit_code(report, min_severity)


def exit_code(report: Report, least: Severity) -> int:
    """Return 1 where the manifest has findings from the least severity on, 2 where only the tenant has,
    else 0.
    """
    counted = report.at_least(least)
    return 0 if not counted else 2 if all(each.live for each in counted) else 1


def held(common: Common, rules: Mapping[str, Rule], persona: Persona, *, live: bool, resolve: bool) -> Report:
    """Hold the manifest against the rules, in the environments that were asked for."""
    from entra_config.lint import model, run
    from entra_config.manifest import loader

    loaded = loader.loaded(common.manifest, shard=wiring.shard(common), known=common.loaded)
    every = tuple(each.manifest.environment for each in loaded)
    one = live or common.environment is not None or common.tenant is not None
    chosen = (wiring.environment(common),) if one else every
    read = {
        each.manifest.environment: wiring.run(_read(common, each.manifest))
        for each in loaded
        if live and each.manifest.environment in chosen
    }
    request = model.LintRequest(rules, wiring.now(), chosen, persona)
    if not resolve:
        return run.run(loaded, request, read)
    from entra_config.lint import hosts

    names, unknown = hosts.resolved(run.hosts(loaded, request, read))
    report = run.run(loaded, replace(request, hosts=names), read)
    return replace(report, not_read=(*report.not_read, *(f"whether {name} resolves" for name in unknown)))


async def _read(common: Common, manifest: Manifest) -> TenantReading:
    from entra_config.lint import tenant

    async with wiring.graph(common, manifest.tenant_id) as graph:
        with wiring.reported(graph, common):
            return await tenant.read(graph, manifest)


def _mend(common: Common, report: Report, *, dry_run: bool, talk: bool) -> bool:
    """Show what can be edited safely, write it unless told not to, and tell whether anything was written."""
    from entra_config.lint.mend import mend
    from entra_config.report.lines import diffed

    edit, mended = mend(common.manifest, report.findings)
    common.output.lines([diffed(each) for each in edit.diff.splitlines()], talk=talk)
    left = sum(bool(each.fix) for each in report.findings) - len(mended)
    if left:
        common.output.say(
            f"{left} more could be mended, but stand elsewhere than they are found: by hand", "yellow"
        )
    if dry_run or not edit.after:
        return False
    edit.write()
    common.output.say(f"written: {', '.join(map(str, sorted(edit.after)))}")
    return True
