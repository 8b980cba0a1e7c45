"""Open every page of the portal and of sign-in of a sample tenant and yield its text."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from tests.conformance.login.login_outcomes import action, hidden
from tests.conformance.login.login_world import REDIRECTS, World
from tests.golden.html_text import text_of
from tests.golden.masks import Masks
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.walking import Walk


def files(_: str = "") -> Iterator[tuple[str, str]]:
    """Yield the pages of the portal, a file for each route, and the pages of sign-in."""
    walk = Walk(example.browser())
    walk.browser.emulator.snapshots.save("before")
    walk.all()
    routes: dict[str, list[str]] = {}
    masks = Masks()
    for route, response, _page in walk.responses:
        request = response.request
        first = f"=== {request.method} {request.url.raw_path.decode()} {response.status_code}"
        shown = masks.text(f"{first}\n{text_of(response.text)}")
        routes.setdefault(route.partition(" ")[0], []).append(shown)
    for route, texts in sorted(routes.items()):
        name = route.removeprefix("/portal/{tenant}").strip("/").replace("/", ".") or "start"
        yield f"portal/{name}.txt", "\n".join(texts)
    for name, text in _sign_in(World()):
        yield f"sign-in/{name}.txt", Masks().text(text_of(text))


def _sign_in(world: World) -> Iterator[tuple[str, str]]:
    """Yield each page that a person gets who signs in: of a browser, of a device, of an administrator."""
    world.grant("public", "api", "user.read")
    first = world.authorize("spa", "openid api://api/user.read api://api/user.write")
    yield "sign-in", first.text
    form = {"flow": hidden(first, "flow"), "username": "nobody@contoso.com"}
    yield "sign-in-problem", world.browser.post(action(first), data=form).text
    yield "consent", world.choose(first, "bob").text
    asked = world.authorize("spa", "openid api://api/user.admin", prompt="login")
    yield "approval", world.choose(asked, "bob").text
    asked = world.authorize("spa", "openid api://api/user.admin", prompt="login")
    yield "consent-administrator", world.choose(asked, "grace").text
    asked = world.authorize("public", "openid api://api/user.read", prompt="login", response_mode="form_post")
    yield "form-post", world.choose(asked, "bob").text
    query = urlencode({"client_id": world.app_ids["web"], "redirect_uri": REDIRECTS["web"]})
    yield "admin-consent", world.browser.get(f"/{world.tenant.tenant_id}/adminconsent?{query}").text
    yield "error", world.authorize("spa", "openid", client_id=world.tenant.tenant_id).text
    yield from _device(world)
    yield "signed-out", world.browser.get(world.path("logout")).text
    yield "not-found", world.browser.get("/nowhere").text


def _device(world: World) -> Iterator[tuple[str, str]]:
    yield "device-code", world.browser.get("/devicelogin").text
    yield "device-code-problem", world.browser.post("/devicelogin", data={"user_code": "WRONG"}).text
    form = {"client_id": world.app_ids["public"], "scope": "openid api://api/user.read"}
    for decision in ("continue", "cancel"):
        code = world.browser.post(world.path("devicecode"), data=form).json()["user_code"]
        yield f"device-{decision}", world.browser.post("/devicelogin", data={"user_code": code}).text
        fields = {"user_code": code, "user": world.user("bob")["id"], "decision": decision}
        same = {"Sec-Fetch-Site": "same-origin"}
        yield f"device-{decision}-done", world.browser.post("/devicelogin", data=fields, headers=same).text
