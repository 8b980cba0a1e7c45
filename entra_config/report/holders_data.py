"""Who holds which role in; a versioned JSON document, or a table of comma-separated values, out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from pydantic.alias_generators import to_camel

from entra_config.actual.access import Entrance, Holding, Ownership, Potential
from entra_config.report import escape
from entra_config.report import potential as could
from entra_config.report.holders import AccessReading, is_undeclared

COLUMNS = (
    "application", "role", "label", "type", "name", "id", "through", "since", "memberSince", "until",
    "disabled", "roleDeleted", "undeclared", "manifest", "tenant", "tenantId", "readAt", "readBy",
)  # fmt: skip


def dated(each: Holding | Ownership) -> dict[str, Any]:
    """Return the last day as JSON has it."""
    return {"until": each.until.isoformat() if each.until is not None else None}


def to_json(
    holdings: Sequence[Holding],
    owners: Sequence[Ownership] = (),
    entrances: Sequence[Entrance] = (),
    about: AccessReading | None = None,
    potential: Potential | None = None,
) -> str:
    """Return holders, owners, who gets in at all and who could gain access, as a versioned document."""
    rows = [
        {to_camel(name): value for name, value in asdict(each).items() if name != "called"}
        | {"position": str(each.position) if each.position else None, "undeclared": is_undeclared(each)}
        | dated(each)
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
        "version": 2,
        "kind": "access",
        "tenant": {"id": about.tenant.id, "name": about.tenant.name} if about else None,
        "readAt": about.at.isoformat() if about else None,
        "readBy": about.by if about else None,
        "holders": rows,
        "owners": [asdict(each) | dated(each) for each in owners],
        "apis": apis,
        "potential": asdict(potential) if potential is not None else None,
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def to_csv(
    holdings: Sequence[Holding],
    owners: Sequence[Ownership],
    about: AccessReading,
    potential: Potential | None = None,
) -> str:
    """Return a row for each holder, as role `owner` for each owner, and as role `potential` for each
    application or group by which somebody could gain access; no cell is a formula.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    read = (about.tenant.name, about.tenant.id, about.moment, about.by)
    for each in holdings:
        row = (
            *(each.application, each.role, each.label, each.type, each.name, each.id, each.through),
            *(
                each.since,
                each.member_since,
                each.until or "",
                _said(each.disabled),
                _said(each.role_deleted),
            ),
            *(_said(is_undeclared(each)), each.position or ""),
        )
        writer.writerow([escape.csv(str(cell)) for cell in (*row, *read)])
    for owner in owners:
        cells = (owner.application, "owner", "", owner.type, owner.name, owner.id, "owner")
        rest = ("", "", owner.until or "", _said(owner.disabled), "", "", "")
        writer.writerow([escape.csv(str(cell)) for cell in (*cells, *rest, *read)])
    for possible in potential.possible if potential is not None else ():
        for target in possible.targets:
            who = (possible.type, possible.name, possible.id, could.reported(possible))
            empty = ("", "", "", _said(possible.disabled), "", "", "")
            line = (target, "potential", "", *who, *empty, *read)
            writer.writerow([escape.csv(str(cell)) for cell in line])
    return out.getvalue()


def _said(value: bool) -> str:
    return "yes" if value else ""
