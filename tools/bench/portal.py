"""How long the emulator's portal takes for a page of a tenant with 10,000 applications; Markdown out.

The aim: a list or a page in less than 300 ms. In process, over the whole app, median and most of some.
"""

from __future__ import annotations

import statistics
import time

from starlette.testclient import TestClient

from entra_emulator import site
from entra_emulator.api import Row, Tenant, seed
from entra_emulator.app import create_app
from entra_emulator.login.service import SignIn

HEAD = "| page | ms, median | ms, most |\n|---|---:|---:|"
APPLICATIONS = 10_000
_ROLE = "9d000000-0000-4000-8000-000000000001"


def report(*, quick: bool = False) -> list[str]:
    """Return one row for each page."""
    number = 1_000 if quick else APPLICATIONS
    directory = seed.contoso(seed="bench")
    tenant = directory.default
    user = {**next(iter(tenant.users)), "type": "User"}
    role = {
        "id": _ROLE, "value": "Reader", "displayName": "Reader", "description": "", "isEnabled": True,
        "allowedMemberTypes": ["User"],
    }  # fmt: skip
    app = principal = {}
    for count in range(number):
        tags = [f"entra-config:owner=orders/{count % 50}", f"entra-config:key=app{count}"]
        app = seed.add_application(tenant, f"Orders app {count:05}", tags=tags, appRoles=[role])
        principal = seed.add_service_principal(tenant, app)
        seed.assign(tenant, user, principal, _ROLE)
    many = _linked(tenant, principal, number)
    service = SignIn.create(directory)
    emulator = create_app(directory, verify_token=service.verify_for_graph)
    site.assemble(service, emulator)
    browser = TestClient(emulator, base_url=service.origin)
    pages = {
        "Start": "",
        "Registrations": "/registrations",
        "Registrations, page 200": "/registrations?page=200",
        "Registrations, found by a part of the name": "/registrations?q=app+0999",
        "Registrations, last changed first": "/registrations?order=changed",
        "Registrations whose credentials end soon": "/registrations?credentials=ending",
        "Enterprise applications": "/enterprise",
        "Users": "/users",
        "App roles": "/roles",
        "Grants": "/grants",
        "Grants, found by a scope": "/grants?q=tasks.0999",
        "Deleted": "/deleted",
        "A registration whose role all have": f"/registrations/{app['id']}",
        "An enterprise application whose role all have": f"/enterprise/{principal['id']}",
        "A role that all have, page 200": f"/roles/{principal['id']}/{_ROLE}?page=200",
        "A role that all have, found by a name": f"/roles/{principal['id']}/{_ROLE}?q=person+0999",
        "A group of all": f"/groups/{many['id']}",
        "A person with a role at each": f"/users/{user['id']}",
        "A person with a role at each, page 200": f"/users/{user['id']}?page=200",
        "A grant": f"/grants/{next(iter(tenant.oauth2_permission_grants))['id']}",
        "A deleted person": f"/deleted/{next(iter(tenant.deleted_items))['id']}",
        "The question before the application is deleted": f"/edit/delete?application={app['id']}",
        "Find": "/find?q=Orders+app+09999",
        "Token lab": "/token",
    }
    runs = 2 if quick else 7
    rows = [_row(browser, name, path, runs) for name, path in pages.items()]
    return [*rows, *_changed(browser, tenant, runs)]


def _changed(browser: TestClient, tenant: Tenant, runs: int) -> list[str]:
    """Apply something, change ten people by hand, and return the rows of what compares with it."""
    reported = {"tenant": tenant.tenant_id, "source": "orders/1", "labels": [], "applied": True}
    browser.put("/_emulator/labels", json=reported).raise_for_status()
    for number, user in enumerate(list(tenant.users)[-10:]):
        tenant.users.put({**user, "jobTitle": f"Tester {number}"})
    since = {"Start, with what changed since an apply": "", "Changes since the last apply": "/changes"}
    return [_row(browser, name, path, runs) for name, path in since.items()]


def _linked(tenant: Tenant, api: Row, number: int) -> Row:
    """Give a tenant as many people, who all have a role of an application and are in one group, grants and
    deleted people; return the group.
    """
    group = seed.add_group(tenant, "Everybody of the bench")
    for count in range(number):
        user = seed.add_user(tenant, f"person{count:05}@contoso.com", f"Person {count:05}")
        seed.assign(tenant, {**user, "type": "User"}, api, _ROLE)
        tenant.members.add(group["id"], user["id"])
        gone = {
            **user,
            "id": seed.fixed_id("gone", str(count)),
            "_type": "user",
            "_assignments": [],
            "_grants": [],
        }
        tenant.deleted_items.put({**gone, "deletedDateTime": "2026-11-01T00:00:00Z"})
    for count, client in enumerate(tenant.service_principals):
        ends = {"clientId": client["id"], "resourceId": api["id"], "principalId": None}
        grant = {"id": f"grant{count}", "consentType": "AllPrincipals", "scope": f"tasks.{count:05}", **ends}
        tenant.oauth2_permission_grants.put(grant)
    return group


def _row(browser: TestClient, name: str, path: str, runs: int) -> str:
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        response = browser.get(f"/portal/contoso.onmicrosoft.com{path}")
        taken.append((time.perf_counter() - started) * 1000)
        assert response.status_code == 200, response.text
    return f"| {name} | {statistics.median(taken):.0f} | {max(taken):.0f} |"
