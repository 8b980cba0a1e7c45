"""An application of the worked example that an administrator deletes, so that an apply restores it."""

from __future__ import annotations

from typing import Any

from entra_emulator import seed
from entra_emulator.embedded import Embedded
from entra_emulator.graph.batch import BatchPart
from entra_emulator.graph.call import HttpCall
from entra_emulator.graph.reading import read_query
from entra_emulator.graph.routing import split
from tests.unit.cli.ran import Run

# The exit code of an apply that withholds something.
ENVIRONMENTS = {"dev": 0, "prod": 3}
EVIL = {
    "name": "evil",
    "issuer": "https://token.actions.githubusercontent.com",
    "subject": "repo:evil/evil:ref:refs/heads/main",
    "audiences": ["api://AzureADTokenExchange"],
}
STAYS = "the service principal of nightly stays deleted, and its roles and consents with it: "


def hand(tenant: Embedded, method: str, path: str, body: Any = None) -> None:
    """Let an administrator do something."""
    raw = path.strip("/").split("/")
    http = HttpCall(method, ["v1.0", *raw], "", {}, b"", "https://graph.microsoft.com")
    service = tenant.app.graph
    caller = tenant.app_caller(seed.ADMIN_APP_ID)
    call = service.call(http, caller, BatchPart(method, split(raw), read_query(""), {}, body))
    assert service.run(call).status < 300


def nightly(tenant: Embedded, environment: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return our nightly job and its service principal."""
    tables = tenant.directory.tenants[seed.CONTOSO]
    wanted = {f"entra-config:owner=myapp/{environment}", "entra-config:key=nightly"}
    (app,) = [row for row in tables.applications if wanted <= set(row["tags"])]
    principal = tables.service_principal_by_app_id(app["appId"])
    assert principal is not None
    return app, principal


def applied(run: Run, environment: str) -> Any:
    """Apply with the word for restores."""
    return run("apply", "-e", environment, "--auto-approve", "--pins", "write", "--allow", "restore")
