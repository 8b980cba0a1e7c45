"""The token endpoint: its answers, its refusals, codes, refresh tokens and the rules for pages."""

import base64
import datetime as dt
import json

import httpx
import pytest

from tests.conformance.login.login_world import REDIRECTS, SECRET, SPA_ORIGIN, Outcome, World, header, hidden

fact = pytest.mark.fact
SCOPE = "openid profile offline_access api://api/user.read"
DAY = 24 * 3600


def code_for(world: World, client: str, **parameters: str) -> str:
    """Sign bob in and return the code."""
    world.grant(client, "api", "user.read")
    return world.read(world.choose(world.authorize(client, SCOPE, **parameters), "bob")).body["code"]


def refused(outcome: Outcome, code: int, error: str, status: int) -> bool:
    """Tell whether an outcome is that refusal."""
    return (outcome.kind, outcome.code, outcome.error, outcome.status) == ("refusal", code, error, status)


@fact("error body", source="EMU-FIX", grade="R")
def test_error_body(world: World) -> None:
    """A refusal has the recorded members in order, ids that end in 00 and echo, and single spaces in its
    text.
    """
    headers = {"client-request-id": "11112222-3333-4444-5555-666677778888"}
    form = {
        "grant_type": "client_credentials",
        "client_id": world.app_ids["daemon"],
        "client_secret": "no",
        "scope": "x/.default",
    }
    response = world.browser.post(world.path("token"), data=form, headers=headers)
    body = response.json()
    names = "error error_description error_codes timestamp trace_id correlation_id error_uri"
    assert list(body) == names.split()
    assert response.status_code == 401
    assert body["correlation_id"] == headers["client-request-id"]
    assert body["trace_id"].endswith("00")
    assert body["error_description"].endswith(
        f" Trace ID: {body['trace_id']} Correlation ID: {body['correlation_id']} Timestamp: "
        f"{body['timestamp']}"
    )
    assert dt.datetime.fromisoformat(body["timestamp"]) == world.clock.now().replace(microsecond=0)
    assert body["error_uri"].endswith("/error?code=7000215")
    assert response.headers["cache-control"] == "no-store, no-cache"


@fact(
    "a parameter that is there twice",
    source="MicrosoftDocs/azure-dev-docs#934, microsoft-authentication-library-for-android#688",
    grade="R",
)
@pytest.mark.parametrize("name", ["scope", "grant_type", "client_secret", "unknown"])
def test_parameters_twice(world: World, name: str) -> None:
    """The token endpoint names it, whatever it says; so does the sign-in page, which goes nowhere then."""
    form = {
        "grant_type": "client_credentials",
        "client_id": world.app_ids["daemon"],
        "client_secret": SECRET,
        "scope": "api://api/.default",
        "unknown": "x",
    }
    response = world.browser.post(world.path("token"), data={**form, name: [form[name], form[name]]})
    assert (response.status_code, response.json()["error"], response.json()["error_codes"]) == (
        400,
        "invalid_request",
        [9000411],
    )
    text = f"AADSTS9000411: The request is not properly formatted. The parameter '{name}' is duplicated."
    assert response.json()["error_description"].startswith(text)
    requested = [
        ("client_id", world.app_ids["web"]),
        ("response_type", "code"),
        ("scope", "openid"),
        (name, "x"),
        (name, "x"),
    ]
    page = world.browser.get(world.path("authorize"), params=requested)
    assert page.status_code in {200, 400}
    assert "AADSTS9000411" in page.text


