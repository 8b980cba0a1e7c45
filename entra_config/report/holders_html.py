"""Who holds which role in; a self-contained HTML page out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from entra_config.actual.access import Entrance, Holding, Ownership, Potential
from entra_config.report import potential as could
from entra_config.report import rendering
from entra_config.report.holders import (
    UNDECLARED,
    AccessReading,
    by_role,
    count,
    entrance_notes,
    is_undeclared,
    name,
    owner_name,
    steps,
    until,
)
from entra_config.report.lines import counted
from entra_config.report.pages import Fact


def to_html(
    holdings: Sequence[Holding],
    title: str,
    owners: Sequence[Ownership] = (),
    entrances: Sequence[Entrance] = (),
    about: AccessReading | None = None,
    *,
    potential: Potential | None = None,
) -> str:
    """Return the holders, and the owners, as a page that loads nothing."""
    holders = {(each.id, each.type) for each in holdings}
    people = sum(type_ == "user" for _, type_ in holders)
    applications = sum(type_ == "application" for _, type_ in holders)
    hand = sum(map(is_undeclared, holdings))
    who = " and ".join((counted(people, "person", "people"), counted(applications, "application")))
    roles = counted(len(holdings), "role")
    return rendering.html_page(
        "access.html",
        title=title,
        summary=(
            f"{who} hold{'s' if people + applications == 1 else ''} {roles}, {hand} of them not in the "
            "manifest."
        ),
        rows=list(_facts(about)),
        roles=[_role(role, members) for role, members in by_role(holdings)],
        owners=[
            {
                "name": owner_name(each),
                "owns": each.application + until(each.until),
                "acts": ", ".join(each.permissions),
            }
            for each in owners
        ],
        owners_heading=f"Owners: {len(owners)}",
        could_heading=could.HEADING if potential is not None else "",
        could=could.rows(potential) if potential is not None else [],
        could_notes=could.notes(potential) if potential is not None else [],
        notes=list(entrance_notes(entrances)),
    )


def _facts(about: AccessReading | None) -> Iterator[Fact]:
    if about is not None:
        yield Fact("Tenant", about.tenant.name, about.tenant.id)
        yield Fact("Read", about.moment)
        yield Fact("As", about.by)


def _role(role: str, members: Sequence[Holding]) -> dict[str, Any]:
    """Return tables of people, of groups and of applications, each where there are any."""
    tables = (
        ("People", [each for each in members if each.type != "application" and not each.empty]),
        ("Groups without people", [each for each in members if each.empty]),
        ("Applications", [each for each in members if each.type == "application"]),
    )
    shown = [(heading, [_holder(each) for each in found]) for heading, found in tables if found]
    return {"heading": f"{role}: {count(members)}", "tables": shown}


def _holder(each: Holding) -> dict[str, str]:
    disabled = ", disabled: gets no token" if each.disabled else ""
    at = each.position
    return {
        "name": name(each),
        "through": f"{each.through}{until(each.until)}{disabled}",
        "since": steps(each).strip(", ").removeprefix("since "),
        "place": at.short if at else "",
        "undeclared": UNDECLARED if is_undeclared(each) else "",
    }
