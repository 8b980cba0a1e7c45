"""What was applied last in; where a registration or an assignment is declared, or that it is nowhere, out."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from entra_config.emulator.portal.marks import Mark, mark_of
from entra_config.emulator.portal.objects import NamedObject, named
from entra_config.emulator.portal.visit import Visit

Row = Mapping[str, Any]
NOWHERE = "Nowhere"
_ASSIGNMENT = "appRoleAssignment."


def of_application(visit: Visit, mark: Mark) -> str:
    """Return where the registration of a mark is declared; nothing where none such was applied here."""
    applied = visit.held.emulator.applied.of(visit.tenant.tenant_id, mark.owner) if mark else None
    return applied.places.get(f"application.{mark.key}", NOWHERE) if applied else ""


def of_assignment(visit: Visit, resource: Row, role: str, principal_id: str) -> str:
    """Return where an assignment is declared, or that it is nowhere; nothing where nobody can tell."""
    places = _assignments(visit, resource)
    if places is None:
        return ""
    principal = visit.tenant.service_principals.get(principal_id)
    names = {principal_id, *([mark_of(principal).key, _key(visit, principal)] if principal else [])}
    found = (place for (value, holder), place in places.items() if value == role and holder in names)
    return next(found, NOWHERE)


def missing(visit: Visit, resource: Row, held: set[tuple[str, str]]) -> list[tuple[str, NamedObject, str]]:
    """Return what is declared and not there: the role, who should have it, and the place."""
    places = _assignments(visit, resource) or {}
    lacking = {key: place for key, place in places.items() if key not in held and key[1] in _people(visit)}
    return [(role, named(visit, holder), place) for (role, holder), place in sorted(lacking.items())]


def _people(visit: Visit) -> set[str]:
    return {*visit.tenant.users.rows, *visit.tenant.groups.rows}


def _assignments(visit: Visit, resource: Row) -> dict[tuple[str, str], str] | None:
    app = visit.tenant.application_by_app_id(str(resource.get("appId")))
    mark = mark_of(app)
    applied = visit.held.emulator.applied.of(visit.tenant.tenant_id, mark.owner) if mark else None
    if applied is None:
        return None
    found = {}
    for address, place in applied.places.items():
        parts = address.removeprefix(_ASSIGNMENT).split("/")
        if address.startswith(_ASSIGNMENT) and len(parts) == 3 and unquote(parts[0]) == mark.key:
            found[unquote(parts[1]), parts[2].partition(":")[2]] = place
    return found


def _key(visit: Visit, principal: Row) -> str:
    return mark_of(visit.tenant.application_by_app_id(str(principal["appId"]))).key
