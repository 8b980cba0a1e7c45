"""The list of directory roles, and the page of one: who has it, and what it lets them do."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from entra_emulator.directory_roles import TEMPLATES
from entra_emulator.portal import graph_json, powers, stream, trail
from entra_emulator.portal.listing import LISTED, Cell, ListFilter, page_of
from entra_emulator.portal.objects import name_of, named
from entra_emulator.portal.visit import Visit
from entra_emulator.portal.words import count

Row = Mapping[str, Any]
_ORIGIN = (
    "Given by the seed or a snapshot file alone: the emulator’s Graph shows directory roles, "
    "and changes none (501)"
)


def show_list(visit: Visit) -> Response:
    """Show the directory roles, those that somebody has first."""
    tenant = visit.tenant
    held = visit.param("held", "all", "yes")
    rows = [{"name": name, "holders": powers.holders(tenant, name)} for name in powers.names(tenant)]
    rows.sort(key=lambda row: not row["holders"])

    def cells(row: Row) -> list[Cell]:
        name = row["name"]
        return [
            Cell(name, visit.path("directory-roles", name), TEMPLATES.get(name, ""), code=True),
            Cell(count(len(row["holders"]), "person", "people") if row["holders"] else "nobody"),
            Cell(powers.STRONG.get(name, "; ".join(powers.allowed(name))), risk=_risk(name)),
        ]

    choices = (ListFilter("held", "Show", (("all", "all"), ("yes", "those that somebody has")), held),)
    listing = page_of(
        visit,
        rows,
        len(rows),
        texts=lambda row: [row["name"], TEMPLATES.get(row["name"])],
        cells=cells,
        keep=None if held == "all" else lambda row: bool(row["holders"]),
        choices=choices,
    )
    return visit.render(
        "list.html",
        here="directory-roles",
        words="Directory roles",
        listing=listing,
        columns=["Role", "Who has it", "What it allows here"],
        choices=choices,
        searched="Name or template id",
        nothing="There is no directory role.",
        remark=_ORIGIN,
        add=None,
    )


def _risk(name: str) -> str:
    return "high" if name in powers.STRONG else ""


def show(visit: Visit) -> Response:
    """Show one directory role."""
    name, tenant = visit.request.path_params["id"], visit.tenant
    if name not in powers.names(tenant):
        return visit.missing("directory role", name, "directory-roles")
    ids = powers.holders(tenant, name)
    people = sorted((user for each in ids if (user := tenant.users.get(each))), key=name_of)
    return visit.render(
        "directory_role.html",
        here="directory-roles",
        name=name,
        template_id=TEMPLATES.get(name, ""),
        graph=_graph(visit, name),
        strong=powers.STRONG.get(name, ""),
        allowed=powers.allowed(name),
        people=[(named(visit, str(row["id"])), row) for row in people[:LISTED]],
        number=len(people),
        more=len(people) - LISTED,
        origin=_ORIGIN,
        sign_ins=[row for each in ids[:LISTED] for row in stream.sign_ins(visit, 2, person_id=each)][:5],
        trail=trail.entries(visit, limit=5, by=set(ids)),
    )


def _graph(visit: Visit, name: str) -> graph_json.Shown | None:
    """Show who has it as Graph does; nothing where Graph has no such role here."""
    if name not in TEMPLATES:
        return None
    query = quote(f"$filter=roleDefinitionId eq '{TEMPLATES[name]}'", safe="$='")
    path = visit.path("directory-roles", name)
    return graph_json.shown(visit, "roleManagement/directory/roleAssignments", path, query)
