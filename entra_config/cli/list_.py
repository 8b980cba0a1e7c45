"""`entra-config list`: the applications that this tool manages in the tenant, by owner."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from entra_config.cli import formats, wiring
from entra_config.cli.options import Common, OnlineCommand
from entra_config.report import escape
from entra_config.report.lines import Line, line, padded

app = typer.Typer()


@app.command(cls=OnlineCommand)
def command(
    context: typer.Context,
    *,
    owner: Annotated[str, typer.Option("--owner", metavar="PROJECT/ENV", help="Only this owner.")] = "",
    form: formats.ShortFormat = "text",
) -> int:
    """List the applications that this tool manages in the tenant, by owner.

    With -e, it reads the tenant of that environment.
    """
    common = Common.of(context)
    items = wiring.run(_read(common, owner))
    report = formats.ShortReport(
        lambda: {"version": 2, "kind": "list", "applications": items}, lambda: _lines(items, owner)
    )
    formats.write(common.output, formats.SHORT, form, report)
    return 0


async def _read(common: Common, owner: str) -> list[dict[str, Any]]:
    from entra_config.actual.managed import read_managed

    tenant = wiring.manifest(common).tenant_id if common.environment else None
    async with wiring.graph(common, tenant) as graph:
        found = await read_managed(graph, owner)
    return [
        {
            "owner": application.owner,
            "key": application.key,
            "displayName": application.display_name,
            "appId": application.app_id,
            "id": application.id,
            "createdDateTime": application.created,
        }
        for application in found
    ]


def _lines(items: list[dict[str, Any]], wanted: str) -> list[Line]:
    if not items:
        whose = f"the ownership tags of {escape.text(wanted)}" if wanted else "ownership tags of this tool"
        return [line(f"Nothing in this tenant has {whose}.")]
    found: list[Line] = []
    owner = None
    for item in items:
        if item["owner"] != owner:
            owner = item["owner"]
            count = sum(each["owner"] == owner for each in items)
            found.append(
                line(
                    (escape.text(owner), "bold"), (f"  {count} application{'' if count == 1 else 's'}", "dim")
                )
            )
        name = padded(escape.text(item["key"] or "(no key)"), 20) + padded(item["appId"], 38)
        found.append(line("  ", name, escape.text(item["displayName"])))
    return found
