"""`entra-config owned`: what this tool owns in the tenant, by owner."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import typer

from entra_config.cli import wiring
from entra_config.cli.options import Common, online
from entra_config.kinds.base import KEY_TAG, OWNER_TAG
from entra_config.report import escape
from entra_config.report.lines import Line, line, padded


@online
def command(
    common: Common,
    *,
    owner: Annotated[str, typer.Option("--owner", metavar="PROJECT/ENV", help="Only this owner.")] = "",
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="How it is written on stdout.")] = "text",
) -> int:
    """List what this tool owns in the tenant, by owner; with -e the tenant of that environment."""
    items = wiring.run(_read(common, owner))
    if form == "json":
        common.output.data(json.dumps({"version": 1, "kind": "owned", "applications": items}, indent=2) + "\n")
    else:
        common.output.lines(_lines(items, owner))
    return 0


async def _read(common: Common, owner: str) -> list[dict[str, Any]]:
    from entra_config.graph.odata import literal
    from entra_config.graph.request import Request

    tenant = wiring.manifest(common).tenant_id if common.environment else None
    mark = f"t%20eq%20{literal(OWNER_TAG + owner)}" if owner else f"startswith(t,{literal(OWNER_TAG)})"
    path = f"/applications?$filter=tags/any(t:{mark})&$select=id,appId,displayName,tags,createdDateTime&$top=999"
    async with wiring.graph(common, tenant) as graph:
        (found,) = await graph.lists([Request("GET", path)])
    items = [
        {
            "owner": _tag(app, OWNER_TAG),
            "key": _tag(app, KEY_TAG),
            "displayName": app["displayName"],
            "appId": app["appId"],
            "id": app["id"],
            "createdDateTime": app.get("createdDateTime"),
        }
        for app in found
        # Graph filters without case; another case is another owner.
        if not owner or f"{OWNER_TAG}{owner}" in app["tags"]
    ]
    return sorted(items, key=lambda item: (item["owner"], item["key"], item["appId"]))


def _tag(app: dict[str, Any], prefix: str) -> str:
    return ", ".join(sorted(tag.removeprefix(prefix) for tag in app.get("tags") or () if tag.startswith(prefix)))


def _lines(items: list[dict[str, Any]], wanted: str) -> list[Line]:
    if not items:
        whose = f"the mark of {escape.text(wanted)}" if wanted else "a mark of this tool"
        return [line(f"Nothing in this tenant bears {whose}.")]
    found: list[Line] = []
    owner = None
    for item in items:
        if item["owner"] != owner:
            owner = item["owner"]
            count = sum(each["owner"] == owner for each in items)
            found.append(line((escape.text(owner), "bold"), (f"  {count} application{'' if count == 1 else 's'}", "dim")))
        name = padded(escape.text(item["key"] or "(no key)"), 20) + padded(item["appId"], 38)
        found.append(line("  ", name, escape.text(item["displayName"])))
    return found
