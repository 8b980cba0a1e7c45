"""ALB mode: what the configured load balancer signed, with the same person's access token; nothing else."""

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, HMACAlgorithm, RSAAlgorithm
from pydantic import ValidationError
from starlette.requests import Request
from starlette.testclient import TestClient

from api.auth.alb import ByHost
from api.auth.signature import MAX_TOKEN_CHARACTERS
from api.settings import SettingsError
from api.tests.balancer import ABSENT, ARN, KID, OID, OTHER_ARN, PAGE, Region, data, headers, part, pem
from api.tests.conftest import V2, alb, settings
from api.tests.issuer import LOGIN, NOW, SPA, app_claims, id_claims, sign, user_claims


def test_it_says_what_the_bearer_reader_says(behind: TestClient, client: TestClient, region: Region) -> None:
    """The same person with the same rights; the key is fetched once, from the configured ARN's region."""
    by_token = client.get("/me", headers={"Authorization": f"Bearer {sign(user_claims())}"})
    for _ in range(2):
        by_alb = behind.get("/me", headers=headers())
        assert (by_alb.status_code, by_alb.json()) == (200, by_token.json())
    assert region.requested == [f"/{KID}"]


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
    "an attacker's": (data(sign_with=(ECAlgorithm(ECAlgorithm.SHA256), STRANGER)), "signature"),
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
    "as long as it may be": ("x" * MAX_TOKEN_CHARACTERS, "malformed"),
    "too long": ("x" * (MAX_TOKEN_CHARACTERS + 1), "too_large"),
    "another person's": (data(None, {"oid": ABSENT}), "other"),
    "nobody's": (data(None, {"oid": ...}), "other"),
    "another tenant's": (data(None, {"tid": ABSENT}), "other"),
}


@pytest.mark.parametrize("what", sorted(REFUSED))
def test_a_forged_word_is_refused(behind: TestClient, caplog: pytest.LogCaptureFixture, what: str) -> None:
    """Each for its own reason, which the log has; with a good access token beside it."""
    forged, reason = REFUSED[what]
    response = behind.get("/me", headers=headers(forged))
    assert response.status_code == 401
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
def test_both_are_needed_and_each_once(
    behind: TestClient, caplog: pytest.LogCaptureFixture, absent: str
) -> None:
    """And `Authorization` is no way in on the page's host."""
    given = headers(Authorization=f"Bearer {sign(user_claims())}")
    one = behind.get("/me", headers={k: v for k, v in given.items() if k != absent})
    assert (one.status_code, one.json()["detail"] == "Nobody is signed in.") == (401, False)
    assert [vars(each)["reason"] for each in caplog.records if "reason" in vars(each)] == ["malformed"]
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


def test_the_load_balancer_is_told_whose_token_it_got(behind: TestClient) -> None:
    """Its user info endpoint is this API, on the host of bearer tokens: Graph's takes no token of ours."""
    person = {"Host": "api.example.com", "Authorization": f"Bearer {sign(user_claims())}"}
    claims = user_claims()
    reported = behind.get("/userinfo", headers=person)
    names = ("sub", "oid", "tid", "name", "preferred_username")
    assert (reported.status_code, reported.json()) == (200, {name: claims[name] for name in names})
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
        ({"alb_arn": None}, "SERVER_ALB_ARN"),
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
    for page in (f"{PAGE}/page", PAGE.replace("https:", "http:")):
        with pytest.raises(ValidationError, match="https origin"):
            settings(tmp_path, V2 | {"ALB_CLIENT_ID": SPA, "ALB_PAGE_URL": page}, callers="alb", alb_arn=ARN)
    for lacking in (
        {},
        {"ALB_CLIENT_ID": SPA},
        {"ALB_PAGE_URL": PAGE},
        {"ALB_CLIENT_ID": SPA, "ALB_PAGE_URL": ""},
    ):
        with pytest.raises(SettingsError, match="ALB_CLIENT_ID"):
            settings(tmp_path, V2 | lacking, callers="alb", alb_arn=ARN)


def test_a_region_s_keys_are_where_its_partition_has_them(tmp_path: Path) -> None:
    """By the configured ARN."""
    assert alb(tmp_path).alb_keys == "https://public-keys.auth.elb.eu-central-1.amazonaws.com"
    gov = ARN.replace("arn:aws:", "arn:aws-us-gov:").replace("eu-central-1", "us-gov-west-1")
    assert alb(tmp_path, alb_arn=gov).alb_keys == (
        "https://s3-us-gov-west-1.amazonaws.com/aws-elb-public-keys-prod-us-gov-west-1"
    )


def test_a_stand_in_has_its_keys_where_the_operator_says(tmp_path: Path) -> None:
    """With an emulator alone; a slash at the end is none of the key's name."""
    page = {"PROTECTED": False, "ALB_CLIENT_ID": SPA, "ALB_PAGE_URL": PAGE}
    place = {"callers": "alb", "alb_arn": ARN, "alb_keys_url": "https://localhost:9443/keys/"}
    assert settings(tmp_path, V2 | page, emulator=True, **place).alb_keys == "https://localhost:9443/keys"


def test_each_host_proves_in_its_own_way() -> None:
    """Another host's reader may take somebody's word and verify the token for a route that needs it."""
    proved: list[str] = []

    class Way:
        def __init__(self, name: str) -> None:
            self.name = name

        async def prove(self, request: Request, _user: object) -> None:
            proved.append(f"{self.name} {request.headers['host']}")

    by_host: Any = ByHost("app.example.com", cast("Any", Way("there")), cast("Any", Way("elsewhere")))
    for host in ("app.example.com", "api.example.com"):
        request = Request({"type": "http", "headers": [(b"host", host.encode())]})
        asyncio.run(by_host.prove(request, None))
    assert proved == ["there app.example.com", "elsewhere api.example.com"]
