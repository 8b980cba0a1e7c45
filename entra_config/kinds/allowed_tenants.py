"""Which tenants may use an application of several: what beta alone takes and tells
(allowedTenantsAudience documentation), as a list of ids, and as Graph has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from entra_config.graph.request import Request
from entra_config.kinds.details import ALLOWED_TENANTS, Detail
from entra_config.kinds.directory import Live, Subject
from entra_config.manifest.fields.field import RESTRICTIONS
from entra_config.manifest.model import Application
from entra_config.resource import Value

AUDIENCE, SEVERAL = "signInAudience", "AzureADMultipleOrgs"
_TYPE = "#microsoft.graph."


def of_beta(paths: Iterable[str]) -> bool:
    """Tell whether one of some Graph paths is at the beta endpoint alone."""
    return RESTRICTIONS in paths


def questions(subject: Subject, application: Application | None) -> Mapping[Detail[Any], Request]:
    """Ask for them, where the manifest says any or makes an application of several tenants one of its own."""
    body = subject.application
    if body is None or application is None or subject.deleted:
        return {}
    leaves = body.get(AUDIENCE) == SEVERAL and application.settings[AUDIENCE].value != SEVERAL
    if RESTRICTIONS not in application.settings and not leaves:
        return {}
    path = f"/applications/{body['id']}?$select=id,{RESTRICTIONS}"
    return {ALLOWED_TENANTS: Request("GET", path, beta=True)}


def desired(application: Application, live: Live | None) -> Iterator[tuple[str, Value]]:
    """Yield what is wanted of a property of beta: the list, and none where the audience goes that it is of.

    Both go in one PATCH, so that at no time every tenant may use it (application-update documentation).
    """
    setting = application.settings.get(RESTRICTIONS)
    there = live is not None and live.subject.application is not None
    if setting is not None and (setting.value or there):
        yield RESTRICTIONS, setting.value
    elif setting is None and live is not None and any(each.ids for each in live.rows(ALLOWED_TENANTS)):
        yield RESTRICTIONS, []


def actual(live: Live, home: str) -> Iterator[tuple[str, Value]]:
    """Yield what is there, without the home tenant, which is always allowed, unless it is the only one."""
    for each in live.rows(ALLOWED_TENANTS):
        yield RESTRICTIONS, sorted(id_ for id_ in each.ids if id_ != home.lower()) or list(each.ids)


def read(live: Live) -> Iterator[tuple[str, Value]]:
    """Yield what is there as Graph told it."""
    for each in live.rows(ALLOWED_TENANTS):
        yield RESTRICTIONS, each.reported


def on_wire(ids: Iterable[str]) -> dict[str, Value]:
    """Return a list of tenants as Graph takes it; none of them restricts nothing."""
    if not (allowed := list(ids)):
        return {"@odata.type": f"{_TYPE}unrestrictedAudience"}
    return {
        "@odata.type": f"{_TYPE}allowedTenantsAudience",
        "isHomeTenantAllowed": True,
        "allowedTenantIds": allowed,
    }