@fact("parameters, grants and clients", source="EMU-FIX", grade="R")
@pytest.mark.parametrize(
    ("client", "form", "code", "error"),
    [
        ("daemon", {}, 900144, "invalid_request"),
        ("daemon", {"grant_type": "nonsense"}, 70003, "unsupported_grant_type"),
        ("daemon", {"grant_type": "authorization_code"}, 900144, "invalid_request"),
        ("daemon", {"grant_type": "refresh_token"}, 900144, "invalid_request"),
        ("daemon", {"grant_type": "refresh_token", "refresh_token": "nonsense"}, 9002313, "invalid_grant"),
        ("daemon", {"grant_type": "client_credentials", "resource": "x"}, 901002, "invalid_request"),
        (
            "99999999-9999-9999-9999-999999999999",
            {"grant_type": "client_credentials"},
            700016,
            "unauthorized_client",
        ),
        (
            "00000000-0000-0000-0000-000000000000",
            {"grant_type": "client_credentials"},
            700038,
            "unauthorized_client",
        ),
        ("", {"grant_type": "client_credentials"}, 900144, "invalid_request"),
    ],
)
def test_malformed_requests(world: World, client: str, form: dict[str, str], code: int, error: str) -> None:
    """What is missing or unknown is refused by name."""
    assert refused(world.token(client, form), code, error, 400)


@fact("the token endpoint says invalid_request for an unknown tenant", source="JSNOCK", grade="R")
@pytest.mark.parametrize(("tenant", "code"), [("nobody.example", 90002), ("nonsense", 900023)])
def test_unknown_tenant(world: World, tenant: str, code: int) -> None:
    """At the token endpoint 90002 is `invalid_request`."""
    response = world.browser.post(f"/{tenant}/oauth2/v2.0/token", data={"grant_type": "client_credentials"})
    assert (response.status_code, response.json()["error"], response.json()["error_codes"]) == (
        400,
        "invalid_request",
        [code],
    )


@fact("/common has no application tokens", source="ED:v2-oauth2-client-creds-grant-flow", grade="D")
def test_app_only_needs_a_tenant(world: World) -> None:
    """Client credentials on /common are refused."""
    form = {"grant_type": "client_credentials", "client_id": world.app_ids["daemon"], "client_secret": SECRET}
    response = world.browser.post("/common/oauth2/v2.0/token", data={**form, "scope": "api://api/.default"})
    assert response.json()["error_codes"] == [9001023]


@fact("app-only answers have exactly four members", source="EMU-FIX", grade="R")
def test_app_only_answer(world: World) -> None:
    """An app-only answer has type, two lifetimes and the token, and nothing else."""
    body = world.app_only("daemon", "api://api/.default").body
    assert set(body) == {"token_type", "expires_in", "ext_expires_in", "access_token"}
    assert body["expires_in"] == body["ext_expires_in"] == 3599


@fact("delegated answers, order", source="MSALJS", grade="R")
def test_delegated_answer(world: World) -> None:
    """A delegated answer has the recorded members in order; client_info holds the home ids."""
    body = world.redeem_code("web", code_for(world, "web")).body
    names = "token_type scope expires_in ext_expires_in access_token refresh_token id_token client_info"
    assert list(body) == names.split()
    info = json.loads(base64.urlsafe_b64decode(body["client_info"] + "=="))
    assert info == {"uid": world.user("bob")["id"], "utid": world.tenant.tenant_id}


@fact("iat and nbf are five minutes back", source="", grade="S", verdict="uncertain")
def test_times(world: World) -> None:
    """Iat = nbf = now - 300; an application's token has exp - iat = 3900, a user's lives 60 to 90 minutes."""
    now = int(world.clock.now().timestamp())
    app = world.app_only("daemon", "api://api/.default").claims
    assert (app["iat"], app["nbf"], app["exp"]) == (now - 300, now - 300, now + 3600)
    user = world.redeem_code("web", code_for(world, "web"))
    assert 3600 <= user.claims["exp"] - now <= 5400
    assert user.id_claims["exp"] - user.id_claims["iat"] == 3900
    assert user.body["expires_in"] == user.claims["exp"] - now - 1


