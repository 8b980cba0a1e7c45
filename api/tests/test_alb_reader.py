"""ALB mode: what the configured load balancer signed, with the same person's access token; nothing else."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, HMACAlgorithm, RSAAlgorithm
from starlette.testclient import TestClient

from api.app import create
from api.settings import Settings, SettingsError
from api.tests.conftest import V2, settings
from api.tests.issuer import (
    LOGIN,
    NOW,
    SPA,
    TENANT,
    Clock,
    KeyServer,
    app_claims,
    id_claims,
    sign,
    user_claims,
)

ARN = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/myapp/50dc6c495c0c9188"
OTHER_ARN = ARN.replace("/myapp/", "/theirs/")
PAGE = "https://app.example.com"
ISSUER = f"{LOGIN}/{TENANT}/v2.0"
KID, ABSENT = "12345678-1234-1234-1234-123456789012", "00000000-0000-0000-0000-000000000000"
KEY = ec.generate_private_key(ec.SECP256R1())
OID = user_claims()["oid"]


def pem(key: Any = KEY) -> bytes:
    """Return a public key as the region serves it."""
    found: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return found


def part(value: Any, *, padded: bool = True) -> str:
    """Write one part of a JWT."""
    text = base64.urlsafe_b64encode(json.dumps(value).encode()).decode()
    return text if padded else text.rstrip("=")


def data(
    header: dict[str, Any] | None = None,
    claims: dict[str, Any] | None = None,
    *,
    sign_with: Any = None,
    padded: bool = True,
) -> str:
    """Return what a load balancer sends, with changes; `...` takes a member out."""
    first = {
        "typ": "JWT",
        "kid": KID,
        "alg": "ES256",
        "iss": ISSUER,
        "client": SPA,
        "signer": ARN,
        "exp": NOW + 120,
    }
    second = {"sub": "s", "oid": OID, "tid": TENANT, "name": "Alice", "exp": NOW + 120, "iss": ISSUER}
    parts = [
        part(
            {key: value for key, value in {**whole, **(changes or {})}.items() if value is not ...},
            padded=padded,
        )
        for whole, changes in ((first, header), (second, claims))
    ]
    signed = ".".join(parts)
    algorithm, key = sign_with or (ECAlgorithm(ECAlgorithm.SHA256), KEY)
    signature = algorithm.sign(signed.encode(), key)
    return f"{signed}.{base64.urlsafe_b64encode(signature).decode()}"


def headers(said: str | None = None, token: str | None = None, **more: str) -> dict[str, str]:
    """Return a request's headers as they come through the load balancer."""
    return {
        "Host": "app.example.com",
        "x-amzn-oidc-data": data() if said is None else said,
        "x-amzn-oidc-accesstoken": sign(user_claims()) if token is None else token,
        "x-amzn-oidc-identity": "s",
        **more,
    }


