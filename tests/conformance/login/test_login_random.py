"""Random requests: whatever is sent, sign-in answers with a refusal or a page, never with a failure of its
own.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entra_emulator import seed
from entra_emulator.login.token import GRANTS
from tests.conformance.login.login_world import REDIRECTS, SECRET, World

WORLD = World()
WORLD.grant("spa", "api", "user.read")
GOOD = WORLD.sign_in("spa", "bob", "openid offline_access api://api/user.read").body
TOKENS = [GOOD["access_token"], GOOD["refresh_token"], GOOD["id_token"], "a.b.c", "e30.e30.", "1.Axxxx", ""]

text = st.text(st.characters(codec="utf-8"), max_size=40)
scopes = st.lists(
    st.sampled_from(
        ["openid", "offline_access", ".default", "api://api/.default", "api://api/user.read", "/", "x/"]
    )
    | text,
    max_size=4,
).map(" ".join)
values = {
    "client_id": st.sampled_from([*WORLD.app_ids.values(), seed.DEPLOYER_APP_ID, ""]) | text,
    "client_secret": st.sampled_from([SECRET, ""]) | text,
    "client_assertion": st.sampled_from(TOKENS) | text,
    "client_assertion_type": st.sampled_from(["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"])
    | text,
    "grant_type": st.sampled_from(list(GRANTS)) | text,
    "scope": scopes,
    "code": st.sampled_from(TOKENS) | text,
    "refresh_token": st.sampled_from(TOKENS) | text,
    "assertion": st.sampled_from(TOKENS) | text,
    "device_code": st.sampled_from(TOKENS) | text,
    "requested_token_use": st.sampled_from(["on_behalf_of"]) | text,
    "redirect_uri": st.sampled_from(
        [*REDIRECTS.values(), "http://[", "https://localhost:99999/", "javascript:x"]
    )
    | text,
    "code_verifier": text,
    "claims": st.sampled_from(
        [
            '{"access_token":{"xms_cc":{"values":["cp1"]}}}',
            "[]",
            "{",
            '{"access_token":1}',
            '{"id_token":{"auth_time":null}}',
        ]
    )
    | text,
    "response_type": st.sampled_from(["code", "id_token", "code id_token token", "token"]) | text,
    "response_mode": st.sampled_from(["query", "fragment", "form_post"]) | text,
    "prompt": st.sampled_from(["none", "login", "consent", "select_account", "login none", ""]) | text,
    "max_age": st.sampled_from(["0", "60", "-1", "99999999999"]) | text,
    "sid": text,
    "state": text,
    "nonce": text,
    "code_challenge": text,
    "code_challenge_method": st.sampled_from(["S256", "plain"]) | text,
    "post_logout_redirect_uri": st.sampled_from(list(REDIRECTS.values())) | text,
    "id_token_hint": st.sampled_from(TOKENS) | text,
    "user_code": text,
    "user": text,
    "flow": st.sampled_from(TOKENS) | text,
    "decision": st.sampled_from(["accept", "cancel", "continue"]) | text,
    "token": st.sampled_from(TOKENS) | text,
}
forms = st.fixed_dictionaries({}, optional=values)
PATHS = [
    "oauth2/v2.0/authorize",
    "oauth2/v2.0/logout",
    "adminconsent",
    "login",
    "consent",
    "oauth2/v2.0/devicecode",
    "oauth2/authorize",
    "oauth2/devicecode",
]
tenants = st.sampled_from(
    [WORLD.tenant.tenant_id, "contoso.com", "common", "organizations", "nonsense", "%F0%9F%99%82"]
)
bounded = settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@bounded
@given(tenant=tenants, form=forms, origin=st.sampled_from(["", "https://localhost:5173", "null"]))
def test_token_endpoint(tenant: str, form: dict[str, str], origin: str) -> None:
    """The token endpoint answers any form with tokens or with an AADSTS refusal."""
    headers = {"Origin": origin} if origin else {}
    response = WORLD.browser.post(f"/{tenant}/oauth2/v2.0/token", data=form, headers=headers)
    assert response.status_code in {200, 400, 401}
    assert "access_token" in response.json() or response.json()["error_codes"]


@bounded
@given(
    tenant=tenants,
    path=st.sampled_from(
        [
            "oauth2/v2.0/authorize",
            "oauth2/v2.0/logout",
            "adminconsent",
            "login",
            "consent",
            "oauth2/v2.0/devicecode",
            "oauth2/authorize",
            "oauth2/devicecode",
        ]
    ),
    form=forms,
    method=st.sampled_from(["GET", "POST"]),
)
def test_pages(tenant: str, path: str, form: dict[str, str], method: str) -> None:
    """The pages answer any request with a page, a redirect or a refusal."""
    payload = {"params": form} if method == "GET" else {"data": form}
    response = WORLD.browser.request(method, f"/{tenant}/{path}", **payload)
    assert response.status_code in {200, 302, 400, 401, 405}


@pytest.mark.parametrize(
    "path", ["/", "/token", "/devicelogin", "/emulator/token", "/oidc/userinfo", "/tenants"]
)
@settings(bounded, max_examples=25)
@given(form=forms)
def test_other_endpoints(path: str, form: dict[str, str]) -> None:
    """Every other endpoint answers any request."""
    for response in (
        WORLD.browser.get(path, params=form),
        WORLD.browser.post(path, data=form),
        WORLD.browser.post(path, json=form),
    ):
        assert response.status_code < 500


@pytest.mark.parametrize(
    "url", ["http://[", "https://[x/.default", "//[", "https://localhost:99999/", "https://localhost:port/x"]
)
def test_urls_that_are_none(url: str) -> None:
    """What looks like a URL and is none is refused wherever a URL is read."""
    browser, tenant = WORLD.browser, WORLD.tenant.tenant_id
    query = {"client_id": WORLD.app_ids["public"], "redirect_uri": url, "scope": url, "response_type": "code"}
    assert browser.get(f"/{tenant}/oauth2/v2.0/authorize", params=query).status_code == 200
    query["redirect_uri"] = REDIRECTS["public"]
    assert browser.get(
        f"/{tenant}/oauth2/v2.0/authorize", params={**query, "scope": f"{url}/x"}
    ).status_code in {200, 302}
    form = {"grant_type": "client_credentials", "client_secret": SECRET, "client_id": WORLD.app_ids["daemon"]}
    token = browser.post(f"/{tenant}/oauth2/v2.0/token", data={**form, "scope": f"{url}/.default"})
    assert token.status_code in {200, 400}
    path = "/common/discovery/instance"
    assert browser.get(path, params={"api-version": "1.1", "authorization_endpoint": url}).status_code in {
        200,
        400,
    }
