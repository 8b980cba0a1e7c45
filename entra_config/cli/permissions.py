"""`entra-config permissions`: the least privileges, in levels, with what each could be abused for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from entra_config.checks import privileges as levels
from entra_config.checks.dangers import danger
from entra_config.checks.privileges import Needs, PermissionLevel
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
    needs = wiring.run(_of_plan(common, manifest)) if for_plan else levels.of_manifest(manifest)
    shared = levels.shared(loader.load_all(common.manifest, shard=wiring.shard(common)))
    found = {
        "reading": [levels.reading(), levels.foreseeing(), levels.watching(), levels.linting()],
        "writing": levels.writing(needs),
    }

    def document() -> dict[str, object]:
        return {
            "version": 2,
            "kind": "permissions",
            "environment": manifest.environment,
            "least": levels.least(needs),
            "shared": [asdict(each) for each in shared],
            "abuse": {
                name: danger(name, "application")
                for name in levels.names([*found["reading"], *found["writing"]])
            },
            **{key: [asdict(level) for level in each] for key, each in found.items()},
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
    return levels.of_plan(made, manifest)


def _section(title: str, found: list[PermissionLevel]) -> Iterator[Line]:
    yield line((title, "bold"))
    for number, level in enumerate(found, 1):
        yield line(f"  {number}. ", (", ".join(level.permissions), "cyan"))
        yield line(f"     {level.allows}")
        if level.manual:
            yield line("     ", (level.manual, "yellow"))
    if not found:
        yield line("  nothing")
    yield line()


def _abuse(found: dict[str, list[PermissionLevel]]) -> Iterator[Line]:
    yield line(("Whoever gets hold of the identity", "bold"))
    for name in levels.names([level for each in found.values() for level in each]):
        reason = danger(name, "application") or "reads who and what there is in the tenant"
        yield line("  ", (name, "cyan"), f": {reason}")
