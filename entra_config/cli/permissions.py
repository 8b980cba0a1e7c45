"""`entra-config permissions`: the least privileges, in rungs, with what each could be abused for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Literal

import typer

from entra_config.checks import privileges as rungs
from entra_config.checks.dangers import danger
from entra_config.checks.privileges import Needs, Rung
from entra_config.cli import wiring
from entra_config.cli.options import Common, ShardCommand
from entra_config.manifest.model import Manifest
from entra_config.report import escape
from entra_config.report.lines import Line, line

app = typer.Typer()


@app.command(cls=ShardCommand)
def command(
    context: typer.Context,
    *,
    for_plan: Annotated[
        bool, typer.Option("--for-plan", help="For what is to be done now, instead of all of the manifest.")
    ] = False,
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="How it is written on stdout.")
    ] = "text",
) -> int:
    """List the least privileges that reading, and this manifest, need."""
    from entra_config.manifest import loader

    common = Common.of(context)
    manifest = wiring.manifest(common)
    needs = wiring.run(_of_plan(common, manifest)) if for_plan else rungs.of_manifest(manifest)
    shared = rungs.shared(loader.load_all(common.manifest, shard=wiring.shard(common)))
    found = {
        "reading": [rungs.reading(), rungs.foreseeing(), rungs.watching(), rungs.linting()],
        "writing": rungs.writing(needs),
    }
    if form == "json":
        document = {
            "version": 1,
            "kind": "permissions",
            "environment": manifest.environment,
            "least": rungs.least(needs),
            "shared": [asdict(each) for each in shared],
            "abuse": {
                name: danger(name, "application")
                for name in rungs.names([*found["reading"], *found["writing"]])
            },
        }
        rows = {key: [asdict(rung) for rung in each] for key, each in found.items()}
        common.output.data(json.dumps(document | rows, indent=2) + "\n")
        return 0
    what = "what is to be done now" if for_plan else f"{manifest.owner}"
    common.output.lines(
        [
            *_section("Reading", found["reading"]),
            *_section(f"Writing {what}", found["writing"]),
            *_abuse(found),
            *(line((escape.text(str(each)), "yellow")) for each in shared),
        ]
    )
    return 0


async def _of_plan(common: Common, manifest: Manifest) -> Needs:
    from entra_config.cli import plan as planning
    from entra_config.plan.options import NO_OPTIONS

    made = await planning.make(common, NO_OPTIONS)
    return rungs.of_plan(made, manifest)


def _section(title: str, found: list[Rung]) -> Iterator[Line]:
    yield line((title, "bold"))
    for number, rung in enumerate(found, 1):
        yield line(f"  {number}. ", (", ".join(rung.permissions), "cyan"))
        yield line(f"     {rung.does}")
        if rung.leaves:
            yield line("     ", (rung.leaves, "yellow"))
    if not found:
        yield line("  nothing")
    yield line()


def _abuse(found: dict[str, list[Rung]]) -> Iterator[Line]:
    yield line(("Whoever gets hold of the identity", "bold"))
    for name in rungs.names([rung for each in found.values() for rung in each]):
        reason = danger(name, "application") or "reads who and what there is in the tenant"
        yield line("  ", (name, "cyan"), f": {reason}")