@fact("headers of tokens", source="MSALJS", grade="R")
def test_headers(world: World) -> None:
    """v2 tokens have typ, alg, kid; v1 tokens x5t too; Graph's a nonce that makes them nobody else's to
    verify.
    """
    world.set("other", api={"requestedAccessTokenVersion": 1})
    v2, v1, graph = (
        world.app_only("daemon", f"{resource}/.default").body["access_token"]
        for resource in ("api://api", "api://other", "https://graph.microsoft.com")
    )
    assert list(header(v2)) == ["typ", "alg", "kid"]
    assert list(header(v1)) == ["typ", "alg", "x5t", "kid"]
    assert header(v1)["x5t"] == header(v1)["kid"]
    assert list(header(graph)) == ["typ", "nonce", "alg", "x5t", "kid"]


@fact("order of claims; sub, uti, rh", source="EMU-FIX", grade="R")
def test_opaque_claims(world: World) -> None:
    """Five claims lead and the alphabet follows; sub is pairwise; uti ends in a zero byte; rh holds tenant
    and resource.
    """
    found = world.redeem_code("web", code_for(world, "web"))
    names = list(found.claims)
    assert names[:5] == ["aud", "iss", "iat", "nbf", "exp"]
    assert names[5:] == sorted(names[5:])
    assert found.claims["sub"] != found.id_claims["sub"]
    assert len(found.claims["sub"]) == 43
    assert base64.urlsafe_b64decode(found.claims["uti"] + "==")[-1] == 0
    assert len(base64.urlsafe_b64decode(found.claims["rh"][2:-1] + "==")) == 40


@fact("client authentication by Basic, URL-encoded", source="RFC 6749 2.3.1, clients", grade="C")
def test_basic_authentication(world: World) -> None:
    """Client id and secret may come in a Basic header."""
    credentials = base64.b64encode(
        f"{world.app_ids['daemon']}:{SECRET.replace('-', '%2D')}".encode()
    ).decode()
    form = {"grant_type": "client_credentials", "scope": "api://api/.default"}
    headers = {"Authorization": f"Basic {credentials}"}
    assert world.browser.post(world.path("token"), data=form, headers=headers).status_code == 200


@fact("multipart bodies are accepted", source="", grade="S", verdict="uncertain")
def test_multipart(world: World) -> None:
    """The form may come as multipart/form-data."""
    form = {"grant_type": "client_credentials", "client_id": world.app_ids["daemon"], "client_secret": SECRET}
    fields = {name: (None, value) for name, value in {**form, "scope": "api://api/.default"}.items()}
    assert world.browser.post(world.path("token"), files=fields).status_code == 200


@fact("a code works once", source="identity-web#2489", grade="R")
def test_code_reuse(world: World) -> None:
    """The second use of a code is refused with 54005."""
    code = code_for(world, "web")
    assert world.redeem_code("web", code).kind == "token"
    assert refused(world.redeem_code("web", code), 54005, "invalid_grant", 400)


@fact(
    "a wrong verifier does not use the code up",
    source="AADSTS501481; that the code stays good was not seen",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize("client", ["spa", "web", "public"])
def test_wrong_verifier(world: World, client: str) -> None:
    """501481 for a wrong verifier, from any client that sent a challenge; the right one works afterwards."""
    code = code_for(world, client)
    assert refused(world.redeem_code(client, code, code_verifier="wrong"), 501481, "invalid_grant", 400)
    assert refused(world.redeem_code(client, code, code_verifier=""), 501481, "invalid_grant", 400)
    assert world.redeem_code(client, code).kind == "token"


@fact("S256", source="ED:v2-oauth2-auth-code-flow", grade="D")
def test_s256(world: World) -> None:
    """A challenge by S256 is the hash of the verifier (the example of RFC 7636)."""
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    code = code_for(world, "web", code_challenge=challenge, code_challenge_method="S256")
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert world.redeem_code("web", code, code_verifier=verifier).kind == "token"


@fact("expired and foreign codes", source="ED:reference-error-codes", grade="D", verdict="uncertain")
def test_expired_and_foreign_codes(world: World) -> None:
    """A code lives ten minutes, belongs to one client and one redirect URI."""
    code = code_for(world, "web")
    assert world.redeem_code("web", code, redirect_uri="https://elsewhere.example").code == 500112
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECTS["web"]}
    assert world.token("foreign", form).code == 9002313
    world.clock.advance(601)
    assert refused(world.redeem_code("web", code), 70008, "invalid_grant", 400)


