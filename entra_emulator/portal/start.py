"""The first page of a tenant, and the search over everything."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from starlette.responses import Response

from entra_emulator.portal import history, labels, stream, trail
from entra_emulator.portal.listing import Cell
from entra_emulator.portal.navigation import counts
from entra_emulator.portal.objects import client, name_of, row_of
from entra_emulator.portal.pieces import PLATFORMS
from entra_emulator.portal.visit import Visit
from entra_emulator.snapshots.named import BEGINNING

_FOUND = 20
_GRAVEST, _KEPT = 4, 5
_SEARCHED = (
    ("users", "users", "user"),
    ("groups", "groups", "group"),
    ("applications", "registrations", "registration"),
    ("servicePrincipals", "enterprise", "enterprise application"),
    ("deletedItems", "deleted", "deleted"),
)


def show(visit: Visit) -> Response:
    """Show what a tenant holds, and what happened last."""
    tenant, origin = visit.tenant, visit.held.door.origin
    owners = Counter(labels.declared_by(visit, row).source for row in tenant.applications)
    addresses = [
        ("Graph", f"{origin}/v1.0"),
        ("Authority", f"{origin}/{tenant.tenant_id}"),
        ("For a shell", 'eval "$(entra-emulator env)"'),
    ]
    return visit.render(
        "start.html",
        here="start",
        counts=counts(tenant),
        changed=history.since_apply(visit, _GRAVEST),
        audit=trail.entries(visit, limit=5),
        kept=list(reversed(visit.held.emulator.snapshots.kept()))[:_KEPT],
        beginning=BEGINNING,
        traffic=stream.last(visit, 5),
        projects=sorted(owners.items(), key=lambda item: (not item[0], item[0])),
        addresses=addresses,
    )


def find(visit: Visit) -> Response:
    """Lead to the one object that is meant, or show those that may be."""
    text = visit.param("q")
    if (application := client(visit, text)).address:
        return visit.go(application.address)
    exact = row_of(visit.tenant, text)
    if exact is not None:
        return visit.go(visit.path(exact[0], text))
    words = text.casefold()
    found: list[list[Cell]] = []
    for table, kind, type_ in _SEARCHED:
        number = 0
        for row in visit.tenant.tables[table]:
            if not words or number == _FOUND:
                break
            names = [row.get("displayName"), row.get("userPrincipalName"), row.get("appId")]
            uris = [*row.get("identifierUris", ()), *_redirects(row)]
            if any(isinstance(name, str) and words in name.casefold() for name in (*names, *uris)):
                more = str(row.get("userPrincipalName") or row.get("appId") or row["id"])
                found.append(
                    [Cell(name_of(row), visit.path(kind, str(row["id"])), more, code=True), Cell(type_)]
                )
                number += 1
    if len(found) == 1:
        return visit.go(found[0][0].address)
    return visit.render("found.html", text=text, rows=found, most=_FOUND)


def _redirects(row: Mapping[str, Any]) -> Iterator[str]:
    return (uri for platform in PLATFORMS for uri in row.get(platform, {}).get("redirectUris", ()))
