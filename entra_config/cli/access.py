"""`entra-config access`: who can do what, and through what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entra_config.cli import wiring
from entra_config.cli.options import Common, online

if TYPE_CHECKING:
    from entra_config.actual.holders import Holding
    from entra_config.manifest.model import Manifest


@online
def command(
    common: Common,
    *,
    user: Annotated[str, typer.Option("--user", metavar="UPN", help="Only what this user (or application) holds.")] = "",
    role: Annotated[str, typer.Option("--role", metavar="APP/ROLE", help="Only who holds this role.")] = "",
    explain: Annotated[bool, typer.Option("--explain", help="Say since when, and where the manifest says so.")] = False,
    form: Annotated[Literal["text", "json", "html"], typer.Option("--format", help="How it is written on stdout.")] = "text",
) -> int:
    """Show who can do what, and through what."""
    from entra_config.report import holders

    manifest = wiring.manifest(common)
    found = [each for each in wiring.run(_read(common, manifest)) if _fits(each, user.casefold(), role.casefold())]
    if form == "json":
        common.output.data(holders.to_json(found))
    elif form == "html":
        common.output.data(holders.to_html(found, f"Access of {manifest.owner}"))
    else:
        common.output.lines(holders.lines(found, explain=explain))
    return 0


async def _read(common: Common, manifest: Manifest) -> list[Holding]:
    from entra_config.actual.holders import holders

    async with wiring.graph(common, manifest.tenant_id) as graph:
        return await holders(graph, manifest)


def _fits(each: Holding, user: str, role: str) -> bool:
    named = not user or user in {each.name.casefold(), each.id}
    return named and (not role or role in {each.role.casefold(), f"{each.application}/{each.role}".casefold()})
