"""A tenant in; what is held there and what tokens carry, by the names that outlive an apply, out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from entra_emulator.signing_in import IssuedToken, SigningIn
from tests.convergence.tenant import Tenant
from tests.oracle.attack.holdings import holdings

# Who, through or at which application, as what, which value.
Carried = tuple[str, str, str, str]
# One of each group that the manifests name, and whom they name themselves.
PEOPLE = ("alice", "bob", "carol", "judy")
KEY = "entra-config:key="


def held(tenant: Tenant) -> set[Carried]:
    """Return what everybody holds now: what tokens are made of."""
    named = (
        (_name(tenant, each.holder), _name(tenant, each.resource), each) for each in holdings(tenant.tables)
    )
    # What is gone asks for no token any more.
    return {
        (holder, resource, each.type, each.value) for holder, resource, each in named if holder and resource
    }


def tokens(tenant: Tenant) -> set[Carried]:
    """Return what the tokens of people through each client, and of each client by itself, carry at each
    API of the project.
    """
    # Only their claims are read.
    entry = SigningIn.of(tenant.emulator.directory, bits=1024)
    ours = {_name(tenant, row["appId"]): row["appId"] for row in tenant.applications()}
    apis = {name: app_id for name, app_id in ours.items() if _has_permissions(tenant, app_id)}
    found: set[Carried] = set()
    for api, resource in apis.items():
        for client, app_id in ours.items():
            response = entry.application(app_id, resource)
            found |= (
                {(client, api, "role", value) for value in response.roles}
                if isinstance(response, IssuedToken)
                else set()
            )
            for person in PEOPLE:
                reported = entry.person(f"{person}@contoso.com", app_id, f"{resource}/.default")
                if isinstance(reported, IssuedToken):
                    found |= {(person, api, "role", value) for value in reported.roles}
                    found |= {(person, f"{client} {api}", "scope", value) for value in reported.scopes}
    return found


@contextmanager
def watched(tenant: Tenant, look: Callable[[Tenant], set[Any]] = held) -> Iterator[set[Any]]:
    """Collect what is there after each write while the block runs."""
    seen = look(tenant)
    service = tenant.emulator.app.graph
    responded = service.run

    def run(call: Any) -> Any:
        response = responded(call)
        if call.method != "GET":
            seen.update(look(tenant))
        return response

    service.run = run
    try:
        yield seen
    finally:
        service.run = responded


def _has_permissions(tenant: Tenant, app_id: str) -> bool:
    app = tenant.tables.application_by_app_id(app_id)
    return app is not None and bool(app["appRoles"] or app["api"]["oauth2PermissionScopes"])


def _name(tenant: Tenant, id_: str) -> str:
    """Return an application's key, or whatever else somebody is called; nothing where nobody is there."""
    tables = tenant.tables
    principal = tables.service_principals.get(id_) or {}
    app = tables.application_by_app_id(principal.get("appId", id_)) or tables.applications.get(id_)
    if app is not None:
        return next(
            (tag.removeprefix(KEY) for tag in app["tags"] if tag.startswith(KEY)), str(app["displayName"])
        )
    row = principal or tables.users.get(id_) or tables.groups.get(id_) or {}
    return str(row.get("displayName", ""))
