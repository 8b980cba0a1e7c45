"""How long the emulator's portal takes for a page of a tenant with 10,000 applications; Markdown out.

The aim: a list or a page in less than 300 ms. In process, over the whole app, median and most of some.
"""

from __future__ import annotations

import statistics
import time

from starlette.testclient import TestClient

from entra_config.emulator import seed, site
from entra_config.emulator.app import create_app
from entra_config.emulator.login.service import SignIn

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
    service = SignIn.create(directory)
    emulator = site.assemble(service, create_app(directory, verify_token=service.verify_for_graph))
    browser = TestClient(emulator, base_url=service.origin)
    pages = {
        "Start": "",
        "Registrations": "/registrations",
        "Registrations, page 200": "/registrations?page=200",
        "Registrations, found by a part of the name": "/registrations?q=app+0999",
        "Registrations, last changed first": "/registrations?order=changed",
        "Registrations whose credentials end soon": "/registrations?credentials=ending",
        "Enterprise applications": "/enterprise",
        "Roles": "/roles",
        "A registration": f"/registrations/{app['id']}",
        "An enterprise application": f"/enterprise/{principal['id']}",
        "A person with a role at each": f"/users/{user['id']}",
        "Find": "/find?q=Orders+app+09999",
        "Token lab": "/token",
    }
    return [_row(browser, name, path, 2 if quick else 7) for name, path in pages.items()]


def _row(browser: TestClient, name: str, path: str, runs: int) -> str:
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        answer = browser.get(f"/portal/contoso.onmicrosoft.com{path}")
        taken.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, answer.text
    return f"| {name} | {statistics.median(taken):.0f} | {max(taken):.0f} |"
