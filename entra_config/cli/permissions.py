"""`entra-config permissions`: the least privileges, in rungs, with what each could be abused for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from entra_config.checks import privileges as rungs
from entra_config.checks.dangers import danger
from entra_config.checks.privileges import Needs, Rung
from entra_config.cli import formats, wiring
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
    form: formats.ShortFormat = "text",
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

    def document() -> dict[str, object]:
        return {
            "version": 1,
            "kind": "permissions",
            "environment": manifest.environment,
            "least": rungs.least(needs),
            "shared": [asdict(each) for each in shared],
            "abuse": {
                name: danger(name, "application")
                for name in rungs.names([*found["reading"], *found["writing"]])
            },
            **{key: [asdict(rung) for rung in each] for key, each in found.items()},
        }

    def lines() -> Iterator[Line]:
        what = "what is to be done now" if for_plan else f"{manifest.owner}"
        yield from _section("Reading", found["reading"])
        yield from _section(f"Writing {what}", found["writing"])
        yield from _abuse(found)
        yield from (line((escape.text(str(each)), "yellow")) for each in shared)

    formats.write(common.output, formats.SHORT, form, formats.ShortReport(document, lines))
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
