"""Proxy mode: what httpd says of a token is checked as the token is, and believed of this host alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from pydantic import ValidationError
from starlette.testclient import TestClient

from api.__main__ import main
from api.app import create
from api.auth.proxy import CLAIMS
from api.settings import SettingsError, load
from api.tests.conftest import settings
from api.tests.issuer import API, OTHER_TENANT, TENANT, URI, Clock, KeyServer, app_claims, sign, user_claims
from api.tests.proxy_headers import said

BESIDE, ELSEWHERE = ("127.0.0.1", 50_000), ("10.0.3.7", 50_000)


def proxied(folder: Path, clock: Clock, peer: tuple[str, int] = BESIDE) -> TestClient:
    """Start the API in proxy mode, with connections from one peer."""
    app = create(
        settings(folder, callers="proxy"),
        transport=KeyServer().transport(),
        now=clock,
        monotonic=clock,
        sleep=clock.sleep,
    )
    return TestClient(app, raise_server_exceptions=False, client=peer)


@pytest.fixture
def beside(tmp_path: Path, clock: Clock) -> Iterator[TestClient]:
    """Start the API with its proxy beside it."""
    with proxied(tmp_path, clock) as started:
        yield started


@pytest.mark.parametrize(
    "claims", [user_claims(), user_claims(name='Åsa "A" \r\nX-Auth-Roles: x'), app_claims()]
)
def test_it_says_what_the_bearer_reader_says(
    beside: TestClient, client: TestClient, claims: dict[str, Any]
) -> None:
    """One token, two ways: the same person with the same rights."""
    by_token = client.get("/me", headers={"Authorization": f"Bearer {sign(claims)}"})
    by_proxy = beside.get("/me", headers=said(claims))
    assert (by_proxy.status_code, by_proxy.json()) == (by_token.status_code, by_token.json())


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"aud": "00000003-0000-0000-c000-000000000000"}, "audience"),
        ({"tid": OTHER_TENANT}, "tenant"),
        ({"iss": f"https://sts.windows.net/{TENANT}/"}, "issuer"),
        ({"ver": "1.0"}, "version"),
        ({"exp": 1}, "expired"),
        ({"exp": ["1"]}, "claims"),
        ({"nbf": 2_000_000_000}, "not_yet_valid"),
        ({"nonce": "n"}, "not_access_token"),
        ({"azp": ...}, "not_access_token"),
        ({"idtyp": "app"}, "not_access_token"),
        ({"oid": ...}, "claims"),
        ({"oid": ""}, "claims"),
        ({"oid": ["x"]}, "claims"),
        ({"scp": {"user.read": 1}}, "claims"),
        ({"roles": "Admin"}, "claims"),
        ({"roles": {"Admin": 1}}, "claims"),
    ],
    ids=str,
)
def test_claims_that_do_not_hold_are_refused(
    beside: TestClient, caplog: pytest.LogCaptureFixture, changed: dict[str, Any], reason: str
) -> None:
    """A proxy that was told to let too much through does not open the API."""
    response = beside.get("/me", headers=said(user_claims(**changed)))
    assert response.status_code == 401
    assert reason in [getattr(record, "reason", "") for record in caplog.records]


@pytest.mark.parametrize("header", sorted(CLAIMS))
def test_a_header_that_is_sent_twice_or_garbled_is_refused(beside: TestClient, header: str) -> None:
    """Two proxies, or a browser and a proxy, would each mean another person."""
    headers = said(user_claims(idtyp="user", groups=[], _claim_names={}, hasgroups=False))
    assert beside.get("/me", headers=headers).status_code == 200
    value = headers.get(header, "")
    twice = [*((name, each) for name, each in headers.items() if name != header), *[(header, value)] * 2]
    assert beside.get("/me", headers=twice).status_code == 401
    assert beside.get("/me", headers={**headers, header: ""}).status_code == 401
    if CLAIMS[header][1] != "text":
        assert beside.get("/me", headers={**headers, header: "{\x7f"}).status_code == 401
    if CLAIMS[header][1] == "words":
        assert beside.get("/me", headers={**headers, header: f"{value[:4]}!{value[4:]}"}).status_code == 401


@pytest.mark.parametrize("more", [{}, {"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}])
def test_nobody_else_is_believed(tmp_path: Path, clock: Clock, more: dict[str, str]) -> None:
    """The peer is who is connected, whatever headers say; a token helps as little."""
    with proxied(tmp_path, clock, ELSEWHERE) as api:
        forged = {**said(user_claims(roles=["Admin"])), **more}
        bare = api.get("/me", headers={"X-Correlation-ID": "the-same-of-both"})
        response = api.get("/me", headers={**forged, "X-Correlation-ID": "the-same-of-both"})
        assert (response.status_code, response.json()) == (401, bare.json())
        token = {"Authorization": f"Bearer {sign(user_claims())}"}
        assert api.get("/me", headers=token).status_code == 401
        assert api.get("/healthz").status_code == 200


@pytest.mark.parametrize("peer", [ELSEWHERE, ("no address", 0), None])
def test_a_peer_that_is_not_beside_us_is_logged(
    tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture, peer: Any
) -> None:
    """Once, as the reason for the refusal; a connection without an address is nobody's."""
    with proxied(tmp_path, clock, peer) as api:
        assert api.get("/me", headers=said(user_claims())).status_code == 401
    assert [vars(each)["reason"] for each in caplog.records if "reason" in vars(each)] == ["peer"]


