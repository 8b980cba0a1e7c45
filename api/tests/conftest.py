"""Fixtures: settings, a clock, a key server, and the API in process."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create
from api.settings import EntraSettings, ServerSettings, Settings
from api.tests.balancer import ARN, PAGE, Region
from api.tests.issuer import API, LOGIN, SPA, TENANT, URI, Clock, KeyServer

V2: dict[str, Any] = {
    "ENVIRONMENT": "prod",
    "PROTECTED": True,
    "TENANT_ID": TENANT,
    "API_CLIENT_ID": API,
    "API_APP_ID_URI": URI,
    "AUTHORITY": f"{LOGIN}/{TENANT}",
    "ISSUER": f"{LOGIN}/{TENANT}/v2.0",
    "JWKS_URL": f"{LOGIN}/{TENANT}/discovery/v2.0/keys",
    "OPENID_CONFIGURATION_URL": f"{LOGIN}/{TENANT}/v2.0/.well-known/openid-configuration",
    "TOKEN_VERSION": 2,
    "CORS_ORIGINS": ("https://app.example.com",),
    "OPENAPI_CLIENT_ID": SPA,
}
V1 = V2 | {"TOKEN_VERSION": 1, "ISSUER": f"https://sts.windows.net/{TENANT}/"}


def settings(folder: Path, values: dict[str, Any] = V2, **server: Any) -> Settings:
    """Make the settings of one process; `server` overrides the operator's."""
    return Settings(
        EntraSettings(**values), ServerSettings(**{"database": folder / "records.sqlite3", **server})
    )


def alb(folder: Path, **server: Any) -> Settings:
    """Return the settings of ALB mode."""
    own = {"ALB_CLIENT_ID": SPA, "ALB_PAGE_URL": PAGE}
    return settings(folder, V2 | own, **{"callers": "alb", "alb_arn": ARN, **server})


@pytest.fixture
def clock() -> Clock:
    """Make time pass when told to."""
    return Clock()


@pytest.fixture
def server() -> KeyServer:
    """Make the tenant's key server."""
    return KeyServer()


@pytest.fixture
def entra_api(tmp_path: Path, entra_tenant: Any) -> Iterator[TestClient]:
    """Start the API on a tenant of this test's own, in which the manifest is applied."""
    own = {
        "ENVIRONMENT": "dev",
        "PROTECTED": False,
        "API_CLIENT_ID": entra_tenant.app_id("api"),
        "API_APP_ID_URI": f"api://{entra_tenant.app_id('api')}",
        "TENANT_ID": entra_tenant.tenant_id,
        "AUTHORITY": entra_tenant.authority,
        "ISSUER": entra_tenant.issuer,
        "JWKS_URL": entra_tenant.jwks_url,
        "OPENID_CONFIGURATION_URL": f"{entra_tenant.issuer}/.well-known/openid-configuration",
    }
    app = create(settings(tmp_path, V2 | own, emulator=True), transport=entra_tenant.transport)
    with TestClient(app, raise_server_exceptions=False) as started:
        yield started


@pytest.fixture
def client(tmp_path: Path, clock: Clock, server: KeyServer) -> Iterator[TestClient]:
    """Start the API under the settings of a protected environment."""
    app = create(
        settings(tmp_path), transport=server.transport(), now=clock, monotonic=clock, sleep=clock.sleep
    )
    with TestClient(app, raise_server_exceptions=False) as started:
        yield started


@pytest.fixture
def region() -> Region:
    """Make the servers of keys."""
    return Region()


@pytest.fixture
def behind(tmp_path: Path, clock: Clock, region: Region) -> Iterator[TestClient]:
    """Start the API behind a load balancer."""
    app = create(alb(tmp_path), transport=region.transport(), now=clock, monotonic=clock, sleep=clock.sleep)
    with TestClient(app, raise_server_exceptions=False, base_url=PAGE) as started:
        yield started
