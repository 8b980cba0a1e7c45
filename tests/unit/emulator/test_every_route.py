"""Every route of the emulator as it runs, attacked: a route that is added is attacked from then on."""

import json
from pathlib import Path

import httpx
import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from entra_emulator import managed_identity, seeding
from entra_emulator.login.site import ENDPOINTS
from entra_emulator.portal.door import HEADER
from entra_emulator.server import Host
from entra_emulator.server_options import ServerOptions
from tests.unit.emulator.strangers import ANYTHING, ATTACKS, BODIES, EVIL, OF_PAGES, ORIGIN, Attack, Running

# Who may read these from a page, Microsoft says: the token that they need, or hand out, decides.
OPEN_TO_PAGES = (
    "/.well-known/",
    "/discovery/",
    "/oauth2/v2.0/token",
    "/oauth2/token",
    "/userinfo",
    "/userrealm/",
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Running:
    """Make one emulator for all attacks: nothing of them is to change it."""
    return Running(tmp_path_factory.mktemp("attacked"))


def refused_without_cors(response: httpx.Response, what: object) -> None:
    """Hold an answer to what a stranger may see of it."""
    assert not [name for name in response.headers if name.startswith("access-control")], what
    assert "Contoso" not in response.text, what


@pytest.mark.parametrize("name", ATTACKS)
def test_whatever_changes_in_the_portal_refuses_a_stranger(running: Running, name: str) -> None:
    """Each route that takes a change, one thing wrong: 403 with the reason, nothing changed, no CORS."""
    attack = ATTACKS[name]
    before = running.digest()
    changing = running.changing()
    assert len(changing) > 25
    for method, path in changing:
        for in_header in (False, True):
            response = running.send(method, path, attack, in_header=in_header)
            refused_without_cors(response, (method, path))
            # What is nowhere is refused to strangers too; a token is looked for where there is a page.
            missing = "nothing" in path and attack.reason == "token"
            wanted = {404} if missing else {403, 421} if name == "a rebound name" else {403}
            assert response.status_code in wanted, (method, path, response.text)
            assert missing or attack.reason in response.text, (method, path)
    assert running.digest() == before


def test_the_same_requests_with_nothing_wrong_are_let_in(tmp_path: Path) -> None:
    """The attacks above fail by what is wrong with them alone: without it each is let in, and some change."""
    running = Running(tmp_path)
    before = running.digest()
    for method, path in running.changing():
        if "/traffic/stream" not in path:
            assert running.send(method, path, Attack()).status_code not in (403, 421), path
    assert running.digest() != before


@pytest.mark.parametrize("host", ["evil.example:8443", "evil.localhost:8443", "127.0.0.1:8443", "localhost"])
def test_no_page_is_shown_under_another_name(running: Running, host: str) -> None:
    """Each page: refused with the reason, without a word of the tenant, without cookie and token."""
    before = running.digest()
    shown = [path for method, path in running.routes() if method == "GET" and path.startswith("/portal")]
    assert len(shown) > 25
    for path in [*shown, "/"]:
        if path.startswith("/portal/assets/"):
            continue
        response = running.browser.get(path, headers={"Host": host})
        assert response.status_code == (421 if host.startswith("evil.example") else 403), path
        refused_without_cors(response, path)
        assert running.token not in response.text
        assert "set-cookie" not in response.headers
    assert running.digest() == before


def test_to_look_changes_nothing(running: Running) -> None:
    """Each page and each control endpoint that is read, by whoever asks: the emulator stays as it was."""
    before = running.digest()
    for method, path in running.routes():
        if method == "GET":
            running.browser.get(path, headers={"Sec-Fetch-Site": "cross-site"})
            running.browser.get(path)
    for method, name in running.host.app.control.endpoints():
        if method == "GET":
            assert running.browser.get(f"/_emulator/{name}").status_code in (200, 400), name
    assert running.digest() == before


@pytest.mark.parametrize("name", OF_PAGES)
def test_no_page_steers_the_emulator(running: Running, name: str) -> None:
    """Each control endpoint, to change and to read: a page of another origin gets a refusal and no CORS."""
    before = running.digest()
    headers = {each: value for each, value in ATTACKS[name].headers.items() if value is not None}
    for method, endpoint in running.host.app.control.endpoints():
        for kind in ("application/json", "text/plain"):
            body = json.dumps(BODIES.get((method, endpoint), {})) if method != "GET" else ""
            response = running.browser.request(
                method, f"/_emulator/{endpoint}", content=body, headers={**headers, "Content-Type": kind}
            )
            refused_without_cors(response, (method, endpoint))
            assert response.status_code == (421 if name == "a rebound name" else 403), (method, endpoint)
            assert "not accepted" in response.text or name == "a rebound name", endpoint
    assert running.digest() == before


def test_a_rebound_name_steers_nothing_on_a_network_either(tmp_path: Path) -> None:
    """Where every `Host` is served, a name that was bound to the machine is no origin of the emulator."""
    host = Host(ServerOptions(tmp_path, insecure_on_a_network=True))
    headers = {"Host": "rebound.example:8443", "Origin": "https://rebound.example:8443"}
    browser = TestClient(host, base_url=ORIGIN)
    for method, endpoint in host.app.control.endpoints():
        content = json.dumps(BODIES.get((method, endpoint), {}))
        response = browser.request(method, f"/_emulator/{endpoint}", content=content, headers=headers)
        assert response.status_code == 403, (method, endpoint)


def test_a_program_steers_the_emulator(tmp_path: Path) -> None:
    """What the attacks send is what a program is let in with, and then it changes something."""
    running = Running(tmp_path)
    for method, endpoint in BODIES:
        before = running.digest()
        response = running.browser.request(method, f"/_emulator/{endpoint}", json=BODIES[method, endpoint])
        assert response.status_code == 200, (endpoint, response.text)
        assert running.digest() != before, endpoint


def test_no_preflight_is_granted(running: Running) -> None:
    """Each path of portal and control: a preflight gets no CORS header, whatever it asks for."""
    before = running.digest()
    paths = [path for _, path in running.routes() if path.startswith(("/portal", "/emulator/"))]
    paths += [f"/_emulator/{name}" for _, name in running.host.app.control.endpoints()]
    for path in ["/", *paths]:
        for origin in (EVIL, "null", "https://localhost:5173", ORIGIN):
            headers = {
                "Origin": origin,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": HEADER,
                "Access-Control-Request-Private-Network": "true",
            }
            response = running.browser.options(path, headers=headers)
            refused_without_cors(response, path)
            assert response.status_code in (403, 404, 405), path
    assert running.digest() == before


def test_sign_in_changes_nothing_for_a_page_that_is_not_its_own(running: Running) -> None:
    """Each of its endpoints, with a body of anything: no change, and CORS only where Microsoft has it."""
    before = running.digest()
    known = {path for path, _, _ in ENDPOINTS} | {seeding.PATH, managed_identity.LOOK_UP_PATH}
    others = {"/", "/portal"}
    for route in running.site.routes:
        assert isinstance(route, Route)
        assert route.path in known or route.path in others or route.path.startswith("/portal/"), route.path
    for method, path in running.routes():
        if path.startswith("/portal") or path == "/":
            continue
        headers = {"Origin": EVIL, "Sec-Fetch-Site": "cross-site"}
        response = running.browser.request(method, path, data=ANYTHING, headers=headers)
        assert response.status_code < 500, (method, path)
        granted = [name for name in response.headers if name == "access-control-allow-origin"]
        # Pages may read refusals: MSAL reports a network error otherwise.
        opened = response.status_code >= 400 or any(part in path for part in OPEN_TO_PAGES)
        assert not granted or opened, path
        if path.startswith("/emulator/"):
            assert response.status_code == 400, path
    assert running.digest() == before
