"""`entra-config access`: who can do what, and through what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.cli import completing, formats, wiring
from entra_config.cli.options import Common, ShardCommand

if TYPE_CHECKING:
    from entra_config.actual.access import Access
    from entra_config.manifest.model import Manifest

app = typer.Typer()


@app.command(cls=ShardCommand)
def command(
    context: typer.Context,
    *,
    user: Annotated[
        str,
        typer.Option(
            "--user",
            metavar="WHO",
            help="Only what this user or application holds: UPN, name, id, appId or key.",
        ),
    ] = "",
    role: Annotated[
        str,
        typer.Option(
            "--role",
            metavar="APP/ROLE",
            autocompletion=completing.roles,
            help="Only who holds this role: by value, label, name or id.",
        ),
    ] = "",
    explain: Annotated[
        bool, typer.Option("--explain", help="Say since when, and where the manifest says so.")
    ] = False,
    potential: Annotated[
        bool,
        typer.Option(
            "--potential",
            help="Also who could gain access: owners, and administrators of the directory.",
        ),
    ] = False,
    form: formats.AccessFormat = "text",
) -> int:
    """Show who can do what, and through what."""
    from entra_config.report import holders

    common = Common.of(context)
    manifest = wiring.manifest(common)
    found, message = wiring.run(
        _read(common, manifest, user=user, role=role, explain=explain, could=potential)
    )
    if message:
        common.output.say(message)
    about = holders.AccessReading(manifest.owner, found.tenant, wiring.now(), found.reader)
    report = formats.AccessReport(found, about, explain=bool(explain or user))
    formats.write(common.output, formats.ACCESS, form, report)
    return 0


async def _read(
    common: Common, manifest: Manifest, *, user: str, role: str, explain: bool, could: bool
) -> tuple[Access, str]:
    """Return who holds what of what was asked for, and what more there is to say of it."""
    from entra_config.actual import whom
    from entra_config.actual.access import Potential
    from entra_config.actual.holders import access
    from entra_config.drift import joined

    async with wiring.graph(common, manifest.tenant_id) as graph:
        found = await access(graph, manifest, could=could)
        potential = found.potential or Potential()
        holdings, owners, message = list(found.holdings), found.owners, ""
        who = await whom.find(graph, found, user) if user else None
        offer = whom.role(found, role, manifest.owner) if role else None
        if offer is not None:
            holdings, owners = [each for each in holdings if whom.fits(each, offer)], ()
            potential = potential.only(lambda each: whom.gains(each, offer))
        if who is not None:
            holdings = [each for each in holdings if each.id == who.id]
            owners = tuple(each for each in owners if each.id == who.id)
            potential = potential.only(lambda each: each.id == who.id)
            if not holdings and not owners:
                message = (
                    f"{who.type} {who.name} holds {f'no {role}' if role else 'nothing'} in {manifest.owner}"
                )
            if who.type == "user":
                nested = await whom.find_nested_groups(graph, found, who, offer)
                message = "\n".join(filter(None, (message, *nested)))
        if explain or who is not None:
            holdings, unknown = await joined.reported(
                graph, holdings, now=wiring.now(), person=who.id if who else ""
            )
            message = message or unknown
        touched = (
            {each.application for each in holdings}
            if user or role
            else {each.application for each in found.entrances}
        )
        entrances = tuple(each for each in found.entrances if each.application in touched)
        found = replace(found, holdings=tuple(holdings), owners=owners, entrances=entrances)
        return replace(found, potential=potential if could else None), message