class Region(KeyServer):
    """Entra's keys, and those of load balancers."""

    def __init__(self) -> None:
        """Know one load balancer's key."""
        super().__init__()
        self.pems: dict[str, bytes] = {KID: pem()}
        self.asked: list[str] = []
        self.down = False

    def transport(self) -> httpx.MockTransport:
        """Return the way to both."""
        return httpx.MockTransport(self._route)

    def _route(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "login.microsoftonline.com":
            return self._answer(request)
        assert request.url.host == "public-keys.auth.elb.eu-central-1.amazonaws.com"
        self.asked.append(request.url.path)
        if self.down:
            raise httpx.ConnectError("no route to host", request=request)
        found = self.pems.get(request.url.path.removeprefix("/"))
        return httpx.Response(200 if found else 403, content=found or b"<Error/>")


def alb(folder: Path, **server: Any) -> Settings:
    """Return the settings of ALB mode."""
    own = {"ALB_CLIENT_ID": SPA, "ALB_PAGE_URL": PAGE}
    return settings(folder, V2 | own, **{"callers": "alb", "alb_arn": ARN, **server})


@pytest.fixture
def region() -> Region:
    """Make the servers of keys."""
    return Region()


@pytest.fixture
def behind(tmp_path: Path, clock: Clock, region: Region) -> Iterator[TestClient]:
    """Start the API behind a load balancer."""
    app = create(alb(tmp_path), transport=region.transport(), now=clock, monotonic=clock, sleep=clock.sleep)
    with TestClient(app, raise_server_exceptions=False, base_url=PAGE) as started:
        yield started


def test_it_says_what_the_bearer_reader_says(behind: TestClient, client: TestClient, region: Region) -> None:
    """The same person with the same rights; the key is fetched once, from the configured ARN's region."""
    by_token = client.get("/me", headers={"Authorization": f"Bearer {sign(user_claims())}"})
    for _ in range(2):
        by_alb = behind.get("/me", headers=headers())
        assert (by_alb.status_code, by_alb.json()) == (200, by_token.json())
    assert region.asked == [f"/{KID}"]


STRANGER = ec.generate_private_key(ec.SECP256R1())
REFUSED: dict[str, tuple[str, str]] = {
    # Whoever has a load balancer of their own can have this signed for any claims at all.
    "another load balancer's": (data({"signer": OTHER_ARN}), "signer"),
    "no signer": (data({"signer": ...}), "signer"),
    "the signer with a tail": (data({"signer": f"{ARN}0"}), "signer"),
    "for another client": (data({"client": ABSENT}), "client"),
    "no client": (data({"client": ...}), "client"),
    "another issuer": (data({"iss": f"{LOGIN}/{ABSENT}/v2.0"}), "issuer"),
    "another issuer in the claims": (data(None, {"iss": "https://evil.example"}), "issuer"),
    "no issuer in the claims": (data(None, {"iss": ...}), "issuer"),
    "ended by its header": (data({"exp": NOW}), "expired"),
    "ended by its claims": (data(None, {"exp": NOW}), "expired"),
    "without an end": (data({"exp": ...}), "expired"),
    "claims without an end": (data(None, {"exp": ...}), "expired"),
    "an end that is true": (data({"exp": True}, {"exp": True}), "expired"),
    "an end in words": (data({"exp": str(NOW + 120)}), "expired"),
    "signed by nobody": (f"{data().rpartition('.')[0]}.", "signature"),
    "a stranger's": (data(sign_with=(ECAlgorithm(ECAlgorithm.SHA256), STRANGER)), "signature"),
    "alg none": (data({"alg": "none"}).rpartition(".")[0] + ".", "algorithm"),
    "HS256 with the public key": (
        data({"alg": "HS256"}, sign_with=(HMACAlgorithm(HMACAlgorithm.SHA256), pem())),
        "algorithm",
    ),
    "RS256": (
        data(
            {"alg": "RS256"},
            sign_with=(RSAAlgorithm(RSAAlgorithm.SHA256), rsa.generate_private_key(65537, 2048)),
        ),
        "algorithm",
    ),
    "a key of its own": (data({"jwk": ECAlgorithm.to_jwk(STRANGER.public_key(), as_dict=True)}), "header"),
    "a place of keys": (data({"jku": "https://evil.example"}), "header"),
    "a rule of its own": (data({"crit": ["exp"]}), "header"),
    "another type": (data({"typ": "at+jwt"}), "header"),
    "a kid that leads elsewhere": (data({"kid": f"../{KID}"}), "no_kid"),
    "a kid with a query": (data({"kid": f"{KID}?x"}), "no_kid"),
    "a kid that is a list": (data({"kid": [KID]}), "no_kid"),
    "no kid": (data({"kid": ...}), "no_kid"),
    "a kid that nobody has": (data({"kid": ABSENT}), "unknown_kid"),
    "its padding taken away": (data().replace("=", ""), "signature"),
    "another payload": (
        ".".join([data().split(".")[0], part({"oid": OID}), data().split(".")[2]]),
        "signature",
    ),
    "claims that are a list": (data(None, None).split(".")[0] + ".W10=." + data().split(".")[2], "signature"),
    "no JWT": ("forged", "malformed"),
    "a list": (part([]) + ".e30=.e30=", "malformed"),
    "too long": ("x" * 20_000, "too_large"),
    "another person's": (data(None, {"oid": ABSENT}), "other"),
    "nobody's": (data(None, {"oid": ...}), "other"),
    "another tenant's": (data(None, {"tid": ABSENT}), "other"),
}


@pytest.mark.parametrize("what", sorted(REFUSED))
def test_a_forged_word_is_refused(behind: TestClient, caplog: pytest.LogCaptureFixture, what: str) -> None:
    """Each for its own reason, which the log has; with a good access token beside it."""
    forged, reason = REFUSED[what]
    answer = behind.get("/me", headers=headers(forged))
    assert answer.status_code == 401
    assert reason in [getattr(each, "reason", "") for each in caplog.records]


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (sign(user_claims(oid=ABSENT)), "other"),
        (sign(user_claims(azp=ABSENT)), "other"),
        (sign(app_claims(azp=SPA, oid=OID, sub=OID)), "other"),
        (sign(user_claims(aud="00000003-0000-0000-c000-000000000000")), "audience"),
        (sign(user_claims(tid=ABSENT)), "tenant"),
        (sign(user_claims(exp=NOW)), "expired"),
        (sign(user_claims(ver="1.0")), "version"),
        (sign(id_claims()), "audience"),
        ("forged", "malformed"),
    ],
)
def test_its_word_is_worth_nothing_without_the_token(
    behind: TestClient, caplog: pytest.LogCaptureFixture, token: str, reason: str
) -> None:
    """Roles and scopes come from the access token, which is verified as in bearer mode."""
    assert behind.get("/me", headers=headers(token=token)).status_code == 401
    assert reason in [getattr(each, "reason", "") for each in caplog.records]


