"""`entra-config plan`: what would change in the tenant, and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.cli import completing, formats, making, wiring
from entra_config.cli.options import Common, ShardCommand
from entra_config.errors import EntraConfigError
from entra_config.plan.options import Options

if TYPE_CHECKING:
    from datetime import datetime

    from entra_config.graph.client import Graph
    from entra_config.manifest.model import Manifest
    from entra_config.plan.model import Plan
    from entra_config.testing.results import Results

Allow = Annotated[
    list[str] | None,
    typer.Option(
        "--allow",
        metavar="WORD",
        autocompletion=completing.words,
        envvar="ENTRA_CONFIG_ALLOW",
        help="Lift a limit: many, last, delete, restore, used, dangerous, takeover, sink, unseen.",
    ),
]
Target = Annotated[
    list[str] | None,
    typer.Option(
        "--target",
        metavar="ADDRESS",
        autocompletion=completing.addresses,
        help="Only this address, such as application.api, and what it needs, also to be safe.",
    ),
]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict",
        help="Refuse what the tenant's own policies, quota or licences will refuse, instead of a warning.",
    ),
]
PurgeDeleted = Annotated[
    bool,
    typer.Option("--purge-deleted", help="Purge what was deleted and create anew, instead of restoring it."),
]


Base = Annotated[
    str | None,
    typer.Option(
        "--base",
        metavar="REF",
        help=(
            "Tell which pins and guards this manifest edits: since a git revision, or beside a manifest "
            "in another folder."
        ),
    ),
]


At = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="TIME",
        help="Plan for this time (ISO 8601), not for now: it decides which `until` is over.",
    ),
]
Expired = Annotated[
    bool,
    typer.Option("--expired", help="Only take away what is over by its `until`; `many` is never lifted."),
]


Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Save the plan, for `apply FILE`.")]
Detailed = Annotated[bool, typer.Option("--detailed-exitcode", help="Exit with 2 when changes are pending.")]
ShowRequests = Annotated[
    bool, typer.Option("--show-requests", help="List the requests that apply would send.")
]
Tests = Annotated[
    bool,
    typer.Option(
        "--tests", help="Run the access tests too; one that fails is exit code 1, and --base tells its edits."
    ),
]
Names = Annotated[bool, typer.Option("--names", help="Name people in Markdown and annotations too.")]


app = typer.Typer()


@app.command(cls=ShardCommand)
def command(
    context: typer.Context,
    *,
    base: Base = None,
    out: Out = None,
    form: formats.PlanFormat = "text",
    detailed_exitcode: Detailed = False,
    show_requests: ShowRequests = False,
    tests: Tests = False,
    names: Names = False,
    allow: Allow = None,
    target: Target = None,
    purge_deleted: PurgeDeleted = False,
    strict: Strict = False,
    at: At = None,
    expired: Expired = False,
) -> int:
    """Show what would change, and for whom."""
    common = Common.of(context)
    lifted = wiring.words(allow)
    with wiring.annotate_problems(common.output, form=form):
        options = Options(lifted, tuple(target or ()), purge_deleted, strict, expired)
        plan = wiring.run(make(common, options, base=base, at=at))
    if out is not None:
        from entra_config.apply import saved

        saved.write(out, plan, options)
        common.output.say(f"saved: {out}")
    found = tested(common, base) if tests else None
    report = formats.PlanReport(
        common,
        plan,
        show_requests=show_requests,
        names=names,
        tests=found,
        how=lambda: replace(making.made(context, common, plan.environment), options=options.words()),
        saved=str(out or ""),
    )
    formats.write(common.output, formats.PLAN, form, report)
    if form == "text" and plan.changes and not plan.blocked:
        show_next(common, plan, options, out)
    return exit_code(plan, detailed=detailed_exitcode, tests=found)


def show_next(common: Common, plan: Plan, options: Options, out: Path | None) -> None:
    """Say which command carries it out, and nothing else: of a saved plan, that very plan."""
    from entra_config.report.lines import line

    words = options.words() if out is None else (str(out), *Options(options.allow).words())
    shown = common.next("apply", "-e", plan.environment, *words, online=True)
    common.output.lines([line(("Next: ", "bold"), shown)])


def tested(common: Common, base: str | None) -> Results:
    """Run the access tests of the environment that is planned."""
    from entra_config.cli import testing

    return testing.run(replace(common, environment=wiring.environment(common)), [], base)


async def make(
    common: Common,
    options: Options,
    *,
    base: str | None = None,
    at: str | None = None,
    contents: Mapping[Path, str] = MappingProxyType({}),
    alike: bool = False,
) -> Plan:
    """Load, sign in, read and compare; `base` is what the edits of pins and guards are told against, `alike`
    in words that plans of many tenants share; `contents` stand in for what the disk has.
    """
    from entra_config.checks import lasting
    from entra_config.drift.edits import find_edits

    manifest = wiring.manifest(common, contents)
    moment = wiring.instant("--at", at) if at is not None else wiring.now()
    edits = None
    if base is not None:
        edits = find_edits(manifest, common.manifest, base, wiring.shard(common), alike=alike)
    async with wiring.graph(common, manifest.tenant_id) as graph:
        with wiring.reported(graph, common):
            plan = await compare(manifest, graph, replace(options, edits=edits), moment)
    return lasting.with_notices(plan, elsewhen=at is not None)


async def compare(manifest: Manifest, graph: Graph, options: Options, moment: datetime) -> Plan:
    """Read and compare; refuse a clock that is wrong where the manifest says until when something holds."""
    from entra_config import reconcile
    from entra_config.graph.clock import check_clock

    plan = await reconcile.plan(manifest, graph, options, now=moment)
    if plan.untils:
        check_clock(graph)
    return plan


def show(common: Common, plan: Plan, *, talk: bool = False) -> None:
    """Write a plan as text to stdout; `talk` puts it to stderr."""
    formats.write(common.output, formats.PLAN, "text", formats.PlanReport(common, plan), talk=talk)


def show_approved(common: Common, plan: Plan, *, talk: bool = False) -> None:
    """Write what must be said of a plan that was seen before: whose it is, what is refused, the counts."""
    from entra_config.report import text
    from entra_config.report.lines import line

    common.output.lines(
        [
            line((text.header(plan), "bold")),
            *text.remarks(plan.warnings, plan.refusals),
            *text.withheld(plan),
            *text.summary(plan),
        ],
        talk=talk,
    )


def exit_code(plan: Plan, *, detailed: bool, tests: Results | None = None) -> int:
    """Return 3 for a refusal, which wins over 1 for an access test that fails, and over 2 for changes and
    what is withheld.
    """
    if plan.refusals:
        return 3
    if tests is not None and tests.failed:
        return 1
    return 2 if detailed and not plan.empty else 0


def show_edited(common: Common, contents: Mapping[Path, str], *, wanted: bool | None) -> int:
    """Show what a plan would do with edited texts of a manifest, in each environment; `wanted` is None where
    nobody said whether to speak to a tenant.
    """
    from entra_config.manifest import loader

    fleets = loader.of_fleets(common.manifest)
    every = [name for name in loader.environments(common.manifest) if name not in fleets]
    for name in fleets:
        common.output.say(f"not planned for {name}: of a fleet; `fleet list` tells its tenants")
    names = [common.environment] if common.environment in every else every
    # Whoever names neither a cloud nor a credential may be on a train: editing a file must not wait for a
    # sign-in there.
    reachable = common.session is not None or common.cloud != "global" or common.credential is not None
    if wanted is False or not (wanted or reachable):
        why = (
            ""
            if wanted is False
            else "no tenant was named (--cloud, --credential, or --plan for the default sign-in); "
        )
        common.output.say(f"not planned: {why}see what it does by {_commands(common, names)}")
        return 0
    if not names:
        return 0
    missed = [name for name in names if not _show_one_edited(common, name, contents)]
    if missed:
        common.output.say(f"see what it does there by {_commands(common, missed)}")
    return 1 if missed and wanted else 0


def _show_one_edited(common: Common, name: str, contents: Mapping[Path, str]) -> bool:
    from entra_config.manifest import loader
    from entra_config.plan.model import Create

    try:
        made = wiring.run(_plan_edited(common, loader.load(common.manifest, name, contents=contents)))
    except EntraConfigError as error:
        # The edit stands by itself: a tenant that cannot be asked makes it no less written.
        common.output.say(f"not planned for {name}: {error}", "yellow")
        return False
    if made.changes and not made.unchanged and all(isinstance(each, Create) for each in made.changes):
        common.output.say(
            f"Nothing of {made.project}/{made.environment} is in this tenant yet, so the plan below creates "
            "all of it, not only this edit:"
        )
    show(common, made)
    return True


async def _plan_edited(common: Common, manifest: Manifest) -> Plan:
    from entra_config import reconcile

    async with wiring.graph(common, manifest.tenant_id) as graph:
        with wiring.reported(graph, common):
            return await reconcile.plan(manifest, graph, now=wiring.now())


def _commands(common: Common, names: list[str]) -> str:
    return ", ".join(f"`{common.next('plan', '-e', name, online=True)}`" for name in names)
