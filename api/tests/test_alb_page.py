"""ALB mode: what the page is told, and which of its requests are let in; no other site's."""

import secrets

import pytest
from starlette.testclient import TestClient

from api.auth.claims import Rules, check
from api.auth.page import proof
from api.settings import EntraSettings
from api.tests.balancer import ABSENT, OID, PAGE, data, headers, opened
from api.tests.conftest import V2
from api.tests.issuer import NOW, sign, user_claims

SOMEBODY = check(user_claims(), Rules.of(EntraSettings(**V2)), NOW)


def test_the_page_is_told_who_is_signed_in_and_no_token(
    behind: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody is nobody; a seed is set once, HttpOnly and of this host alone."""
    assert behind.get("/session", headers={"Host": "app.example.com"}).json()["account"] is None
    reported = behind.get("/session", headers=headers())
    assert reported.json()["account"] == {
        "name": user_claims()["name"],
        "username": user_claims()["preferred_username"],
    }
    assert "eyJ" not in reported.text
    set_cookie = reported.headers["set-cookie"].lower()
    assert all(
        each in set_cookie for each in ("__host-csrf=", "secure", "httponly", "path=/", "samesite=strict")
    )
    assert len(reported.cookies["__Host-csrf"]) == len(secrets.token_urlsafe(32))
    again = behind.get("/session", headers=headers())
    assert again.json()["csrf"] == reported.json()["csrf"]
    assert not [line for line in caplog.records if line.name == "api.auth"]
    assert behind.get("/session", headers=headers(token=sign(user_claims(exp=NOW)))).json()["account"] is None
    [line] = [line for line in caplog.records if line.name == "api.auth"]
    assert (line.getMessage(), vars(line)["reason"]) == ("token refused", "expired")


def test_who_has_no_name_to_sign_in_by_is_shown_by_id(behind: TestClient) -> None:
    """Entra leaves the claim out where there is none."""
    token = sign(user_claims(preferred_username=...))
    account = behind.get("/session", headers=headers(token=token)).json()["account"]
    assert account == {"name": user_claims()["name"], "username": OID}


def test_a_write_of_the_page_is_let_in(behind: TestClient) -> None:
    """With all three; a write needs the role as ever."""
    proofs = opened(behind)
    writer = headers(token=sign(user_claims(roles=["Writer"], scp="user.read user.write")))
    assert behind.post("/records", json={"title": "x"}, headers={**writer, **proofs}).status_code == 201
    reader = headers(token=sign(user_claims(roles=["Reader"], scp="user.read user.write")))
    assert behind.post("/records", json={"title": "x"}, headers={**reader, **proofs}).status_code == 403


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"X-CSRF-Token": ""}, "X-CSRF-Token"),
        ({"X-CSRF-Token": "x" * 43}, "X-CSRF-Token"),
        ({"Cookie": "__Host-csrf=chosen"}, "X-CSRF-Token"),
        ({"Cookie": ""}, "X-CSRF-Token"),
        ({"Cookie": "", "X-CSRF-Token": proof("", SOMEBODY)}, "X-CSRF-Token"),
        ({"Origin": ""}, "Origin"),
        ({"Origin": "https://evil.example"}, "Origin"),
        ({"Origin": "null"}, "Origin"),
        ({"Origin": f"{PAGE}:8443"}, "Origin"),
        ({"Sec-Fetch-Site": "cross-site"}, "another site"),
        ({"Sec-Fetch-Site": "same-site"}, "another site"),
    ],
)
@pytest.mark.parametrize("path", ["/records", "/auth/renew", "/auth/sign-out"])
def test_no_other_site_writes(behind: TestClient, path: str, change: dict[str, str], detail: str) -> None:
    """The load balancer vouches for whose cookie it is, and not for who sent the request."""
    sent = {**headers(), **opened(behind), **change}
    if "Cookie" in change:
        behind.cookies.clear()
    response = behind.post(path, json={"title": "x"}, headers={k: v for k, v in sent.items() if v})
    assert (response.status_code, detail in response.json()["detail"]) == (403, True)


def test_no_other_site_reads(behind: TestClient) -> None:
    """Nor by a frame or an image: whatever a browser says is of another site."""
    for path in ("/me", "/records", "/session"):
        for mode, place in (
            ("no-cors", "image"),
            ("cors", "empty"),
            ("navigate", "iframe"),
            ("same-origin", "document"),
        ):
            said = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": place}
            assert behind.get(path, headers=headers(**said)).status_code == 403
        assert behind.get(path, headers=headers(**{"Sec-Fetch-Site": "cross-site"})).status_code == 403


def test_a_person_comes_back_from_entra_s_page_to_an_address_of_the_api(behind: TestClient) -> None:
    """A tab that comes from another site reads; it writes nothing."""
    said = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert behind.get("/me", headers=headers(**said)).status_code == 200
    sent = {**opened(behind), **headers(**said)}
    assert behind.post("/records", json={"title": "x"}, headers=sent).status_code == 403


def test_one_person_s_proof_is_not_another_s(behind: TestClient) -> None:
    """In one browser, one after another."""
    proofs = opened(behind)
    other = headers(data(None, {"oid": ABSENT}), sign(user_claims(oid=ABSENT)))
    assert behind.post("/auth/renew", headers={**other, **proofs}).status_code == 403
