"""Who holds which role in; a self-contained HTML page out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from entra_config.actual.access import Entrance, Holding, Ownership
from entra_config.report import escape, page
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

LABELS = ("Through", "Since", "Manifest")


def to_html(
    holdings: Sequence[Holding],
    title: str,
    owners: Sequence[Ownership] = (),
    entrances: Sequence[Entrance] = (),
    about: AccessReading | None = None,
) -> str:
    """Return the holders, and the owners, as a page that loads nothing."""
    holders = {(each.id, each.type) for each in holdings}
    people = sum(type_ == "user" for _, type_ in holders)
    applications = sum(type_ == "application" for _, type_ in holders)
    hand = sum(map(is_undeclared, holdings))
    who = " and ".join((counted(people, "person", "people"), counted(applications, "application")))
    roles = counted(len(holdings), "role")
    summary = (
        f"{who} hold{'s' if people + applications == 1 else ''} {roles}, {hand} of them not in the manifest."
    )
    body = [
        f"<h1>{escape.html(title)}</h1>",
        f'<p class="lead"><b>{summary}</b></p>',
        *page.facts(_facts(about)),
        *(part for role, members in by_role(holdings) for part in _table(role, members)),
        *(_owners(owners) if owners else ()),
        *(f"<p>{escape.html(reported)}</p>" for reported in entrance_notes(entrances)),
    ]
    return page.document(title, body)


def counted(number: int, noun: str, several: str = "") -> str:
    """Return `1 person`, `2 people`."""
    return f"{number} {noun if number == 1 else several or f'{noun}s'}"


def _facts(about: AccessReading | None) -> Iterator[tuple[str, str]]:
    if about is not None:
        yield "Tenant", f"{escape.html(about.tenant.name)} <code>{escape.html(about.tenant.id)}</code>"
        yield "Read", escape.html(about.moment)
        yield "As", escape.html(about.by)


def _table(role: str, members: Sequence[Holding]) -> Iterator[str]:
    """Yield one table of people and one of applications, each where there are any."""
    yield f"<h2>{escape.html(role)}: {count(members)}</h2>"
    for heading, found in (
        ("People", [each for each in members if each.type != "application" and not each.empty]),
        ("Groups without people", [each for each in members if each.empty]),
        ("Applications", [each for each in members if each.type == "application"]),
    ):
        if found:
            yield from page.table("wide", ("Who", *LABELS), heading)
            yield from map(_row, found)
            yield "</tbody></table>"


def _row(each: Holding) -> str:
    disabled = ", disabled: gets no token" if each.disabled else ""
    since = steps(each).strip(", ").removeprefix("since ")
    at = each.position
    where = f"<code>{escape.html(f'{at.file}:{at.line}')}</code>" if at else ""
    hand = f'<span class="mid">{UNDECLARED}</span>' if is_undeclared(each) else where
    through = escape.html(f"{each.through}{until(each.until)}{disabled}")
    return page.row(escape.html(name(each)), (through, escape.html(since), hand), LABELS)


def _owners(owners: Sequence[Ownership]) -> Iterator[str]:
    yield f"<h2>Owners: {len(owners)}</h2>"
    labels = ("Owns", "And can act as it")
    yield from page.table("wide", ("Who", *labels))
    for each in owners:
        owns = escape.html(each.application + until(each.until))
        yield page.row(escape.html(owner_name(each)), (owns, escape.html(", ".join(each.holds))), labels)
    yield "</tbody></table>"
