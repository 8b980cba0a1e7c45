"""A tenant in; what tokens carry there, by the names that outlive an apply, out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.convergence.tenant import Tenant
from tests.oracle.attack.holdings import holdings

# Who or what holds, at which API, as what, which value.
Carried = tuple[str, str, str, str]


def by(tenant: Tenant) -> set[Carried]:
    """Return what everybody holds now."""
    named = ((_name(tenant, each.holder), _name(tenant, each.resource), each) for each in holdings(tenant.tables))
    # What is gone asks for no token any more.
    return {(holder, resource, each.sort, each.value) for holder, resource, each in named if holder and resource}


@contextmanager
def watched(tenant: Tenant) -> Iterator[set[Carried]]:
    """Collect what is held after each request while the block runs."""
    seen = by(tenant)
    service = tenant.emulator.app.graph
    answered = service.run

    def run(call: Any) -> Any:
        answer = answered(call)
        if call.method != "GET":
            seen.update(by(tenant))
        return answer

    service.run = run  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        service.run = answered  # type: ignore[method-assign]


def _name(tenant: Tenant, id_: str) -> str:
    """Return an application's key, or whatever else somebody is called; nothing where nobody is there."""
    tables = tenant.tables
    principal = tables.service_principals.get(id_) or {}
    app = tables.application_by_app_id(principal.get("appId", id_)) or tables.applications.get(id_)
    if app is not None:
        return next((tag for tag in app["tags"] if tag.startswith("entra-config:key=")), str(app["displayName"]))
    row = principal or tables.users.get(id_) or tables.groups.get(id_) or {}
    return str(row.get("displayName", ""))
