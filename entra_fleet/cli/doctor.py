"""A fleet in; what each tenant lacks, one line each, and whether anybody may sign in as its client, out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.checks.examination import Examination
from entra_config.cli import wiring
from entra_config.cli.options import Common
from entra_config.errors import EntraConfigError, ManifestError
from entra_config.report import escape

if TYPE_CHECKING:
    from entra_config.bootstrap.fleet_client import ExaminedTenant
    from entra_config.manifest.tenants.model import Fleet, PlacedShard
    from entra_config.manifest.tenants.shards import LoadedShard
    from entra_config.report.lines import Line

AT_ONCE = 8  # tenants
SECONDS = 60.0  # for one tenant, whatever it answers

Names = Annotated[
    list[str] | None, typer.Option("--tenant", metavar="NAME", help="Only one of these tenants.")
]


@dataclass(frozen=True, slots=True)
class _Result:
    """What was found in one tenant; `common` signs in to it."""

    tenant: str
    common: Common
    client_id: str
    found: tuple[Examination, ...]
    home: str = ""


def command(context: typer.Context, *, tenant: Names = None) -> int:
    """Tell per tenant what is missing, and whether people can sign in through the client (exit code 1)."""
    from entra_config.manifest.tenants import choosing, reading

    common = Common.of(context)
    assert common.fleet is not None  # the option has a default
    fleet = reading.read(common.fleet)
    for name in tenant or ():
        choosing.tenant(fleet, name)
    wanted = [name for name in fleet.tenants if not tenant or name in tenant]
    results = wiring.run(_every(common, fleet, wanted))
    homes = wiring.run(_homes(results))
    width = max(len(each) for each in [*wanted, *homes])
    code = 0
    for name, each in [*((one.tenant, said) for one in results for said in one.found), *homes.items()]:
        common.output.lines([_line(name, each, width)])
        code = 1 if each.state == "bad" else code
    return code


async def _every(common: Common, fleet: Fleet, wanted: list[str]) -> list[_Result]:
    import asyncio

    turns = asyncio.Semaphore(AT_ONCE)
    placed: dict[str, list[PlacedShard]] = {}
    for each in fleet.placed():
        placed.setdefault(each.shard.tenant, []).append(each)

    async def one(name: str) -> _Result:
        async with turns:
            return await _one(common, fleet, placed[name])

    return await asyncio.gather(*(one(name) for name in wanted))


async def _one(common: Common, fleet: Fleet, placed: list[PlacedShard]) -> _Result:
    import asyncio

    first = placed[0]
    here = replace(
        common,
        tenant=first.shard.tenant,
        manifest=first.project.root,
        environment=first.shard.environment,
    )
    result = _Result(first.shard.tenant, here, first.shard.client_id, ())
    loaded, missing = _loaded(fleet, placed)
    try:
        async with asyncio.timeout(SECONDS):
            looked = await _looked(here, first, loaded)
    except TimeoutError:
        why = Examination("bad", "reach", f"did not answer within {SECONDS:g} seconds")
        return replace(result, found=(*missing, why))
    except EntraConfigError as error:
        why = Examination("bad", "sign-in", f"{' '.join(str(error).split())}; {_consent(first)}")
        return replace(result, found=(*missing, why))
    found = (*missing, *looked.found) or (Examination("good", "", "nothing is missing"),)
    return replace(result, found=found, home=looked.home)


async def _looked(here: Common, first: PlacedShard, loaded: list[LoadedShard]) -> ExaminedTenant:
    from entra_config.bootstrap import fleet_client

    async with wiring.graph(here, first.shard.tenant_id) as graph:
        return await fleet_client.tenant(graph, [each.manifest for each in loaded])


def _loaded(fleet: Fleet, placed: list[PlacedShard]) -> tuple[list[LoadedShard], list[Examination]]:
    """Return the projects of a tenant that hold, and what the others lack."""
    from entra_config.manifest.tenants import shards

    found, missing = [], []
    for each in placed:
        try:
            found.append(shards.one(fleet, each))
        except ManifestError as error:
            missing += [Examination("bad", each.project.key, str(problem)) for problem in error.problems]
    return found, missing


def _consent(placed: PlacedShard) -> str:
    from entra_config.bootstrap import fleet_client

    url = fleet_client.consent_page(placed.shard.tenant_id, placed.shard.client_id)
    return f"where its administrator has not consented yet: {url}"


async def _homes(results: list[_Result]) -> dict[str, Examination]:
    """Return what the home of each client says of it; one that no tenant tells the home of is not known."""
    found: dict[str, Examination] = {}
    for client_id in dict.fromkeys(each.client_id for each in results):
        known = next((each for each in results if each.client_id == client_id and each.home), None)
        name = f"client {client_id}"
        if known is None:
            found[name] = Examination("note", "home", "no tenant told where its registration is")
            continue
        found[name] = await _home(known)
    return found


async def _home(known: _Result) -> Examination:
    import asyncio

    from entra_config.bootstrap import fleet_client

    try:
        async with asyncio.timeout(SECONDS), wiring.graph(known.common, known.home) as graph:
            return await fleet_client.home(graph, known.client_id)
    except (EntraConfigError, TimeoutError) as error:
        why = " ".join(str(error).split()) or "no answer in time"
        return Examination("note", "home", f"its home tenant {known.home} cannot be looked at: {why}")


def _line(name: str, finding: Examination, width: int) -> Line:
    from entra_config.report.lines import mark_state, padded

    what = f"{finding.what}: " if finding.what else ""
    return mark_state(
        finding.state, padded(escape.text(name), width), "  ", escape.text(f"{what}{finding.text}")
    )
