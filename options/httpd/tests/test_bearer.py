"""The site before the API, with real and forged tokens and headers; and past it, straight to the API."""

import base64
import functools
import json
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from api.app import create
from api.auth.proxy import CLAIMS
from api.tests import forgery, issuer
from api.tests.conftest import V2, settings
from api.tests.proxy_headers import said
from api.tests.token_attacks import CASES
from entra_emulator.api import tls
from options.bff.tests.world import USERS
from options.httpd.tests import backend
from options.httpd.tests.world import Httpd, counted
from tests.e2e import loopback

pytestmark = pytest.mark.options

#: What the tenant's own key has signed, and httpd or a header cannot tell from the real thing: nobody gets
#: more by it than the claims say, and a route that asks for proof refuses it.
LEFT_TO_PROOF = {
    "RS384 by the tenant's key": "mod_oauth2 takes what the key can verify",
    "RS512 by the tenant's key": "the same",
    "PS256 by the tenant's key": "the same",
    "no kid": "it tries the keys that there are",
    "a critical extension": "it reads no `crit`",
    "another type of token": "it reads no `typ`",
    "a logout token": "the same",
    "a second spelling of the signature": "it is the same signature",
    "nbf as text": "a number in quotes is a number in a header",
    "a name as a list": "it is shown as it is written",
    "scp null": "it is the scope `null`, which nothing asks for",
}
FORGED = {
    **dict.fromkeys(CLAIMS, "x"),
    **said(issuer.user_claims(time.time(), roles=["Admin"])),
}
STRANGE = {
    "OIDC_CLAIM_roles": '["Admin"]',
    "OIDC-CLAIM-oid": issuer.ALICE,
    "oidc_access_token": "x",
    "OAuth2_claim_roles": "Admin",
    "X_Auth_Roles": '["Admin"]',
    "X-Remote-User": "alice",
    "x-amzn-oidc-data": "x",
    "x-amzn-oidc-accesstoken": "x",
    "X-Auth-Anything": "x",
}


def attacks() -> list[dict[str, Any]]:
    """Return the table of the API's own tests, of tokens of version 2."""
    return [case for case in CASES if case.get("settings", "v2") == "v2"]


