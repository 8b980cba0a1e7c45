"""Swagger UI's pages: from this origin alone, under a strict policy."""

import re

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.routes.root import router
from api.tests.issuer import LOGIN, SPA

PAGES = ["/docs", "/docs/oauth2-redirect.html"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_load_nothing_from_elsewhere(client: TestClient, path: str) -> None:
    """Each script, style and picture comes from this origin, and none is inline."""
    page = client.get(path)
    assert page.status_code == 200
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|https?://", page.text) == []
    for reference in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        served = client.get(str(page.url.join(reference)))
        assert served.status_code == 200, reference
        assert served.content


@pytest.mark.parametrize("path", PAGES)
def test_the_policy_allows_no_foreign_or_inline_script(client: TestClient, path: str) -> None:
    """Scripts come from this origin, and the page talks to it and to Entra only."""
    policy = dict(
        part.strip().split(" ", 1) for part in client.get(path).headers["Content-Security-Policy"].split(";")
    )
    assert (policy["script-src"], policy["connect-src"]) == ("'self'", f"'self' {LOGIN}")


def test_the_page_knows_its_client(client: TestClient) -> None:
    """The sign-in uses the client of the settings, and the document names Entra's endpoints."""
    assert client.get("/docs/config.json").json() == {"clientId": SPA}
    flow = client.get("/openapi.json").json()["components"]["securitySchemes"]["entra"]["flows"][
        "authorizationCode"
    ]
    assert flow["authorizationUrl"].startswith(LOGIN)
    assert flow["tokenUrl"].endswith("/oauth2/v2.0/token")
    assert sorted(flow["scopes"].values()) == ["user.admin", "user.read", "user.write"]


def test_the_root_says_where_to_go(client: TestClient) -> None:
    """Whoever opens the API's address in a browser finds a page, and each of its links answers."""
    page = client.get("/")
    links = re.findall(r'href="([^"]+)"', page.text)

    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert links == ["/docs", "/openapi.json", "/readyz"]
    assert all(client.get(link).status_code == 200 for link in links)


def test_the_root_names_no_documentation_that_is_not_served() -> None:
    """Where `SERVER_DOCS` is off, the page says what is left."""
    app = FastAPI()
    app.include_router(router(documented=False))

    assert re.findall(r'href="([^"]+)"', TestClient(app).get("/").text) == ["/readyz"]
