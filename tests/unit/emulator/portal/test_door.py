"""Who may change or stream through the portal: its own pages in this process, and nobody else."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from entra_emulator import background, seed
from entra_emulator.portal.door import FIELD, HEADER
from entra_emulator.server_options import ServerOptions
from tests.conformance.login.login_world import ORIGIN, World
from tests.unit.emulator.portal.browsing import CONTOSO, SAME, Browser

Change = Callable[[dict[str, str], dict[str, str]], None]
EVIL = "https://evil.example"


def state_of(browser: Browser) -> str:
    """Give all that a request through the portal could have changed."""
    emulator = browser.emulator
    clock = browser.world.clock.now().isoformat()
    return json.dumps([browser.world.directory.dump(), emulator.faults.describe(), clock], sort_keys=True)


def with_header(name: str, value: str | None) -> Change:
    """Send a header otherwise, or not at all."""

    def change(headers: dict[str, str], form: dict[str, str]) -> None:
        headers.pop(name, None)
        if value is not None:
            headers[name] = value

    return change


def without_token(value: str | None) -> Change:
    """Send another token, or none."""

    def change(headers: dict[str, str], form: dict[str, str]) -> None:
        form.pop(FIELD)
        if value is not None:
            form[FIELD] = value

    return change


REFUSED: dict[str, tuple[Change, str]] = {
    "rebound host": (with_header("Host", "evil.example:8443"), "The portal is at"),
    "another name of this machine": (with_header("Host", "evil.localhost:8443"), "The portal is at"),
    "the address of this machine": (with_header("Host", "127.0.0.1:8443"), "The portal is at"),
    "another port": (with_header("Host", "localhost:9443"), "The portal is at"),
    "a longer host": (with_header("Host", "localhost:8443.evil.example"), "The portal is at"),
    "another origin": (with_header("Origin", EVIL), "It came from"),
    "a page on another port": (with_header("Origin", "https://localhost:5173"), "It came from"),
    "plain http": (with_header("Origin", "http://localhost:8443"), "It came from"),
    "a sandboxed frame": (with_header("Origin", "null"), "It came from"),
    "no origin": (with_header("Origin", None), "It came from"),
    "another case of the origin": (with_header("Origin", ORIGIN.upper()), "It came from"),
    "cross-site": (with_header("Sec-Fetch-Site", "cross-site"), "Sec-Fetch-Site"),
    "same-site": (with_header("Sec-Fetch-Site", "same-site"), "Sec-Fetch-Site"),
    "typed by hand": (with_header("Sec-Fetch-Site", "none"), "Sec-Fetch-Site"),
    "a program": (with_header("Sec-Fetch-Site", None), "Sec-Fetch-Site"),
    "no cookie": (with_header("Cookie", ""), "cookie"),
    "no token": (without_token(None), "token"),
    "another token": (without_token("x" * 43), "token"),
    "an empty token": (without_token(""), "token"),
    "a token that is no text of ours": (without_token("é"), "token"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_one_thing_that_is_not_ours_is_enough_to_be_refused(name: str) -> None:
    """Whatever path of the portal takes a change: 403 with the reason, and nothing was changed."""
    change, reason = REFUSED[name]
    browser = Browser()
    browser.get("")
    before = state_of(browser)
    for path in browser.paths("POST"):
        headers = dict(SAME)
        form = {FIELD: browser.portal.door.token, "latency_ms": "5", "seconds": "3600", "token": "a.b.c"}
        change(headers, form)
        client = browser.client
        if headers.get("Cookie") == "":
            del headers["Cookie"]
            client = type(client)(browser.emulator, base_url=ORIGIN)
        response = client.post(path, data=form, headers=headers, follow_redirects=False)
        assert response.status_code in ({403, 404} if "token" in reason and "nothing" in path else {403}), (
            path
        )
        assert response.status_code == 404 or reason in response.text, (path, response.text)
        assert not [each for each in response.headers if each.startswith("access-control")]
        assert response.headers["x-frame-options"] == "DENY"
    assert state_of(browser) == before


def test_the_cookie_of_another_process_opens_nothing() -> None:
    """The emulator was started anew: a page that was open says so, and that it has to be loaded again."""
    browser, other = Browser(), Browser()
    browser.get("")
    stolen = {FIELD: other.portal.door.token}
    response = browser.client.post(f"{CONTOSO}/faults/set", data=stolen, headers=SAME)
    assert (response.status_code, "started anew" in response.text) == (403, True)
    other.client.cookies = browser.client.cookies
    response = other.client.post(f"{CONTOSO}/faults/set", data=stolen, headers=SAME)
    assert (response.status_code, "started anew" in response.text) == (403, True)


def test_the_cookie_is_of_this_host_alone_and_not_for_scripts() -> None:
    """`__Host-`: Secure, path /, no domain; SameSite=Strict; and it is not the token that pages hold."""
    browser = Browser()
    cookie = browser.get("").headers["set-cookie"]
    name, _, rest = cookie.partition("=")
    assert name == "__Host-entra-emulator-8443"
    assert {part.strip().casefold() for part in rest.split(";")[1:]} == {
        "path=/", "secure", "httponly", "samesite=strict",
    }  # fmt: skip
    assert rest.split(";")[0] != browser.portal.door.token


def test_a_page_of_this_process_may() -> None:
    """By the field of its form, or by the header of its script."""
    browser = Browser()
    assert browser.post("faults/set", {"latency_ms": "5"}).status_code == 200
    assert browser.emulator.faults.plan.latency_ms == 5
    headers = {**SAME, HEADER: browser.portal.door.token}
    response = browser.client.post(f"{CONTOSO}/faults/off", headers=headers, follow_redirects=False)
    assert response.status_code == 303


@pytest.mark.parametrize("host", ["evil.example:8443", "evil.localhost:8443", "127.0.0.1:8443", "localhost"])
def test_no_page_is_shown_under_another_name(host: str) -> None:
    """A name that was bound to this machine afterwards shows nothing of the tenant, and gives no cookie."""
    browser = Browser()
    for path in browser.paths("GET"):
        response = browser.client.get(path, headers={"Host": host}, follow_redirects=False)
        assert response.status_code == 403, path
        assert "Contoso" not in response.text
        assert browser.portal.door.token not in response.text
        assert "set-cookie" not in response.headers


def test_a_port_that_is_published_as_another(tmp_path: Path) -> None:
    """As a container's is: refused by the name of the option, and with it served there, issuer and portal."""
    for public in (0, 9443):
        state = tmp_path / str(public)
        running = background.start(ServerOptions(state, port=0, public_port=public))
        try:
            trust = background.trust_of(state)
            with httpx.Client(base_url=running.origin, verify=trust) as client:
                there = {"Host": "localhost:9443"}
                page = client.get(CONTOSO, headers=there)
                requested = {"client_id": seed.ADMIN_APP_ID, "scope": "https://graph.microsoft.com/.default"}
                token = client.post("/emulator/token", json=requested, headers=there).json()["access_token"]
                head = {"Authorization": f"Bearer {token}"}
                assert client.get("/v1.0/users", headers=head).status_code == 200
                found = client.get("/common/v2.0/.well-known/openid-configuration", headers=there).json()
                if public:
                    assert page.status_code == 200
                    assert found["token_endpoint"].startswith("https://localhost:9443/")
                    form = {
                        FIELD: page.text.split(f'name="{FIELD}" value="')[1].split('"')[0],
                        "latency_ms": "5",
                    }
                    own = {**there, "Origin": "https://localhost:9443", "Sec-Fetch-Site": "same-origin"}
                    own["Cookie"] = page.headers["set-cookie"].split(";")[0]
                    assert client.post(f"{CONTOSO}/faults/set", data=form, headers=own).status_code == 303
                    refused = client.get(CONTOSO)
                    assert f"--public-port {running.port}" in refused.text
                else:
                    assert page.status_code == 403
                    assert "start the emulator with --public-port 9443" in page.text
        finally:
            background.end(state)