@fact("one resource at the token endpoint", source="aad_oauth#328", grade="R")
def test_one_resource_per_token(world: World) -> None:
    """Consent is collected for several resources, a token is for one: 28000."""
    both = "offline_access api://api/user.read api://other/user.read"
    page = world.response_consent(world.choose(world.authorize("web", both), "bob"))
    code = world.read(page).body["code"]
    assert refused(world.redeem_code("web", code, scope=both), 28000, "invalid_scope", 400)
    first = world.redeem_code("web", code)
    assert first.claims["aud"] == world.app_ids["api"]
    assert world.refresh("web", first, "api://other/user.read").claims["aud"] == world.app_ids["other"]


@fact("Origin rules", source="kulala.nvim#758, msal-js#2482", grade="R")
@pytest.mark.parametrize(
    ("client", "origin", "code"),
    [
        ("spa", SPA_ORIGIN, 0),
        ("spa", None, 9002327),
        ("web", None, 0),
        ("web", SPA_ORIGIN, 9002326),
        ("public", None, 0),
        ("public", SPA_ORIGIN, 9002326),
    ],
)
def test_origin_rules(world: World, client: str, origin: str | None, code: int) -> None:
    """Codes and refresh tokens of SPA redirect URIs are redeemed from pages only, all others never."""
    form = {
        "grant_type": "authorization_code",
        "code": code_for(world, client),
        "redirect_uri": REDIRECTS[client],
        "code_verifier": "a verifier long enough to be accepted as one",
    }
    outcome = world.token(client, form, origin=origin)
    assert outcome.code == code
    if code:
        return
    again = {"grant_type": "refresh_token", "refresh_token": outcome.body["refresh_token"]}
    assert world.token(client, again, origin=None if origin else SPA_ORIGIN).code in {9002326, 9002327}


@fact("client credentials never from a page", source="azure-docs#76480", grade="R")
def test_no_client_credentials_from_a_page(world: World) -> None:
    """A page that sends a client secret is refused with 9002326, which names its origin."""
    form = {"grant_type": "client_credentials", "scope": "api://api/.default"}
    outcome = world.token("daemon", form, origin="https://evil.example")
    assert refused(outcome, 9002326, "invalid_request", 400)
    assert "Request origin: 'https://evil.example'." in outcome.text


@fact("CORS of the token endpoint, refusals too", source="clients", grade="C", verdict="uncertain")
def test_cors(world: World) -> None:
    """Answers and refusals are readable by the page that asked; a preflight is answered."""
    headers = {"Origin": SPA_ORIGIN}
    response: httpx.Response = world.browser.post(
        world.path("token"), data={"grant_type": "x"}, headers=headers
    )
    assert response.status_code == 400
    assert response.headers["access-control-allow-origin"] == SPA_ORIGIN
    preflight = world.browser.options(world.path("token"), headers=headers)
    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (200, SPA_ORIGIN)


@fact("credentials that do not fit the client", source="ChannelSurf#38, azure-docs#96567", grade="R")
def test_credentials_that_do_not_fit(world: World) -> None:
    """A confidential client without credential is 401 7000218, a public one with a credential 700025."""
    form = {
        "grant_type": "authorization_code",
        "code": code_for(world, "web"),
        "redirect_uri": REDIRECTS["web"],
    }
    form["code_verifier"] = "a verifier long enough to be accepted as one"
    assert refused(world.token("web", form, secret=None), 7000218, "invalid_client", 401)
    form |= {"code": code_for(world, "public"), "redirect_uri": REDIRECTS["public"]}
    assert refused(world.token("public", form, secret=SECRET), 700025, "invalid_client", 401)


