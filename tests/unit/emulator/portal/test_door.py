"""Who may change or stream through the portal: its own pages in this process, and nobody else."""

from pathlib import Path

import httpx

from entra_emulator import background, seed
from entra_emulator.portal.door import FIELD, HEADER
from entra_emulator.server_options import ServerOptions
from tests.conformance.login.login_world import World
from tests.unit.emulator.portal.browsing import CONTOSO, SAME, Browser


def test_the_cookie_of_another_process_opens_nothing() -> None:
    """The emulator was started anew: a page that was open says so, and that it has to be loaded again."""
    browser, other = Browser(), Browser()
    browser.get("")
    stolen = {FIELD: other.portal.door.token}
    for form in (stolen, {FIELD: "é"}):
        response = browser.client.post(f"{CONTOSO}/faults/set", data=form, headers=SAME)
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
