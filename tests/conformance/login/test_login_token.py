"""The token endpoint: which requests and credentials it takes, its answers and its refusals."""

import base64
import datetime as dt
import json

import pytest

from tests.conformance.login.login_outcomes import refused
from tests.conformance.login.login_world import REDIRECTS, SECRET, World
from tests.conformance.login.signing_in import code_for

fact = pytest.mark.fact


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
    sent = dict(requested)
    for path in (world.path("authorize"), f"/{world.tenant.tenant_id}/oauth2/authorize"):
        assert "AADSTS9000411" in world.browser.post(path, params={name: "x"}, data=sent).text


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
    for segment, code in (("common", 9001023), ("consumers", 900023)):
        path = f"/{segment}/oauth2/v2.0/token"
        response = world.browser.post(path, data={**form, "scope": "api://api/.default"})
        assert response.json()["error_codes"] == [code]


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


@fact("secrets that expired", source="dotnet/sign#849", grade="R")
def test_expired_secret(world: World) -> None:
    """An expired secret is 7000222, an unknown one 7000215, and the text never holds what was sent."""
    app = world.application("daemon")
    expired = [{**row, "endDateTime": "2025-12-31T00:00:00Z"} for row in app["passwordCredentials"]]
    world.set("daemon", passwordCredentials=expired)
    assert world.app_only("daemon", "api://api/.default").code == 7000222
    form = {"grant_type": "client_credentials", "scope": "api://api/.default"}
    wrong = world.token("daemon", form, secret="not-the-secret")
    assert (wrong.code, "not-the-secret" in json.dumps(wrong.body)) == (7000215, False)
