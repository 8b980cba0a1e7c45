"""Who holds which role in; a table, JSON, or a self-contained HTML page out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from entra_config.actual.access import Entrance, Holding, Ownership
from entra_config.manifest.until import said
from entra_config.report import escape
from entra_config.report.lines import Line, cells, line, padded

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }}
body {{ margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; }}
caption {{ text-align: left; font-weight: bold; padding: .5rem 0; }}
th, td {{ text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8886; overflow-wrap: anywhere; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{summary}</p>
{tables}
</main>
</body>
</html>
"""
_WHY = {"": "is disabled", "application": "is deleted", "servicePrincipal": "has no service principal"}


def lines(
    holdings: Sequence[Holding],
    *,
    explain: bool,
    owners: Sequence[Ownership] = (),
    entrances: Sequence[Entrance] = (),
) -> Iterator[Line]:
    """Yield one line for each holder, by role; `explain` adds through what, since when, and where the
    manifest says so.
    """
    for reported in _entrances(entrances):
        yield line(escape.text(reported))
    if not holdings and not owners:
        yield line("Nobody.")
        return
    if holdings:
        yield from _holders(holdings, explain=explain)
    for each in owners:
        acts = f", and can act as it: {', '.join(each.holds)}" if each.holds else ""
        yield line(escape.text(f"{each.name} owns {each.application}{_until(each.until)}{acts}"))


def _entrances(entrances: Sequence[Entrance]) -> Iterator[str]:
    for each in entrances:
        if not each.enabled:
            yield f"{each.application} {_WHY[each.missing]}: nobody gets a token for it"
        elif not each.assignment_required:
            yield f"{each.application} requires no assignment: everybody gets a token for it, without roles"


def _holders(holdings: Sequence[Holding], *, explain: bool) -> Iterator[Line]:
    width = min(50, max(cells(escape.text(each.name)) for each in holdings) + 2)
    for role, members in _by_role(holdings):
        yield line((escape.text(role), "bold"), (f"  {_count(members)}", "dim"))
        for each in members:
            marked = (", disabled: gets no token", "yellow") if each.disabled else ("", "dim")
            reported = padded(escape.text(each.name), width) + escape.text(each.through) + _until(each.until)
            if not explain:
                yield line("  ", reported, marked)
                continue
            where = (
                ""
                if each.position or each.type == "application"
                else ", by hand: the manifest does not say so"
            )
            yield line("  ", reported, marked, (f"{_steps(each)}{where}", "dim"), right=each.position)
    if explain:
        yield line()
        yield line(
            (
                (
                    "Members of a group inside a group hold nothing through it: Entra gives roles to "
                    "direct members only."
                ),
                "dim",
            )
        )


def _until(day: date | None) -> str:
    return f", {said(day)}" if day is not None else ""


def _dated(each: Holding | Ownership) -> dict[str, Any]:
    return {"until": each.until.isoformat() if each.until is not None else None}


def _steps(each: Holding) -> str:
    """Return since when each step of the path is: of a group its assignment, and the person in it."""
    since = f" since {each.since[:10]}" if each.since else ""
    if each.group and each.type == "user":
        return f"{since}, in it since {each.joined[:10] if each.joined else 'an unknown time'}"
    return f",{since}" if since else ""


def to_json(
    holdings: Sequence[Holding], owners: Sequence[Ownership] = (), entrances: Sequence[Entrance] = ()
) -> str:
    """Return the holders, the owners and who gets in at all, as a versioned document."""
    rows = [
        asdict(each) | {"position": str(each.position) if each.position else None} | _dated(each)
        for each in holdings
    ]
    apis = [
        {
            "application": each.application,
            "enabled": each.enabled,
            "assignmentRequired": each.assignment_required,
            "missing": each.missing,
        }
        for each in entrances
    ]
    document = {
        "version": 1,
        "kind": "access",
        "holders": rows,
        "owners": [asdict(each) | _dated(each) for each in owners],
        "apis": apis,
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def to_html(
    holdings: Sequence[Holding],
    title: str,
    owners: Sequence[Ownership] = (),
    entrances: Sequence[Entrance] = (),
) -> str:
    """Return the holders, and the owners, as a page that loads nothing."""
    tables = "".join(f"<p>{escape.html(reported)}</p>\n" for reported in _entrances(entrances))
    tables += "\n".join(_table(role, members) for role, members in _by_role(holdings))
    tables += "\n" + _owners(owners) if owners else ""
    people = len({each.id for each in holdings})
    summary = f"{len(holdings)} holdings of {people} people and applications."
    return _PAGE.format(title=escape.html(title), summary=summary, tables=tables)


def _table(role: str, members: Sequence[Holding]) -> str:
    rows = "\n".join(
        f"<tr><th scope='row'>{escape.html(each.name)}</th>"
        f"<td>{escape.html(_path(each))}</td>"
        f"<td>{escape.html(_steps(each).strip(', ').removeprefix('since '))}</td><td>"
        f"{escape.html(_where(each))}</td></tr>"
        for each in members
    )
    head = (
        "<tr><th scope='col'>Who</th><th scope='col'>Through</th><th scope='col'>Since</th><th "
        "scope='col'>Manifest</th></tr>"
    )
    caption = f"<caption>{escape.html(role)}: {_count(members)}</caption>"
    return f"<table>\n{caption}\n<thead>{head}</thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _path(each: Holding) -> str:
    disabled = ", disabled: gets no token" if each.disabled else ""
    return f"{each.through}{_until(each.until)}{disabled}"


def _owners(owners: Sequence[Ownership]) -> str:
    rows = "\n".join(
        f"<tr><th scope='row'>{escape.html(each.name)}</th>"
        f"<td>{escape.html(each.application + _until(each.until))}</td>"
        f"<td>{escape.html(', '.join(each.holds))}</td></tr>"
        for each in owners
    )
    head = "<tr><th scope='col'>Who</th><th scope='col'>Owns</th><th scope='col'>And can act as it</th></tr>"
    return (
        "<table>\n<caption>Owners: "
        f"{len(owners)}</caption>\n<thead>{head}</thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    )


def _where(each: Holding) -> str:
    if each.position:
        return str(each.position)
    # A client's consent stands with the client, not with who holds the role.
    return "" if each.type == "application" else "by hand: the manifest does not say so"


def _by_role(holdings: Sequence[Holding]) -> list[tuple[str, list[Holding]]]:
    found: dict[str, list[Holding]] = {}
    for each in holdings:
        found.setdefault(_role(each), []).append(each)
    return sorted(found.items())


def _role(each: Holding) -> str:
    """Return a role by the value that tokens carry, with the manifest's label where that is another, and
    whether it is gone.
    """
    if each.gone:
        return f"{each.application}/{each.role} (gone: tokens carry nothing)"
    label = f" ({each.label})" if each.label not in {"", each.role} else ""
    return f"{each.application}/{each.role}{label}"


def _count(members: Sequence[Holding]) -> str:
    people = len({each.id for each in members if each.type == "user"})
    applications = len({each.id for each in members if each.type == "application"})
    groups = len({each.id for each in members if each.type == "group"})
    parts = [f"{people} {'person' if people == 1 else 'people'}"] if people else []
    parts += [f"{applications} application{'' if applications == 1 else 's'}"] if applications else []
    disabled = len({each.id for each in members if each.disabled})
    parts += [f"{groups} group{'' if groups == 1 else 's'} with unknown members"] if groups else []
    return ", ".join(parts) + (f" ({disabled} disabled)" if disabled else "")
