"""A test of pytest's in; a tenant of its own, tokens of it and clients that are signed in to it, out.

pytest finds this by the entry point `pytest11`. Until a test asks for a fixture nothing more is imported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx
    from flask.testing import FlaskClient
    from starlette.testclient import TestClient

    from entra_config.pytest_plugin.tenant import EntraTenant
    from entra_emulator.api import Tenants

_MARKERS = (
    "entra_faults(**faults): what goes wrong at Graph in this test, e.g. throttle_rate=1",
    "entra_clock(at=TIME, advance=SECONDS): what time it is at Entra in this test",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings that say what each tenant begins with."""
    parser.addini("entra_manifest", "the manifest that is applied to each tenant (a file or a folder)")
    parser.addini("entra_environment", "which of its environments; default: the only one")
    parser.addini("entra_snapshot", "a snapshot file that each tenant begins with, instead of a manifest")


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers."""
    for line in _MARKERS:
        config.addinivalue_line("markers", line)


@pytest.fixture(scope="session")
def entra_base(pytestconfig: pytest.Config) -> Tenants:
    """Give what each tenant begins with, made once: the example's people and, where pytest's settings name a
    manifest, what it declares. Override it to begin with something else; nobody writes to it.
    """
    from entra_config.pytest_plugin import base

    folder, names = pytestconfig.rootpath, ("entra_manifest", "entra_environment", "entra_snapshot")
    return base.make(folder, *(str(pytestconfig.getini(name) or "") for name in names))


@pytest.fixture
def entra_tenant(entra_base: Tenants, request: pytest.FixtureRequest) -> EntraTenant:
    """Give a tenant of this test's own: what the test writes, no other sees."""
    from entra_config.pytest_plugin.tenant import EntraTenant

    faults = {name: value for mark in _marks(request, "entra_faults") for name, value in mark.kwargs.items()}
    times = {name: value for mark in _marks(request, "entra_clock") for name, value in mark.kwargs.items()}
    return EntraTenant.of(entra_base, faults=faults, **times)


@pytest.fixture
def entra_token(entra_tenant: EntraTenant) -> Callable[..., str]:
    """Give `entra_token(user, client, scopes)`: the access token of a person who signed in to a client."""
    return entra_tenant.token


@pytest.fixture
def entra_app_token(entra_tenant: EntraTenant) -> Callable[[str, str], str]:
    """Give `entra_app_token(client, resource)`: the access token of an application by itself."""
    return entra_tenant.app_token


@pytest.fixture
def entra_httpx_client(entra_tenant: EntraTenant) -> Callable[..., httpx.AsyncClient]:
    """Give `entra_httpx_client(app, user, client, scopes)`: httpx's client of an ASGI application, signed
    in.
    """
    from entra_config.pytest_plugin import clients

    return clients.signed_in(clients.of_httpx, entra_tenant)


@pytest.fixture
def entra_starlette_client(entra_tenant: EntraTenant) -> Callable[..., TestClient]:
    """Give `entra_starlette_client(app, user, client, scopes)`: the test client of Starlette and FastAPI,
    signed in.
    """
    from entra_config.pytest_plugin import clients

    return clients.signed_in(clients.of_starlette, entra_tenant)


@pytest.fixture
def entra_flask_client(entra_tenant: EntraTenant) -> Callable[..., FlaskClient]:
    """Give `entra_flask_client(app, user, client, scopes)`: Flask's test client, signed in."""
    from entra_config.pytest_plugin import clients

    return clients.signed_in(clients.of_flask, entra_tenant)


def _marks(request: pytest.FixtureRequest, name: str) -> list[Any]:
    # The nearest marker decides, so it comes last.
    return list(request.node.iter_markers(name))[::-1]