@fact("rotation without reuse detection", source="ED:refresh-tokens", grade="D")
def test_rotation(world: World) -> None:
    """Each use returns a new refresh token, and the old one stays valid."""
    first = world.redeem_code("web", code_for(world, "web"))
    second = world.refresh("web", first)
    assert second.body["refresh_token"] != first.body["refresh_token"]
    assert world.refresh("web", first).kind == world.refresh("web", second).kind == "token"


@fact("90 days of inactivity", source="foundry-dev-tools#707", grade="R")
def test_inactivity(world: World) -> None:
    """A refresh token lives 90 days after its last use, which begins anew with each."""
    first = world.redeem_code("web", code_for(world, "web"))
    world.clock.advance(89 * DAY)
    second = world.refresh("web", first)
    world.clock.advance(89 * DAY)
    assert world.refresh("web", second).kind == "token"
    outcome = world.refresh("web", first)
    assert refused(outcome, 700082, "invalid_grant", 400)
    assert outcome.body["suberror"] == "bad_token"


@fact("24 hours for SPAs, never extended", source="msal-js#6765, #7033", grade="R")
def test_spa_lifetime(world: World) -> None:
    """A SPA's refresh tokens end 24 hours after the sign-in, however often they were used."""
    first = world.redeem_code("spa", code_for(world, "spa"))
    world.clock.advance(DAY - 60)
    second = world.refresh("spa", first)
    assert second.body["refresh_token_expires_in"] == 59
    world.clock.advance(60)
    outcome = world.refresh("spa", second)
    assert refused(outcome, 700084, "invalid_grant", 400)
    assert outcome.body["suberror"] == "bad_token"


@fact("revoked sign-in sessions", source="ED:refresh-tokens", grade="D", verdict="uncertain")
def test_revoked_sessions(world: World) -> None:
    """What was issued before the user's sessions were revoked is refused, what comes after works."""
    first = world.redeem_code("web", code_for(world, "web"))
    world.clock.advance(10)
    world.set_user("bob", signInSessionsValidFromDateTime=world.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert refused(world.refresh("web", first), 50173, "invalid_grant", 400)
    again = world.redeem_code("web", code_for(world, "web", prompt="login"))
    assert world.refresh("web", again).kind == "token"


@fact("client = resource", source="ED:reference-error-codes", grade="D")
def test_a_token_for_itself(world: World) -> None:
    """An application may ask for a token for itself by its id only: 90009."""
    world.grant("middle", "middle", "user.read")
    scope = "offline_access {}/user.read"
    by_id = world.sign_in("middle", "bob", scope.format(world.app_ids["middle"]))
    assert by_id.claims["aud"] == world.app_ids["middle"]
    assert refused(world.refresh("middle", by_id, "api://middle/user.read"), 90009, "invalid_request", 400)


@fact("device code", source="PNP", grade="R")
def test_device_code(world: World) -> None:
    """A device waits with 70016, is declined, expires, and is served once somebody signed in."""
    world.grant("public", "api", "user.read")
    form = {"client_id": world.app_ids["public"], "scope": SCOPE}
    start = world.browser.post(world.path("devicecode"), data=form).json()
    assert list(start) == [
        "user_code",
        "device_code",
        "verification_uri",
        "expires_in",
        "interval",
        "message",
    ]
    assert (len(start["user_code"]), start["expires_in"]) == (9, 900)
    poll = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": start["device_code"]}
    assert refused(world.token("public", poll), 70016, "authorization_pending", 400)
    page = world.browser.post("/devicelogin", data={"user_code": start["user_code"]})
    assert "Are you trying to sign in to Public?" in page.text
    fields = {"user_code": start["user_code"], "user": world.user("bob")["id"], "decision": "continue"}
    assert "You have signed in" in world.browser.post("/devicelogin", data=fields).text
    world.set("spa", isFallbackPublicClient=True)
    other = world.token("spa", poll, origin=None)  # whoever got hold of the code is another client
    assert refused(other, 70019, "bad_verification_code", 400)
    assert world.token("public", poll).claims["preferred_username"] == "bob@contoso.com"
    assert refused(world.token("public", poll), 70019, "bad_verification_code", 400)


@fact("declined and expired device codes", source="ED:v2-oauth2-device-code", grade="D")
def test_device_code_that_fails(world: World) -> None:
    """`authorization_declined` and `expired_token`, both 400."""
    form = {"client_id": world.app_ids["public"], "scope": SCOPE}
    poll = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}
    declined = world.browser.post(world.path("devicecode"), data=form).json()
    world.browser.post("/devicelogin", data={"user_code": declined["user_code"], "decision": "cancel"})
    assert (
        world.token("public", {**poll, "device_code": declined["device_code"]}).error
        == "authorization_declined"
    )
    expired = world.browser.post(world.path("devicecode"), data=form).json()
    world.clock.advance(901)
    assert refused(
        world.token("public", {**poll, "device_code": expired["device_code"]}), 70020, "expired_token", 400
    )


