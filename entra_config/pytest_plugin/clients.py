"""A tenant and a web application in; test clients that send somebody's token with each request, out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from entra_config.pytest_plugin.tenant import EntraTenant

if TYPE_CHECKING:
    import httpx
    from flask import Flask
    from flask.testing import FlaskClient
    from starlette.testclient import TestClient

Client = TypeVar("Client")
# httpx asks for a host, and the application decides nothing by it.
BASE = "http://testserver"


def signed_in(make: Callable[[Any, str], Client], tenant: EntraTenant) -> Callable[..., Client]:
    """Return `(app, user, client, scopes)` that makes a client; without a user the client is itself the
    caller, and `scopes` names the API.
    """

    def client_of(app: Any, user: str | None, client: str, scopes: str | Iterable[str]) -> Client:
        if user is not None:
            token = tenant.token(user, client, scopes)
        elif isinstance(scopes, str):
            token = tenant.app_token(client, scopes)
        else:
            message = "an application by itself asks for one API, by a text"
            raise TypeError(message)
        return make(app, f"Bearer {token}")

    return client_of


def of_httpx(app: Any, authorization: str) -> httpx.AsyncClient:
    """Make httpx's client of an ASGI application."""
    import httpx

    headers = {"Authorization": authorization}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=BASE, headers=headers)


def of_starlette(app: Any, authorization: str) -> TestClient:
    """Make the test client of Starlette and FastAPI."""
    from starlette.testclient import TestClient

    return TestClient(app, headers={"Authorization": authorization})


def of_flask(app: Flask, authorization: str) -> FlaskClient:
    """Make Flask's test client."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = authorization
    return client