def test_no_page_may_be_read_framed_or_scripted_by_another() -> None:
    """Every answer: a policy without inline script or style, no frame, no CORS, whatever the origin asks."""
    browser = Browser()
    for path in browser.paths("GET"):
        for method in ("GET", "OPTIONS"):
            headers = {"Origin": EVIL, "Access-Control-Request-Method": "POST"}
            response = browser.client.request(method, path, headers=headers, follow_redirects=False)
            assert not [name for name in response.headers if name.startswith("access-control")], path
            if method == "OPTIONS" or response.status_code == 307:
                continue
            policy = response.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "nonce" not in policy
            assert "frame-ancestors 'none'" in policy
            assert response.headers["cross-origin-resource-policy"] == "same-origin"
            assert "<style" not in response.text
            assert " style=" not in response.text
            assert "<script>" not in response.text


def test_a_body_without_an_end_is_not_read() -> None:
    """Who does not say how much comes, or says too much, is refused before anything is read."""
    browser = Browser()
    browser.get("")
    for length in ("99999999999", "1e3", "-1", "٣"):
        request = browser.client.build_request("POST", f"{CONTOSO}/faults/set", headers=SAME, content=b"x")
        request.headers["content-length"] = length.encode("utf-8").decode("latin-1")
        response: httpx.Response = browser.client.send(request)
        assert (response.status_code, "larger than" in response.text) == (403, True), length


def test_going_back_leads_nowhere_else() -> None:
    """A form says to which page it goes back; an address beyond the portal is not taken."""
    browser = Browser()
    browser.get("")
    for address in ("https://evil.example/", "//evil.example/portal/", "/portal/\\evil", "/v1.0/me", ""):
        response = browser.client.post(
            f"{CONTOSO}/as",
            data={FIELD: browser.portal.door.token, "as": "", "back": address},
            headers=SAME,
            follow_redirects=False,
        )
        assert response.headers["location"] == CONTOSO, address


def test_a_changed_cookie_of_the_person_chooses_nobody_unknown() -> None:
    """As whom changes are made is one of the tenant's people, whatever the cookie says."""
    browser = Browser(World())
    bob = browser.world.user("bob")["id"]
    assert browser.post("as", {"as": bob, "back": f"{CONTOSO}/users"}).status_code == 200
    assert f'value="{bob}" selected' in browser.get("").text
    browser.client.cookies.set("__Host-entra-emulator-8443-as", "nobody", domain="localhost.local")
    assert "Grace Green (Global Administrator)</option>" in browser.get("").text