@fact("an application that is not public", source="PNP", grade="R")
def test_device_code_of_a_confidential_client(world: World) -> None:
    """Without `isFallbackPublicClient` the poll is 401 7000218."""
    form = {"client_id": world.app_ids["spa"], "scope": SCOPE}
    start = world.browser.post(world.path("devicecode"), data=form).json()
    poll = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": start["device_code"]}
    assert refused(world.token("spa", poll, origin=None), 7000218, "invalid_client", 401)


@fact("assertions that cannot be exchanged", source="teams-company-communicator#214", grade="R")
def test_on_behalf_of_refusals(world: World) -> None:
    """App-only, expired, forged and id tokens are no assertions."""
    world.grant("spa", "middle", "user.read")
    world.grant("middle", "api", "user.read")
    good = world.sign_in("spa", "bob", "openid api://middle/user.read")
    token = good.body["access_token"]
    app_only = world.app_only("daemon", "api://middle/.default").body["access_token"]
    assert refused(
        world.on_behalf_of("middle", app_only, "api://api/user.read"), 7000114, "unauthorized_client", 400
    )
    forged = token[:-8] + "AAAAAAAA"
    assert refused(world.on_behalf_of("middle", forged, "api://api/user.read"), 50013, "invalid_grant", 400)
    assert refused(
        world.on_behalf_of("middle", "nonsense", "api://api/user.read"), 50027, "invalid_request", 400
    )
    id_token = world.sign_in("middle", "bob", "openid").body["id_token"]
    assert refused(world.on_behalf_of("middle", id_token, "api://api/user.read"), 50013, "invalid_grant", 400)
    assert refused(world.on_behalf_of("middle", token, ""), 900144, "invalid_request", 400)
    not_consented = world.on_behalf_of("middle", token, "api://other/user.read")
    assert not_consented.body["suberror"] == "consent_required"
    assert "error_uri" not in not_consented.body
    world.clock.advance(DAY)
    assert refused(world.on_behalf_of("middle", token, "api://api/user.read"), 500133, "invalid_grant", 400)


@fact("logout", source="ED:v2-protocols-oidc", grade="D")
def test_logout(world: World) -> None:
    """Logout ends the session, goes back only to a registered URI with the state, and revokes no token."""
    tokens = world.redeem_code("web", code_for(world, "web"))
    query = {"post_logout_redirect_uri": "https://evil.example/", "state": "s"}
    assert "You signed out" in world.browser.get(world.path("logout"), params=query).text
    assert world.read(world.authorize("web", SCOPE, prompt="none")).code == 50058
    assert world.refresh("web", tokens).kind == "token"
    hint = {
        "post_logout_redirect_uri": REDIRECTS["web"],
        "state": "s",
        "id_token_hint": tokens.body["id_token"],
    }
    back = world.browser.get(world.path("logout"), params=hint)
    assert (back.status_code, back.headers["location"]) == (302, f"{REDIRECTS['web']}?state=s")