@pytest.mark.parametrize("absent", ["x-amzn-oidc-data", "x-amzn-oidc-accesstoken"])
def test_both_are_needed_and_each_once(behind: TestClient, absent: str) -> None:
    """And `Authorization` is no way in on the page's host."""
    given = headers(Authorization=f"Bearer {sign(user_claims())}")
    assert behind.get("/me", headers={k: v for k, v in given.items() if k != absent}).status_code == 401
    assert behind.get("/me", headers=[*given.items(), (absent, given[absent])]).status_code == 401
    nothing = {k: v for k, v in given.items() if not k.startswith("x-amzn")}
    assert behind.get("/me", headers=nothing).json()["detail"] == "Nobody is signed in."


@pytest.mark.parametrize(
    "host", ["api.example.com", "10.0.0.1:8000", "app.example.com:8443", "app.example.com."]
)
def test_another_host_has_the_bearer_token_alone(behind: TestClient, host: str) -> None:
    """There the load balancer's headers are anybody's."""
    forged = headers(Host=host)
    assert behind.get("/me", headers=forged).status_code == 401
    own = {**forged, "Authorization": f"Bearer {sign(user_claims(roles=['Reader']))}"}
    assert behind.get("/me", headers=own).json()["roles"] == ["Reader"]
    for path in ("/session", "/auth/sign-in"):
        assert behind.get(path, headers=own).status_code == 404
    for path in ("/auth/renew", "/auth/sign-out"):
        assert behind.post(path, headers=own).status_code == 404


def test_made_up_kids_cannot_flood_the_place_of_keys(
    behind: TestClient, region: Region, clock: Clock
) -> None:
    """Thirty a minute are asked for; a key that was fetched works meanwhile."""
    assert behind.get("/me", headers=headers()).status_code == 200
    for n in range(40):
        kid = f"00000000-0000-0000-0000-{n:012}"
        status = behind.get("/me", headers=headers(data({"kid": kid}))).status_code
        assert status == (401 if n < 30 else 503)
    assert len(region.asked) == 31
    assert behind.get("/me", headers=headers()).status_code == 200
    clock.time += 61
    later = NOW + 300
    fresh = data({"kid": ABSENT, "exp": later}, {"exp": later})
    assert behind.get("/me", headers=headers(fresh)).status_code == 401


@pytest.mark.parametrize(
    "found",
    [
        b"",
        b"no key",
        pem(rsa.generate_private_key(65537, 2048)),
        pem(ec.generate_private_key(ec.SECP384R1())),
    ],
)
def test_without_a_key_nobody_is_told_apart(behind: TestClient, region: Region, found: bytes) -> None:
    """503 where the place of keys does not answer or has none of the kind; nothing of it is remembered."""
    region.pems[KID], region.down = found or pem(), not found
    assert behind.get("/me", headers=headers()).status_code == 503
    region.pems[KID], region.down = pem(), False
    assert behind.get("/me", headers=headers()).status_code == 200


def opened(behind: TestClient) -> dict[str, str]:
    """Open the page; return what its writes carry."""
    told = behind.get("/session", headers=headers()).json()
    return {"Origin": PAGE, "X-CSRF-Token": told["csrf"], "Sec-Fetch-Site": "same-origin"}


def test_the_page_is_told_who_is_signed_in_and_no_token(behind: TestClient) -> None:
    """Nobody is nobody; a seed is set once, HttpOnly and of this host alone."""
    assert behind.get("/session", headers={"Host": "app.example.com"}).json()["account"] is None
    told = behind.get("/session", headers=headers())
    assert told.json()["account"] == {
        "name": user_claims()["name"],
        "username": user_claims()["preferred_username"],
    }
    assert "eyJ" not in told.text
    set_cookie = told.headers["set-cookie"].lower()
    assert all(
        each in set_cookie for each in ("__host-csrf=", "secure", "httponly", "path=/", "samesite=strict")
    )
    again = behind.get("/session", headers=headers())
    assert again.json()["csrf"] == told.json()["csrf"]
    assert behind.get("/session", headers=headers(token=sign(user_claims(exp=NOW)))).json()["account"] is None


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
    answer = behind.post(path, json={"title": "x"}, headers={k: v for k, v in sent.items() if v})
    assert (answer.status_code, detail in answer.json()["detail"]) == (403, True)


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


