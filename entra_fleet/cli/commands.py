"""`entra-config fleet …`: one manifest in many tenants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.cli.options import FLEET, Common, FleetCommand, FleetOnlineCommand, TalkingCommand
from entra_config.cli.plan import Allow
from entra_config.errors import UsageError
from entra_fleet.cli import add, approve, check, doctor, github, lock, report, run

if TYPE_CHECKING:
    from entra_config.manifest.tenants.explaining import ExplainedValue
    from entra_config.manifest.tenants.model import Fleet
    from entra_config.manifest.tenants.shards import LoadedShard
    from entra_config.report.lines import Line
    from entra_fleet.report.document import FleetDocument
    from entra_fleet.run.deciding import Flags
    from entra_fleet.run.shard_choice import ShardChoice

app = typer.Typer(
    help="One manifest in many tenants: fleet.yaml says which, and what they have alike.",
    no_args_is_help=True,
)
app.command("run", cls=FleetOnlineCommand)(run.command)
app.command("report", cls=FleetCommand)(report.command)
app.command("add", cls=FleetCommand)(add.command)
app.command("approve", cls=FleetCommand)(approve.command)
app.command("lock", cls=FleetCommand)(lock.command)
app.command("doctor", cls=FleetOnlineCommand)(doctor.command)
app.command("github", cls=FleetCommand)(github.command)
app.command("check", cls=TalkingCommand)(check.command)

Tag = Annotated[
    list[str] | None, typer.Option("--tag", metavar="TAG", help="Only tenants that have one of these tags.")
]
ProjectName = Annotated[
    list[str] | None, typer.Option("--project", metavar="NAME", help="Only one of these projects.")
]
WaveNumber = Annotated[
    int | None, typer.Option("--wave", metavar="N", help="Only the shards of this wave, from 1.")
]
Chunks = Annotated[
    int | None,
    typer.Option("--chunks", metavar="N", min=1, help="Put them into at most so many chunks, by tenant."),
]
Chunk = Annotated[
    int | None, typer.Option("--chunk", metavar="K", min=1, help="Only the shards of this chunk.")
]


@app.command("list", cls=FleetCommand)
def list_command(
    context: typer.Context,
    *,
    tag: Tag = None,
    project: ProjectName = None,
    wave: WaveNumber = None,
    chunks: Chunks = None,
    chunk: Chunk = None,
    allow: Allow = None,
    base: report.Base = None,
    names: Annotated[bool, typer.Option("--names", help="The names alone, a line each.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As a JSON document.")] = False,
) -> int:
    """List the shards in order, with a hash of all that decides each; no tenant is asked."""
    from entra_config.cli import wiring
    from entra_fleet.run.deciding import Flags
    from entra_fleet.run.shard_choice import ShardChoice

    common = Common.of(context)
    if chunk is not None and chunks is None:
        raise UsageError("--chunk K needs --chunks N: of how many")
    flags = Flags(tuple(wiring.words(allow)))
    wanted = ShardChoice(frozenset(tag or ()), frozenset(project or ()), wave)
    found = document(common, wanted, flags, chunks, base)
    if chunk is not None:
        found = found.model_copy(update={"shards": [each for each in found.shards if each.chunk == chunk]})
    if as_json:
        common.output.data(found.model_dump_json(by_alias=True, indent=2) + "\n")
    elif names:
        common.output.data("".join(f"{each.name}\n" for each in found.shards))
    else:
        common.output.lines(_listed(found))
    for path in found.lock_files_without_tenant:
        common.output.say(
            f"{path}: the fleet has no such tenant: destroy its applications there first, release them, or "
            "delete the file",
            "yellow",
        )
    return 0


@app.command("explain", cls=FleetCommand)
def explain_command(
    context: typer.Context,
    shard: Annotated[str, typer.Argument(metavar="TENANT/PROJECT", help="One shard.")],
    path: Annotated[
        str, typer.Argument(metavar="[PATH]", help="Only what is at or below it: applications.api.notes.")
    ] = "",
) -> int:
    """Show each value of a shard with the place that said it, and what that replaced."""
    from entra_config.manifest.tenants import choosing, explaining, shards

    common = Common.of(context)
    read = fleet(common)
    one = shards.one(read, choosing.named(read, shard))
    prefix = tuple(filter(None, path.split(".")))
    found = list(explaining.explain(one, prefix))
    if not found:
        raise UsageError(f"`{path}`: {shard} says nothing there; try a shorter path, such as applications")
    common.output.lines(line for each in found for line in _explained(each))
    return 0


def fleet(common: Common) -> Fleet:
    """Read the fleet's files."""
    from entra_config.manifest.tenants import reading

    return reading.read(common.fleet or FLEET)


