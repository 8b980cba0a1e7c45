"""An application in; its secrets, certificates and federated credentials with their age out."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from entra_emulator.clock import read_stamp
from entra_emulator.portal import labels
from entra_emulator.portal.labels import UNKNOWN, DeclaredAt
from entra_emulator.portal.visit import Visit
from entra_emulator.portal.words import count, span
from entra_emulator.tenant import Tenant

Row = Mapping[str, Any]
# From here on somebody has to see to it.
_SOON = dt.timedelta(days=30)
_PARTS = {"Federated": "federatedIdentityCredentials"}


@dataclass(frozen=True)
class ShownCredential:
    """One credential: which type, its name, since when, until when, and when it was last used."""

    type: str
    name: str
    key: str
    since: str
    until: str
    used: str
    more: str = ""
    risk: str = ""
    ids: tuple[str, ...] = ()
    declared: DeclaredAt = UNKNOWN


def of(tenant: Tenant, row: Row, now: dt.datetime) -> list[ShownCredential]:
    """Return all credentials of an object."""
    found = []
    for field, type_ in (("passwordCredentials", "Secret"), ("keyCredentials", "Certificate")):
        for each in row.get(field) or ():
            until = str(each.get("endDateTime") or "")
            found.append(
                ShownCredential(
                    type_,
                    str(each.get("displayName") or ""),
                    str(each["keyId"]),
                    str(each.get("startDateTime") or ""),
                    until,
                    tenant.key_uses.get(str(each["keyId"]), ""),
                    f"{each['hint']}…" if each.get("hint") else "",
                    _risk(until, now),
                    (str(each["keyId"]), str(each.get("customKeyIdentifier") or "")),
                )
            )
    trusted = tenant.federated_identity_credentials.find("application", str(row["id"]).casefold())
    return [*found, *(_federated(each) for each in trusted)]


def shown(visit: Visit, app: Row) -> list[ShownCredential]:
    """Return all credentials of a registration, each with where it is declared."""
    return [
        replace(each, declared=labels.of_part(visit, app, _PARTS.get(each.type, "credentials"), *each.ids))
        for each in of(visit.tenant, app, visit.now)
    ]


def summary(tenant: Tenant, row: Row, now: dt.datetime) -> tuple[str, str, str]:
    """Return a list's cell: how many of each type, age and end, and the sign of risk."""
    found = of(tenant, row, now)
    if not found:
        return "none", "", ""
    types = {
        type_: sum(each.type == type_ for each in found) for type_ in ("Secret", "Certificate", "Federated")
    }
    names = {"Secret": "secret", "Certificate": "certificate", "Federated": "federated"}
    parts = [
        f"{number} {names[type_]}" if type_ == "Federated" else count(number, names[type_])
        for type_, number in types.items()
        if number
    ]
    ending = min((each.until for each in found if each.until), default="")
    oldest = min((each.since for each in found if each.since), default="")
    more = ", ".join(filter(None, (_old(oldest, now), _left(ending, now))))
    return ", ".join(parts), more, next((each.risk for each in found if each.risk), "")


def _federated(row: Row) -> ShownCredential:
    more = f"{row['issuer']} {row.get('subject') or ''}"
    return ShownCredential(
        "Federated",
        str(row["name"]),
        str(row["id"]),
        "",
        "",
        "",
        more,
        ids=(str(row["id"]), str(row["name"])),
    )


def _risk(until: str, now: dt.datetime) -> str:
    try:
        return "medium" if read_stamp(until) - now < _SOON else ""
    except ValueError:
        return ""


def _old(since: str, now: dt.datetime) -> str:
    return f"{span((now - read_stamp(since)).total_seconds())} old" if since else ""


def _left(until: str, now: dt.datetime) -> str:
    if not until:
        return ""
    left = (read_stamp(until) - now).total_seconds()
    return f"ends in {span(left)}" if left > 0 else "ended"
