"""`entra-config access`: who can do what, and through what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entra_config.cli import wiring
from entra_config.cli.options import Common, online
from entra_config.errors import UsageError

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
    every = wiring.run(_read(common, manifest))
    _check(role, manifest, every)
    found = [each for each in every if _fits(each, user.casefold(), role.casefold())]
    if user and not found:
        # Whoever holds nothing and whoever is mistyped look the same: say what was looked for.
        common.output.say(f"nobody called `{user}` holds {role or 'a role'} in {manifest.owner}")
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


def _check(role: str, manifest: Manifest, every: list[Holding]) -> None:
    """Refuse a role that neither the manifest nor the tenant has: an empty answer would say that nobody holds it."""
    from entra_config.manifest.problems import near

    declared = [f"{key}/{label}" for key, app in manifest.applications.items() for label in (*app.app_roles, "default")]
    known = sorted({*declared, *(f"{each.application}/{each.role}" for each in every)})
    wanted = role.casefold()
    if role and wanted not in {name.casefold() for full in known for name in (full, full.partition("/")[2])}:
        raise UsageError(f"`{role}` is no role of {manifest.owner}.{near(role, known)}")


def _fits(each: Holding, user: str, role: str) -> bool:
    named = not user or user in {each.name.casefold(), each.id}
    return named and (not role or role in {each.role.casefold(), f"{each.application}/{each.role}".casefold()})
