"""The list of what was deleted, and the page of one: by whom, until when, and what comes back with it."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from entra_emulator.clock import seconds_stamp
from entra_emulator.portal import credentials, graph_json, labels, parked, stream, trail
from entra_emulator.portal.listing import LISTED, Cell, ListFilter, page_of
from entra_emulator.portal.objects import name_of, named
from entra_emulator.portal.visit import Visit
from entra_emulator.portal.words import when

Row = Mapping[str, Any]
_NOTHING = (
    "Nothing is deleted. What is deleted stays here for 30 days of the emulator’s clock, and can be restored."
)
_DELETED = ("Delete ", "Remove service principal")


def show_list(visit: Visit) -> Response:
    """Show what was deleted and can be restored."""
    tenant = visit.tenant
    type_ = visit.param("type", "all", *parked.WORDS)
    rows = sorted(tenant.deleted_items, key=lambda row: str(row["deletedDateTime"]), reverse=True)
    choices = (ListFilter("type", "Type", (("all", "any"), *parked.WORDS.items()), type_),)
    listing = page_of(
        visit,
        rows,
        len(rows),
        texts=lambda row: [row.get("displayName"), row["id"], row.get("appId"), row.get("userPrincipalName")],
        cells=lambda row: _cells(visit, row),
        keep=None if type_ == "all" else lambda row: row["_type"] == type_,
        choices=choices,
    )
    return visit.render(
        "list.html",
        here="deleted",
        words="Deleted",
        listing=listing,
        columns=["Name", "Type", "Deleted", "Can be restored until", ""],
        choices=choices,
        searched="Name, UPN, client id or object id",
        nothing=_NOTHING,
        remark="",
        add=None,
    )


def _cells(visit: Visit, row: Row) -> list[Cell]:
    row_id, over = str(row["id"]), parked.is_over(visit, row)
    restore = Cell() if over else Cell(act=visit.path("edit", "restore", object=row_id), verb="Restore…")
    return [
        Cell(name_of(row), visit.path("deleted", row_id), row_id, code=True),
        Cell(parked.WORDS.get(str(row["_type"]), str(row["_type"]))),
        Cell(when(str(row["deletedDateTime"]), visit.now, visit.now)),
        Cell(f"{parked.until(row):%Y-%m-%d}", more="that is over" if over else ""),
        restore,
    ]


def show(visit: Visit) -> Response:
    """Show one deleted object."""
    object_id, tenant = visit.request.path_params["id"], visit.tenant
    row = tenant.deleted_items.get(object_id)
    if row is None:
        return visit.missing("deleted object", object_id, "deleted")
    returning, other = list(parked.returning(visit, row)), parked.other_half(visit, row)
    mark, app_id = labels.declared_by(visit, row), str(row.get("appId") or "")
    person = object_id if row["_type"] == "user" else ""
    signs_in, address, over = app_id or person, visit.path("deleted", object_id), parked.is_over(visit, row)
    return visit.render(
        "deleted.html",
        here="deleted",
        row=row,
        name=name_of(row),
        type=parked.WORDS.get(str(row["_type"]), str(row["_type"])),
        mark=mark,
        marked=row["_type"] in ("application", "servicePrincipal"),
        declared=labels.of_object(visit, row) if row["_type"] == "application" else labels.UNKNOWN,
        until=seconds_stamp(parked.until(row)),
        over=over,
        by=trail.last_of(visit, [object_id], *_DELETED),
        kept=parked.kept(visit, row),
        returning=returning[:LISTED],
        more=len(returning) - LISTED,
        other=named(visit, str(other["id"])) if other else None,
        together=bool(other and parked.comes_with(row, other)),
        credentials=credentials.of(tenant, row, visit.now),
        sign_ins=stream.sign_ins(visit, client_id=app_id, person_id=person) if signs_in else None,
        traffic=visit.path("traffic", q=signs_in, kind="sign-in"),
        trail=trail.entries(visit, [object_id]),
        # To ask Graph for what is over would be to forget it.
        graph=None if over else graph_json.shown(visit, f"directory/deletedItems/{object_id}", address),
    )