@fact("front-channel logout sends sid only", source="nginx-openid-connect#117", grade="R")
def test_front_channel_logout(world: World) -> None:
    """Applications of the session are told by a hidden frame that carries the session id and no issuer."""
    world.set("web", web={"logoutUrl": "https://web.localhost/bye"})
    sid = world.redeem_code("web", code_for(world, "web")).claims["sid"]
    page = world.browser.get(world.path("logout"))
    assert f'<iframe src="https://web.localhost/bye?sid={sid}" hidden' in page.text
    assert "frame-src https://web.localhost;" in page.headers["content-security-policy"]


@fact("userinfo", source="ED:userinfo", grade="D")
def test_userinfo(world: World) -> None:
    """Userinfo takes a Graph token with openid; its sub is the id_token's, not the bearer token's own."""
    found = world.sign_in("web", "bob", "openid profile email")
    headers = {"Authorization": f"Bearer {found.body['access_token']}"}
    body = world.browser.get("/oidc/userinfo", headers=headers).json()
    assert set(body) == {"sub", "name", "family_name", "given_name", "picture", "email"}
    assert body["sub"] == found.id_claims["sub"] != found.claims["sub"]
    assert body["sub"] == found.claims["xms_st"]["sub"]
    other = world.redeem_code("web", code_for(world, "web")).body["access_token"]
    for bad in (other, "nonsense", ""):
        assert (
            world.browser.get("/oidc/userinfo", headers={"Authorization": f"Bearer {bad}"}).status_code == 401
        )