def test_other_headers_say_nothing(beside: TestClient) -> None:
    """A token without the proxy's word for it, or another gateway's headers, is nobody."""
    for headers in (
        {"Authorization": f"Bearer {sign(user_claims())}"},
        {"OIDC_CLAIM_roles": '["Admin"]', "X-Remote-User": "alice", "x-amzn-oidc-data": sign(user_claims())},
        {"X_Auth_Oid": "x", "X-Auth-Subject": "x"},
    ):
        assert beside.get("/me", headers=headers).status_code == 401


def test_a_route_that_asks_for_proof_verifies_the_token(beside: TestClient) -> None:
    """What only administrators see is shown for a token that holds and is the very one."""
    claims = user_claims(roles=["Admin"])
    headers = said(claims)
    assert beside.get("/me", headers=headers).status_code == 200
    assert beside.get("/admin/data", headers=headers).status_code == 401
    for token in (
        sign(claims, "attacker"),
        sign(user_claims(roles=["Reader"])),
        sign(user_claims(roles=["Admin"], aud=URI + "x")),
        sign(user_claims(roles=["Admin"], oid="00000000-0000-4000-8000-0000000000aa")),
    ):
        response = beside.get("/admin/data", headers={**headers, "Authorization": f"Bearer {token}"})
        assert response.status_code == 401
    held = {**headers, "Authorization": f"Bearer {sign(claims)}"}
    assert beside.get("/admin/data", headers=held).status_code == 200
    weaker = said(user_claims(roles=["Reader"]))
    assert (
        beside.get("/admin/data", headers={**weaker, "Authorization": held["Authorization"]}).status_code
        == 401
    )


def test_it_listens_where_only_the_proxy_reaches_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another address, and a server that takes a header for the peer, end the start."""
    for host in ("0.0.0.0", "10.0.0.4", "localhost.example", "::"):
        with pytest.raises(SettingsError, match="SERVER_HOST"):
            settings(tmp_path, callers="proxy", host=host)
        settings(tmp_path, callers="bearer", host=host)
    monkeypatch.setenv("SERVER_CALLERS", "proxy")
    with pytest.raises(SettingsError, match="FORWARDED_ALLOW_IPS"):
        load({"FORWARDED_ALLOW_IPS": "*"})
    monkeypatch.setenv("SERVER_CALLERS", "bearer")
    with pytest.raises(ValidationError):  # it has no settings here, and that is all
        load({"FORWARDED_ALLOW_IPS": "*"})


def test_the_api_is_the_one_of_these_claims() -> None:
    """What the tests sign is meant for it: else each refusal above would be for another reason."""
    assert user_claims()["aud"] == API


def test_a_header_that_the_proxy_adds_does_not_say_who_is_connected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    """A proxy writes `X-Forwarded-For` into each request; the server of `python -m api` reads it as little as
    the API does, or all would be refused.
    """
    served: list[uvicorn.Config] = []
    app = create(settings(tmp_path, callers="proxy"), transport=KeyServer().transport(), now=clock)
    monkeypatch.setattr("api.settings.load", lambda: settings(tmp_path, callers="proxy"))
    monkeypatch.setattr("api.logs.configure", lambda _level: None)
    monkeypatch.setattr("api.app.create", lambda _settings: app)
    monkeypatch.setattr("uvicorn.run", lambda app, **given: served.append(uvicorn.Config(app, **given)))
    main()
    served[0].load()
    with TestClient(served[0].loaded_app, client=BESIDE) as client:
        headers = {**said(user_claims()), "X-Forwarded-For": "10.0.3.7"}
        assert client.get("/me", headers=headers).status_code == 200