def document(
    common: Common, wanted: ShardChoice, flags: Flags, number: int | None, base: str | None
) -> FleetDocument:
    """Return the shards that are wanted, each with its hash; all of the fleet hold, or an error says it."""
    from entra_config.manifest.tenants import shards
    from entra_fleet.report.document import FleetDocument, FleetShardPart
    from entra_fleet.run import deciding, left, shard_choice

    read = fleet(common)
    loaded = shards.every(read)
    chosen = {each.shard.name for each in wanted.of(read)} - _unchanged(common, loaded, base)
    placed = [each.placed for each in loaded if each.placed.shard.name in chosen]
    chunk = shard_choice.chunks(placed, number) if number is not None and placed else {}
    tool = deciding.tool()
    parts = [
        FleetShardPart(
            name=each.placed.shard.name,
            tenant=each.placed.shard.tenant,
            tenant_id=each.placed.shard.tenant_id,
            project=each.placed.shard.project,
            owner=each.manifest.owner,
            wave=each.placed.wave,
            tags=sorted(each.placed.tags),
            chunk=chunk.get(each.placed.shard.name),
            hash=deciding.digest(each, flags, tool),
        )
        for each in loaded
        if each.placed.shard.name in chosen
    ]
    files = [path.as_posix() for path in left.lock_files(read)]
    numbers = sorted(set(chunk.values()))
    return FleetDocument(
        version=2, kind="fleet", tool=tool, shards=parts, chunks=numbers, lock_files_without_tenant=files
    )


def _unchanged(common: Common, loaded: list[LoadedShard], base: str | None) -> frozenset[str]:
    """Return the shards that are as they were; tell which are no more, as nobody plans anything there."""
    if base is None:
        return frozenset()
    from entra_config.drift import fleet_base
    from entra_fleet.run import unchanged

    assert common.fleet is not None  # the option has a default
    with fleet_base.at(common.fleet, base) as before:
        unchanged.report_missing(before, common.output)
        now = {each.placed.shard.name for each in loaded}
        for name in before.shards():
            if name not in now:
                common.output.say(f"{name}: was there at {base}; leaving a fleet removes nothing", "yellow")
        return unchanged.find_unchanged(before, loaded)


def _listed(found: FleetDocument) -> Iterator[Line]:
    from entra_config.report.lines import line, padded

    width = max((len(each.name) for each in found.shards), default=0) + 2
    for each in found.shards:
        where = f"wave {each.wave}" + (f", chunk {each.chunk}" if each.chunk is not None else "")
        tags = f"  {', '.join(each.tags)}" if each.tags else ""
        yield line(padded(each.name, width), padded(where, 20), (each.hash[:12], "dim"), tags)
    tenants = len({each.tenant_id for each in found.shards})
    yield line((f"{len(found.shards)} shards in {tenants} tenants", "bold"))


def _explained(each: ExplainedValue) -> Iterator[Line]:
    from entra_config.report import escape
    from entra_config.report.lines import line

    said = each.said
    raw = f"  of {escape.text(said.value)}" if said.value != each.value else ""
    yield line((escape.text(".".join(each.path)), "bold"), f": {escape.text(each.value)}", (raw, "dim"))
    yield line("    ", escape.text(said.by), (f"  {said.position}", "dim"))
    for before in each.replaced:
        yield line(
            "    instead of ",
            escape.text(before.value),
            f", {escape.text(before.by)}",
            (f"  {before.position}", "dim"),
        )
