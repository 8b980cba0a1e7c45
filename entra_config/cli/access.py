"""`entra-config access`: who can do what, and through what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entra_config.cli import wiring
from entra_config.cli.options import Common, online
from entra_config.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from entra_config.actual.holders import Access, Holding
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
    every = wiring.run(_read(common, manifest))
    _check(role, manifest, every.holdings)
    found = [each for each in every.holdings if _fits(each, user.casefold(), role.casefold())]
    owners = [] if role else [each for each in every.owners if not user or user.casefold() in {each.name.casefold(), each.id}]
    if user and not found and not owners:
        # Whoever holds nothing and whoever is mistyped look the same: say what was looked for.
        common.output.say(f"nobody called `{user}` holds {role or 'a role'} in {manifest.owner}")
    if form == "json":
        common.output.data(holders.to_json(found, owners))
    elif form == "html":
        common.output.data(holders.to_html(found, f"Access of {manifest.owner}", owners))
    else:
        # Deployers own everything: that is told of one user, or where somebody wants to know all.
        common.output.lines(holders.lines(found, explain=explain, owners=owners if user or explain else ()))
    return 0


async def _read(common: Common, manifest: Manifest) -> Access:
    from entra_config.actual.holders import access

    async with wiring.graph(common, manifest.tenant_id) as graph:
        return await access(graph, manifest)


def _check(role: str, manifest: Manifest, every: Sequence[Holding]) -> None:
    """Refuse a role that neither the manifest nor the tenant has: an empty answer would say that nobody holds it."""
    from entra_config.manifest.problems import near

    declared = [f"{key}/{label}" for key, app in manifest.applications.items() for label in (*app.app_roles, "default")]
    known = sorted({*declared, *(f"{each.application}/{name}" for each in every for name in (each.role, each.label) if name)})
    wanted = role.casefold()
    if role and wanted not in {name.casefold() for full in known for name in (full, full.partition("/")[2])}:
        raise UsageError(f"`{role}` is no role of {manifest.owner}.{near(role, known)}")


def _fits(each: Holding, user: str, role: str) -> bool:
    named = not user or user in {each.name.casefold(), each.id}
    names = {name.casefold() for name in (each.role, each.label) if name}
    return named and (not role or role in names | {f"{each.application}/{name}".casefold() for name in names})
