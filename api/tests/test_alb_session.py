"""ALB mode: how the page's session begins, is renewed and ends."""

import pytest
from starlette.testclient import TestClient

from api.auth.page import LONGEST_PATH
from api.tests.balancer import headers, opened
from api.tests.issuer import LOGIN, NOW, TENANT, sign, user_claims


def test_a_sign_out_ends_the_cookies_and_leads_to_entra(behind: TestClient) -> None:
    """Those of the load balancer, by their names, and the seed; then Entra's page leads back here."""
    proofs = opened(behind)
    behind.cookies.set("AWSELBAuthSessionCookie-0", "a", domain="app.example.com", path="/")
    behind.cookies.set("AWSELBAuthSessionCookie-1", "b", domain="app.example.com", path="/")
    behind.cookies.set("other", "c", domain="app.example.com", path="/")
    response = behind.post("/auth/sign-out", headers={**headers(), **proofs})
    assert response.json()["location"] == (
        f"{LOGIN}/{TENANT}/oauth2/v2.0/logout?post_logout_redirect_uri=https%3A%2F%2Fapp.example.com%2Fsigned-out"
    )
    assert set(behind.cookies) == {"other"}
    ends = [value.lower() for value in response.headers.get_list("set-cookie")]
    assert len(ends) == 3
    for end in ends:
        assert {"max-age=0", "path=/", "secure", "httponly", "samesite=none"} <= set(end.split("; "))


def test_a_renewal_is_a_new_sign_in(behind: TestClient) -> None:
    """The load balancer renews tokens when they end and at no other time."""
    proofs = opened(behind)
    behind.cookies.set("AWSELBAuthSessionCookie-0", "a", domain="app.example.com", path="/")
    response = behind.post("/auth/renew", headers={**headers(), **proofs})
    assert (response.status_code, response.json()["type"]) == (401, "urn:problem:sign_in_again")
    assert set(behind.cookies) == set()


@pytest.mark.parametrize(
    ("back", "leads"),
    [
        ("/records/new?copy=1#top", "/records/new?copy=1#top"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
        ("/auth/sign-in", "/"),
        ("/oauth2/idpresponse", "/"),
        ("/".ljust(LONGEST_PATH, "x"), "/".ljust(LONGEST_PATH, "x")),
        ("/".ljust(LONGEST_PATH + 1, "x"), "/"),
        ("", "/"),
    ],
)
def test_a_sign_in_comes_back_to_this_origin_alone(behind: TestClient, back: str, leads: str) -> None:
    """It comes by way of Entra's page, so it is of another site."""
    sent = headers(**{"Sec-Fetch-Site": "cross-site"})
    response = behind.get("/auth/sign-in", params={"return": back}, headers=sent, follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (302, leads)


def test_a_session_whose_token_has_ended_is_left_for_a_new_one_once(behind: TestClient) -> None:
    """A load balancer without a refresh token goes on with the old token until the session's end."""
    behind.cookies.set("AWSELBAuthSessionCookie-0", "a", domain="app.example.com", path="/")
    sent = headers(token=sign(user_claims(exp=NOW)))
    left = behind.get("/auth/sign-in?return=/x", headers=sent, follow_redirects=False)
    assert (left.status_code, left.headers["location"]) == (302, "/auth/sign-in?return=%2Fx&again=1")
    assert set(behind.cookies) == set()
    assert behind.get(left.headers["location"], headers=sent, follow_redirects=False).status_code == 401