@pytest.fixture(scope="module")
def forge(world: Httpd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the site and the API for tokens that these tests sign."""
    now = time.time()
    with pytest.MonkeyPatch.context() as patch, backend.keys(world.base.tls, _published()) as keys:
        patch.setattr(issuer, "NOW", int(now))
        makers = {name: functools.partial(make, now) for name, make in forgery._CLAIMS.items()}
        patch.setattr(forgery, "_CLAIMS", makers)
        folder = tmp_path_factory.mktemp("forged")
        app = create(settings(folder, callers="proxy"), transport=issuer.KeyServer().transport())
        with backend.application(app) as port:
            yield from _started(world, f"http://127.0.0.1:{port}", keys)


def _published() -> list[dict[str, Any]]:
    return [issuer.jwk("one"), issuer.jwk("two")]


def _started(world: Httpd, behind: str, keys: int) -> Iterator[str]:
    values = {
        "TENANT_ID": V2["TENANT_ID"],
        "API_CLIENT_ID": V2["API_CLIENT_ID"],
        "API_URL": "https://api.example.com",
        "ISSUER": V2["ISSUER"],
        "JWKS_URL": f"https://localhost:{keys}/keys",
    }
    (port,) = loopback.free_ports(1)
    text = "".join(f'Define {name} "{value}"\n' for name, value in values.items())
    world.start("api", {"BACKEND": behind}, port, text)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        world.stop(f"api-{port}")


@pytest.fixture(scope="module")
def echo(world: Httpd) -> Iterator[str]:
    """Run the site before a server that says what reaches it."""
    written = (world.base.settings / "httpd-api.conf").read_text(encoding="utf-8")
    (port,) = loopback.free_ports(1)
    with backend.echo() as behind:
        world.start("api", {"BACKEND": f"http://127.0.0.1:{behind}"}, port, written)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            world.stop(f"api-{port}")


def token(world: Httpd, user: str = USERS["writer"]) -> dict[str, str]:
    """Return the header of a person's token."""
    return {"Authorization": f"Bearer {world.base.token(user, 'devClient', 'user.read', 'user.write')}"}


def test_a_token_of_entra_is_taken_and_its_rights_are_those_of_option_d(world: Httpd) -> None:
    """A Writer writes, a Reader reads, and what a role lacks is the API's own 403."""
    with httpx.Client(base_url=world.base.api, verify=False) as client:
        me = client.get("/me", headers=token(world)).json()
        assert (me["username"], me["roles"]) == (USERS["writer"], ["Writer"])
        assert client.post("/records", json={"title": "x"}, headers=token(world)).status_code == 201
        reader = token(world, USERS["reader"])
        refused = client.post("/records", json={"title": "x"}, headers=reader)
        assert (refused.status_code, "Writer" in refused.json()["detail"]) == (403, True)
        assert client.get("/records", headers=reader).status_code == 200
        assert client.get("/admin/data", headers=reader).status_code == 403


@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*"])
def test_who_has_no_token_gets_401_as_json(world: Httpd, accept: str) -> None:
    """A browser that opens an address of the API is not sent to sign in, and is told where people do."""
    response = httpx.get(f"{world.base.api}/me", headers={"Accept": accept}, verify=False)
    assert (response.status_code, response.headers["content-type"]) == (401, "application/problem+json")
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert (response.json()["status"], response.json()["signInPage"]) == (401, world.base.spa)


def test_open_paths_are_open_and_a_browsers_question_is_answered(world: Httpd) -> None:
    """Health and documentation need no token; a browser asks the API what it lets in."""
    for path in ("/healthz", "/readyz", "/openapi.json", "/"):
        assert httpx.get(world.base.api + path, verify=False).status_code == 200, path
    requested = {"Origin": world.base.spa, "Access-Control-Request-Method": "GET"}
    response = httpx.request("OPTIONS", f"{world.base.api}/me", headers=requested, verify=False)
    assert response.headers["access-control-allow-origin"] == world.base.spa


@pytest.mark.parametrize("case", attacks(), ids=lambda case: case["name"])
def test_each_attack_on_tokens_is_refused_by_one_of_the_two(forge: str, case: dict[str, Any]) -> None:
    """Httpd holds the signature and four claims, the API all of them: together what option D refuses."""
    made = forgery.forge(case["token"])
    sent = [
        ("Authorization", text.replace("{token}", made).encode())
        for text in case.get("send", ["Bearer {token}"])
    ]
    response = httpx.get(forge + case.get("path", "/me"), headers=sent)
    if case["name"] in LEFT_TO_PROOF:
        assert response.status_code == 200, response.text
        assert "Admin" not in response.json()["roles"]
        response = httpx.get(f"{forge}/admin/data", headers=sent)
    allowed = {200: {200}, 403: {403}}.get(case["status"], {400, 401, 403})
    assert response.status_code in allowed, response.text
    assert response.status_code == 200 or made[:40] not in response.text


def test_what_is_known_of_the_caller_is_of_the_token_alone(world: Httpd, echo: str) -> None:
    """Forged headers are gone, on closed paths and on open ones; each claim arrives as it is."""
    bearer = token(world)
    claims = json.loads(base64.urlsafe_b64decode(bearer["Authorization"].split(".")[1] + "=="))
    arrived = httpx.get(f"{echo}/records", headers={**FORGED, **bearer}).json()["headers"]
    known = {name: value for name, value in arrived.items() if name.startswith("x-auth")}
    assert known == {name.lower(): value for name, value in said(claims).items()}
    for path in ("/healthz", "/readyz", "/docs", "/openapi.json", "/"):
        response = httpx.get(echo + path, headers=FORGED)
        assert response.status_code == 200
        assert not [name for name in response.json()["names"] if "auth" in name], path
    response = httpx.request("OPTIONS", f"{echo}/records", headers=FORGED)
    assert not [name for name in response.json()["names"] if "auth" in name]


@pytest.mark.parametrize("path", ["/records", "/healthz", "/docs"])
@pytest.mark.parametrize("header", sorted(STRANGE))
def test_a_header_of_modules_and_gateways_is_refused_everywhere(
    world: Httpd, echo: str, header: str, path: str
) -> None:
    """Whoever sends one says of themselves who they are; the same request without it is fine."""
    bearer = token(world)
    assert httpx.get(echo + path, headers=bearer).status_code == 200
    assert httpx.get(echo + path, headers={**bearer, header: STRANGE[header]}).status_code == 403


def test_a_client_cannot_remove_a_claim_of_its_token(world: Httpd, echo: str) -> None:
    """A header that `Connection` names would not reach the API."""
    bearer = token(world)
    forged = {**bearer, "Connection": "close, X-Auth-Idtyp"}
    assert httpx.get(f"{echo}/records", headers=forged).status_code == 403
    assert httpx.get(f"{echo}/records", headers={**bearer, "Connection": "close"}).status_code == 200


def test_a_name_ends_no_header(forge: str) -> None:
    """A display name may hold any sign, and brings no role."""
    name = 'Ö "\\\r\nX-Auth-Roles: ["Admin"]\r\n\r\n'
    claims = issuer.user_claims(time.time(), name=name, roles=["Reader"])
    response = httpx.get(f"{forge}/me", headers={"Authorization": f"Bearer {issuer.sign(claims)}"})
    assert (response.status_code, response.json()["name"], response.json()["roles"]) == (
        200,
        name,
        ["Reader"],
    )


def test_an_hour_old_token_is_taken_until_it_ends(forge: str) -> None:
    """Httpd has no opinion of its own on how old a token may be."""
    claims = issuer.user_claims(time.time(), iat=int(time.time()) - 80_000, nbf=int(time.time()) - 80_000)
    response = httpx.get(f"{forge}/me", headers={"Authorization": f"Bearer {issuer.sign(claims)}"})
    assert response.status_code == 200


def test_a_route_that_asks_for_proof_gets_the_token(forge: str) -> None:
    """An administrator's token goes with the headers, and is verified again."""
    claims = issuer.user_claims(time.time(), roles=["Admin"])
    response = httpx.get(f"{forge}/admin/data", headers={"Authorization": f"Bearer {issuer.sign(claims)}"})
    assert response.status_code == 200


def test_the_alarm_counts_refused_tokens_and_nobody_without_one(world: Httpd, forge: str) -> None:
    """What the stacks' filter looks for is what httpd writes."""
    site = f"api-{urlsplit(forge).port}"
    bad = (
        "x",
        issuer.sign(issuer.user_claims(time.time(), aud="another")),
        issuer.sign(issuer.user_claims(9)),
    )
    for each in bad:
        before = counted("TokensRefusedByHttpd", world.log(site))
        assert httpx.get(f"{forge}/me", headers={"Authorization": f"Bearer {each}"}).status_code in {401, 403}
        assert counted("TokensRefusedByHttpd", world.log(site)) == before + 1
    assert httpx.get(f"{forge}/me").status_code == 401
    good = issuer.sign(issuer.user_claims(time.time()))
    assert httpx.get(f"{forge}/me", headers={"Authorization": f"Bearer {good}"}).status_code == 200
    assert counted("TokensRefusedByHttpd", world.log(site)) == before + 1


def test_a_stranger_in_place_of_the_keys_is_not_asked(world: Httpd, tmp_path: Path) -> None:
    """The keys come over TLS that the system's store vouches for: with another, no token is taken."""
    other = tls.ensure(tmp_path, datetime.now(UTC))
    with backend.keys(other, _published()) as keys, backend.echo() as behind:
        for base in _started(world, f"http://127.0.0.1:{behind}", keys):
            claims = issuer.user_claims(time.time())
            response = httpx.get(f"{base}/me", headers={"Authorization": f"Bearer {issuer.sign(claims)}"})
            assert response.status_code == 401


def test_past_httpd_the_api_listens_to_its_own_host_alone(world: Httpd) -> None:
    """There is no address of the task's network to send headers to; on loopback a token alone is nobody's."""
    own = {str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None)} - {
        "127.0.0.1",
        "::1",
    }
    for address in own:
        with pytest.raises(OSError, match=r"refused|unreachable|timed out"):
            socket.create_connection((address, world.api_port), 2).close()
    response = httpx.get(f"http://127.0.0.1:{world.api_port}/me", headers=token(world))
    assert response.status_code == 401