def test_a_sign_out_ends_the_cookies_and_leads_to_entra(behind: TestClient) -> None:
    """Those of the load balancer, by their names, and the seed; then Entra's page leads back here."""
    proofs = opened(behind)
    behind.cookies.set("AWSELBAuthSessionCookie-0", "a", domain="app.example.com", path="/")
    behind.cookies.set("AWSELBAuthSessionCookie-1", "b", domain="app.example.com", path="/")
    behind.cookies.set("other", "c", domain="app.example.com", path="/")
    answer = behind.post("/auth/sign-out", headers={**headers(), **proofs})
    assert answer.json()["location"] == (
        f"{LOGIN}/{TENANT}/oauth2/v2.0/logout?post_logout_redirect_uri=https%3A%2F%2Fapp.example.com%2Fsigned-out"
    )
    assert set(behind.cookies) == {"other"}


def test_a_renewal_is_a_new_sign_in(behind: TestClient) -> None:
    """The load balancer renews tokens when they end and at no other time."""
    proofs = opened(behind)
    behind.cookies.set("AWSELBAuthSessionCookie-0", "a", domain="app.example.com", path="/")
    answer = behind.post("/auth/renew", headers={**headers(), **proofs})
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:problem:sign_in_again")
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
        ("/" + "x" * 2001, "/"),
        ("", "/"),
    ],
)
def test_a_sign_in_comes_back_to_this_origin_alone(behind: TestClient, back: str, leads: str) -> None:
    """It comes by way of Entra's page, so it is of another site."""
    sent = headers(**{"Sec-Fetch-Site": "cross-site"})
    answer = behind.get("/auth/sign-in", params={"return": back}, headers=sent, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, leads)


def test_a_session_whose_token_has_ended_is_left_for_a_new_one_once(behind: TestClient) -> None:
    """A load balancer without a refresh token goes on with the old token until the session's end."""
    behind.cookies.set("AWSELBAuthSessionCookie-0", "a", domain="app.example.com", path="/")
    sent = headers(token=sign(user_claims(exp=NOW)))
    left = behind.get("/auth/sign-in?return=/x", headers=sent, follow_redirects=False)
    assert (left.status_code, left.headers["location"]) == (302, "/auth/sign-in?return=%2Fx&again=1")
    assert set(behind.cookies) == set()
    assert behind.get(left.headers["location"], headers=sent, follow_redirects=False).status_code == 401


def test_the_load_balancer_is_told_whose_token_it_got(behind: TestClient) -> None:
    """Its user info endpoint is this API, on the host of bearer tokens: Graph's takes no token of ours."""
    person = {"Host": "api.example.com", "Authorization": f"Bearer {sign(user_claims())}"}
    claims = user_claims()
    told = behind.get("/userinfo", headers=person)
    names = ("sub", "oid", "tid", "name", "preferred_username")
    assert (told.status_code, told.json()) == (200, {name: claims[name] for name in names})
    daemon = {"Host": "api.example.com", "Authorization": f"Bearer {sign(app_claims())}"}
    assert behind.get("/userinfo", headers=daemon).status_code == 403
    assert behind.get("/userinfo", headers={"Host": "api.example.com"}).status_code == 401


def test_what_is_not_configured_is_not_there(client: TestClient) -> None:
    """In bearer mode neither the page's session nor user info; the headers mean nothing, on any host."""
    for path in ("/session", "/auth/sign-in", "/userinfo"):
        assert client.get(path, headers=headers()).status_code == 404
    assert client.get("/me", headers=headers()).status_code == 401


@pytest.mark.parametrize(
    ("server", "said"),
    [
        ({"alb_arn": ""}, "SERVER_ALB_ARN"),
        ({"alb_arn": ARN.replace("/app/", "/net/")}, "SERVER_ALB_ARN"),
        ({"alb_arn": ARN.replace("eu-central-1", "evil.example/x")}, "SERVER_ALB_ARN"),
        ({"alb_arn": ARN.replace("arn:aws:", "arn:aws-cn:")}, "SERVER_ALB_ARN"),
        ({"alb_keys_url": "https://evil.example"}, "SERVER_ALB_KEYS_URL"),
    ],
)
def test_a_load_balancer_that_is_none_ends_the_start(
    tmp_path: Path, server: dict[str, Any], said: str
) -> None:
    """As does another place of keys, where no emulator is meant."""
    with pytest.raises(SettingsError, match=said):
        alb(tmp_path, **server)
    with pytest.raises(SettingsError, match="ALB_CLIENT_ID"):
        settings(tmp_path, callers="alb", alb_arn=ARN)


def test_a_region_s_keys_are_where_its_partition_has_them(tmp_path: Path) -> None:
    """By the configured ARN."""
    assert alb(tmp_path).alb_keys == "https://public-keys.auth.elb.eu-central-1.amazonaws.com"
    gov = ARN.replace("arn:aws:", "arn:aws-us-gov:").replace("eu-central-1", "us-gov-west-1")
    assert alb(tmp_path, alb_arn=gov).alb_keys == (
        "https://s3-us-gov-west-1.amazonaws.com/aws-elb-public-keys-prod-us-gov-west-1"
    )
