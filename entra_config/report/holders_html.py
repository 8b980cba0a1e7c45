"""Who holds which role in; a self-contained HTML page out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from entra_config.actual.access import Entrance, Holding, Ownership
from entra_config.report import escape, page
from entra_config.report.holders import BY_HAND, AccessReading, by_hand, by_role, count, steps, told, until


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
    hand = sum(map(by_hand, holdings))
    who = f"{people} people and {applications} applications"
    summary = f"{who} hold {len(holdings)} roles, {hand} of them by hand."
    body = [
        f"<h1>{escape.html(title)}</h1>",
        f'<p class="lead"><b>{summary}</b></p>',
        *page.facts(_facts(about)),
        *(f"<p>{escape.html(reported)}</p>" for reported in told(entrances)),
        *(part for role, members in by_role(holdings) for part in _table(role, members)),
        *(_owners(owners) if owners else ()),
    ]
    return page.document(title, body)


def _facts(about: AccessReading | None) -> Iterator[tuple[str, str]]:
    if about is not None:
        yield "Tenant", f"{escape.html(about.tenant.name)} <code>{escape.html(about.tenant.id)}</code>"
        yield "Read", escape.html(about.moment)
        yield "As", escape.html(about.by)


def _table(role: str, members: Sequence[Holding]) -> Iterator[str]:
    """Yield one table of people and one of applications, each where there are any."""
    yield f"<h2>{escape.html(role)}: {count(members)}</h2>"
    for heading, found in (
        ("People", [each for each in members if each.type != "application"]),
        ("Applications", [each for each in members if each.type == "application"]),
    ):
        if found:
            rows = "\n".join(map(_row, found))
            yield f'<table class="wide"><caption>{heading}</caption>'
            yield _head("Who", "Through", "Since", "Manifest")
            yield f"<tbody>{rows}</tbody></table>"


def _row(each: Holding) -> str:
    disabled = ", disabled: gets no token" if each.disabled else ""
    since = steps(each).strip(", ").removeprefix("since ")
    where = escape.html(str(each.position)) if each.position else ""
    hand = f'<span class="mid">{BY_HAND}</span>' if by_hand(each) else where
    through = escape.html(f"{each.through}{until(each.until)}{disabled}")
    return (
        f'<tr><th scope="row">{escape.html(each.name)}</th><td data-label="Through">{through}</td>'
        f'<td data-label="Since">{escape.html(since)}</td><td data-label="Manifest">{hand}</td></tr>'
    )


def _owners(owners: Sequence[Ownership]) -> Iterator[str]:
    yield f"<h2>Owners: {len(owners)}</h2>"
    yield f'<table class="wide">{_head("Who", "Owns", "And can act as it")}<tbody>'
    for each in owners:
        owns = escape.html(each.application + until(each.until))
        yield (
            f'<tr><th scope="row">{escape.html(each.name)}</th><td data-label="Owns">{owns}</td>'
            f'<td data-label="And can act as it">{escape.html(", ".join(each.holds))}</td></tr>'
        )
    yield "</tbody></table>"


def _head(*names: str) -> str:
    cells = "".join(f'<th scope="col">{name}</th>' for name in names)
    return f"<thead><tr>{cells}</tr></thead>"
