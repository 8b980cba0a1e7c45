"""The site before the page: what a stranger, another site or a forged header gets of a session."""

import re
import socket
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest

from options.bff.tests.world import USERS
from options.httpd.tests.world import Browser, Httpd, set_by

pytestmark = pytest.mark.options

PROBLEM = "application/problem+json"


@pytest.mark.parametrize("path", ["/session", "/api/me", "/api/records"])
@pytest.mark.parametrize("site", ["cross-site", "same-site", "cross-site, none"])
def test_no_other_site_reads(writer: Browser, path: str, site: str) -> None:
    """Neither by fetch nor in a frame; a person may follow a link."""
    assert writer.get(path, **{"Sec-Fetch-Site": site}).status_code == 403
    framed = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    assert writer.get(path, **framed).status_code == 403
    followed = {**framed, "Sec-Fetch-Dest": "document"}
    response = writer.get(path, **followed)
    assert response.status_code == 200
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    "query",
    [
        "logout=https%3A%2F%2Flocalhost%2F",
        "logout=get",
        "x=1&logout=backchannel",
        "iss=x",
        "target_link_uri=x",
    ],
)
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_other_site_signs_out_or_in(writer: Browser, query: str, site: str) -> None:
    """A link or a picture of an attacker's page is no wish to leave."""
    response = writer.client.get(
        f"{writer._world.origin}/auth/callback?{query}",
        headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
        follow_redirects=False,
    )
    assert response.status_code == 403
    assert writer.session()["account"] is not None


@pytest.mark.parametrize(
    "query",
    [
        "info=json",
        "info=html",
        "refresh=/&access_token=x",
        "revoke_session=x",
        "remove_at_cache=x",
        "jwks=rsa",
        "request_uri=x",
        "x=1&info=json",
        "dpop=x",
    ],
)
def test_what_the_module_does_besides_is_closed(writer: Browser, query: str) -> None:
    """Its address tells no token, renews none and forgets none."""
    response = writer.get(f"/auth/callback?{query}")
    assert response.status_code == 403
    assert "eyJ" not in response.text


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "https://127.0.0.1@evil.example/",
        "https://127.0.0.1.evil.example/",
        "javascript:alert(1)",
        "/%09/evil.example",
        "/\r\nX: y",
    ],
)
def test_a_sign_out_leads_nowhere_else(world: Httpd, writer: Browser, to: str) -> None:
    """Nor does the module's own way to begin a sign-in."""
    for query in (f"logout={quote(to, safe='')}", f"iss=x&target_link_uri={quote(to, safe='')}"):
        address = f"{world.origin}/auth/callback?{query}"
        response = writer.client.get(
            address, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False
        )
        location = response.headers.get("location", "")
        requested = parse_qs(urlsplit(location).query).get("post_logout_redirect_uri", [""])[0]
        for each in (location, requested):
            assert not re.match(r"(https?:)?[/\\]{2,}[^/]*evil|javascript:|/[\\\t]", each), location
        assert urlsplit(location).netloc in {
            "",
            urlsplit(world.base.emulator).netloc,
            urlsplit(world.origin).netloc,
        }


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example", ""])
def test_another_host_is_another_site(world: Httpd, host: str) -> None:
    """Addresses are made of the settings, never of a header."""
    for path in ("/", "/session", "/auth/sign-in", "/api/me"):
        response = httpx.get(f"http://127.0.0.1:{world.web_port}{path}", headers={"Host": host})
        assert response.status_code in {400, 421}
    headers = {
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "host=evil.example",
        "X-Forwarded-Proto": "http",
    }
    response = world.browser().client.get(
        f"{world.origin}/auth/sign-in", headers=headers, follow_redirects=False
    )
    requested = parse_qs(urlsplit(response.headers["location"]).query)
    assert requested["redirect_uri"] == [f"{world.origin}/auth/callback"]
    assert all("secure" in each for each in set_by(response, "__Host-").values())


@pytest.mark.parametrize(
    "path",
    [
        "/api/..%2fme",
        "/api//me",
        "/api/%2e%2e/me",
        "/api/x%5c..%5cme",
        "/api/me%00",
        "/api/./me",
    ],
)
def test_a_path_that_two_servers_read_differently_goes_nowhere(
    world: Httpd, writer: Browser, path: str
) -> None:
    """What was looked at here is what the API gets."""
    cookies = "; ".join(f"{each.name}={each.value}" for each in writer.client.cookies.jar)
    host = urlsplit(world.origin).netloc
    with socket.create_connection(("127.0.0.1", world.web_port), 10) as raw:
        raw.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\nConnection: close\r\n\r\n".encode()
        )
        response = raw.makefile("rb").read()
    assert response.split(b" ")[1] in {b"400", b"403", b"404"}, response[:300]


def test_a_bearer_token_and_forged_headers_are_nobody_here(world: Httpd, writer: Browser) -> None:
    """The session alone says who calls; what another way of knowing would trust changes nothing."""
    token = world.base.token(USERS["reader"], "devClient", "user.read")
    stranger = world.browser()
    forged = {"Authorization": f"Bearer {token}", "X-Auth-Roles": '["Admin"]', "X-Auth-Oid": "x"}
    assert stranger.get("/api/me", Accept="application/json", **forged).status_code == 401
    assert stranger.get("/session", **forged).json()["account"] is None
    me = writer.get("/api/me", **forged).json()
    assert (me["username"], me["roles"]) == (USERS["writer"], ["Writer"])
    cookies = "; ".join(f"{each.name}={each.value}" for each in writer.client.cookies.jar)
    for header in (
        "OIDC_CLAIM_roles",
        "OIDC-CLAIM-sub",
        "OIDC_access_token",
        "X-Remote-User",
        "x-amzn-oidc-data",
    ):
        for path in ("/api/me", "/session", "/", "/auth/sign-in"):
            # Past the load balancer, which drops a name with underscores before httpd sees it.
            sent = {"Host": urlsplit(world.origin).netloc, "Cookie": cookies, header: "x"}
            response = httpx.get(f"http://127.0.0.1:{world.web_port}{path}", headers=sent)
            assert response.status_code == 403, (header, path)