@fact("what az asks of Resource Manager", source="clients", grade="R")
def test_resource_manager(world: World) -> None:
    """Subscriptions are an empty list and tenants those of the directory, for who has a token; metadata is
    a dict.
    """
    token = world.app_only("daemon", "https://localhost:8443/.default").body["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert world.browser.get("/subscriptions?api-version=2022-12-01", headers=headers).json() == {"value": []}
    tenants = world.browser.get("/tenants?api-version=2022-12-01", headers=headers).json()["value"]
    assert [row["tenantId"] for row in tenants] == list(world.directory.tenants)
    assert world.browser.get("/subscriptions?api-version=2022-12-01").status_code == 401
    metadata = world.browser.get("/metadata/endpoints?api-version=2022-09-01").json()
    assert (
        metadata["authentication"]["loginEndpoint"]
        == metadata["microsoftGraphResourceId"]
        == "https://localhost:8443"
    )


@fact("a forged page is refused", source="this project", grade="C")
def test_forged_flow(world: World) -> None:
    """A sign-in form that this emulator did not make is refused, and so is its code as anything else."""
    outcome = world.read(world.browser.post(f"/{world.tenant.tenant_id}/login", data={"flow": "forged"}))
    assert (outcome.kind, outcome.code) == ("page", 90023)
    flow = hidden(world.authorize("web", SCOPE), "flow")
    assert world.redeem_code("web", flow).code == 9002313


@fact("the issuer is the emulator's own", source="this project", grade="C", verdict="differs")
def test_never_microsofts_issuer(world: World) -> None:
    """No token names Microsoft as its issuer, whatever host the client used: production settings never
    accept it.
    """
    form = {"grant_type": "client_credentials", "client_id": world.app_ids["daemon"], "client_secret": SECRET}
    response = world.browser.post(
        world.path("token"),
        data={**form, "scope": "https://graph.microsoft.com/.default"},
        headers={"Host": "login.microsoftonline.com"},
    )
    claims = world.service.keys.verify(response.json()["access_token"])
    assert claims["iss"] == f"https://localhost:8443/{world.tenant.tenant_id}/"


@fact("PKCE is required of SPAs", source="ED:v2-oauth2-auth-code-flow", grade="D")
def test_spa_without_pkce(world: World) -> None:
    """A SPA's code without a challenge is not redeemed."""
    code = code_for(world, "spa", code_challenge="", code_challenge_method="")
    assert refused(world.redeem_code("spa", code, code_verifier=""), 9002325, "invalid_request", 400)


@fact("v1 endpoint: numbers are strings", source="OBO doc", grade="R")
def test_v1_endpoint(world: World) -> None:
    """The v1 endpoint takes a resource, and its numbers are text; the token's version is still the
    resource's.
    """
    form = {"grant_type": "client_credentials", "client_id": world.app_ids["daemon"], "client_secret": SECRET}
    path = f"/{world.tenant.tenant_id}/oauth2/token"
    body = world.browser.post(path, data={**form, "resource": "api://api"}).json()
    now = int(world.clock.now().timestamp())
    assert {name: body[name] for name in body if name != "access_token"} == {
        "token_type": "Bearer",
        "expires_in": "3599",
        "ext_expires_in": "3599",
        "expires_on": str(now + 3599),
        "not_before": str(now - 300),
        "resource": "api://api",
    }
    assert world.service.keys.verify(body["access_token"])["ver"] == "2.0"
    assert world.browser.post(path, data=form).json()["error_codes"] == [900144]


@fact("the v1 authorize endpoint that v1 discovery names", source="PNP", grade="D", verdict="uncertain")
def test_v1_authorize(world: World) -> None:
    """A v1 client names a resource and no scopes, and gets what was granted of it, with a refresh token
    unasked.
    """
    world.grant("web", "api", "user.read")
    document = world.browser.get(f"/{world.tenant.tenant_id}/.well-known/openid-configuration").json()
    requested = {
        "client_id": world.app_ids["web"],
        "response_type": "code",
        "resource": "api://api",
        "state": "s",
    }
    page = world.browser.get(
        document["authorization_endpoint"], params={**requested, "redirect_uri": REDIRECTS["web"]}
    )
    back = world.read(world.choose(page, "bob"))
    form = {
        "grant_type": "authorization_code",
        "code": back.body["code"],
        "redirect_uri": REDIRECTS["web"],
        "client_id": world.app_ids["web"],
        "client_secret": SECRET,
        "resource": "api://api",
    }
    body = world.browser.post(document["token_endpoint"], data=form).json()
    assert back.body["state"] == "s"
    assert world.service.keys.verify(body["access_token"])["scp"] == "user.read"
    assert {"refresh_token", "resource", "expires_on"} <= set(body)


@fact("the v1 device code endpoint that v1 discovery names", source="PNP", grade="D", verdict="uncertain")
def test_v1_device_code(world: World) -> None:
    """A v1 device names a resource, is answered `verification_url` and text, and redeems its code as
    `code`.
    """
    world.grant("public", "api", "user.read")
    tenant = f"/{world.tenant.tenant_id}/oauth2"
    form = {"client_id": world.app_ids["public"], "resource": "api://api"}
    start = world.browser.post(f"{tenant}/devicecode", data=form).json()
    assert list(start) == [
        "user_code",
        "device_code",
        "verification_url",
        "expires_in",
        "interval",
        "message",
    ]
    assert start["expires_in"] == "900"
    page = world.browser.post("/devicelogin", data={"user_code": start["user_code"]})
    fields = {"user_code": start["user_code"], "user": world.user("bob")["id"], "decision": "continue"}
    assert page.status_code == 200
    world.browser.post("/devicelogin", data=fields)
    poll = {**form, "grant_type": "device_code", "code": start["device_code"]}
    body = world.browser.post(f"{tenant}/token", data=poll).json()
    assert world.service.keys.verify(body["access_token"])["scp"] == "user.read"
    assert world.browser.post(f"{tenant}/devicecode", data={"client_id": "x"}).json()["error_codes"] == [
        900144
    ]
