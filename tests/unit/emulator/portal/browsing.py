"""A browser on the portal of an emulator in this process: it sends what browsers send, or else."""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
from starlette.requests import Request
from starlette.routing import Route
from starlette.testclient import TestClient

from entra_emulator import seed
from entra_emulator.app import Emulator, create_app
from entra_emulator.login import site
from entra_emulator.portal.door import FIELD
from entra_emulator.portal.pages import Portal
from entra_emulator.portal.visit import Visit
from tests.conformance.login.login_world import ORIGIN, World

CONTOSO = "/portal/contoso.onmicrosoft.com"
SAME = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}


class Browser:
    """The portal as somebody sees it who has it open."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()
        self.emulator: Emulator = create_app(
            self.world.directory, verify_token=self.world.service.verify_for_graph
        )
        self.world.service.traffic = self.emulator.traffic
        self.portal = Portal(self.world.service, self.emulator)
        self.emulator.site = self.world.app = site.build(self.world.service, self.portal.routes())
        self.world.browser = self.world.new_browser()
        self.client: httpx.Client = TestClient(self.emulator, base_url=ORIGIN)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Open a page; what does not begin with a slash is a page of Contoso."""
        return self.client.get(address(path), headers=headers)

    def post(
        self, path: str, form: Mapping[str, str] | None = None, *, headers: Mapping[str, str] = SAME
    ) -> httpx.Response:
        """Send a form of a page that was opened."""
        token = re.search(rf'name="{FIELD}" value="([^"]+)"', self.get("").text)
        assert token
        return self.client.post(address(path), data={FIELD: token[1], **(form or {})}, headers=headers)

    def visit(self) -> Visit:
        """Give what a page of Contoso draws on, without a request."""
        request = Request({"type": "http", "headers": []})
        return Visit(self.portal, request, self.world.tenant)

    def paths(self, method: str) -> Iterator[str]:
        """Give the portal's paths that answer a method, with ids in place of their holes."""
        for route in self.portal.routes():
            assert isinstance(route, Route)
            if method in (route.methods or ()) and "assets" not in route.path:
                path = route.path.replace("{tenant}", "contoso.onmicrosoft.com")
                yield path.replace("{rest:path}", "contoso.onmicrosoft.com/nothing").replace("{id}", "no-id")


def address(path: str) -> str:
    """Give the whole path."""
    return path if path.startswith("/") else f"{CONTOSO}/{path}".rstrip("/")


def text_of(page: str) -> str:
    """Return a page's text without its markup, spaces folded."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1]))).strip()


def graph(browser: Browser, method: str, path: str, body: Any = None) -> Any:
    """Ask Graph as the emulator's admin."""
    requested = {"client_id": seed.ADMIN_APP_ID, "scope": "https://graph.microsoft.com/.default"}
    token = browser.client.post("/emulator/token", json=requested).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "User-Agent": "a-test/1"}
    return browser.client.request(method, f"/v1.0{path}", json=body, headers=headers)


def group_of(browser: Browser, name: str) -> str:
    """Give the id of a group."""
    row = browser.world.tenant.one("groups", "displayName", name.casefold())
    assert row is not None
    return str(row["id"])


def role_page(browser: Browser, value: str) -> str:
    """Give the address of a role's page."""
    role = next(each for each in browser.world.application("api")["appRoles"] if each["value"] == value)
    return f"roles/{browser.world.principal('api')['id']}/{role['id']}"
