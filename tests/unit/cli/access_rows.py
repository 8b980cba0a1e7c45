"""Applications of the worked example, edited in the tenant, and the holders that `access` lists."""

from __future__ import annotations

import json
from typing import Any

from entra_emulator import seed
from entra_emulator.embedded import Embedded
from entra_emulator.seed import fixed_id
from tests.unit.cli.ran import Run

ALICE = fixed_id(seed.CONTOSO, "user", "alice@contoso.com")


def app(tenant: Embedded, name: str) -> dict[str, Any]:
    """Return a registration of the example."""
    found = tenant.directory.default.one("applications", "displayName", f"MyApp {name} (dev)")
    assert found
    return found


def principal(tenant: Embedded, name: str) -> dict[str, Any]:
    """Return the service principal of a registration of the example."""
    found = tenant.directory.default.service_principal_by_app_id(app(tenant, name)["appId"])
    assert found
    return found


def edited(tenant: Embedded, name: str, **changes: Any) -> None:
    """Change a registration and what its service principal mirrors of it."""
    rows = tenant.directory.default
    rows.applications.put({**app(tenant, name), **changes})
    rows.service_principals.put({**principal(tenant, name), **changes})


def roles(tenant: Embedded, change: Any) -> None:
    """Change the roles of the API."""
    edited(tenant, "API", appRoles=change(app(tenant, "API")["appRoles"]))


def rows(run: Run, *more: str) -> list[dict[str, Any]]:
    """Return the holders that `access` lists."""
    found: list[dict[str, Any]] = json.loads(run("access", "-e", "dev", "--format", "json", *more).out)[
        "holders"
    ]
    return found
