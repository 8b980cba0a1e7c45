"""A role of AWS signs in: what Entra's client is given, and what is said where Entra or STS refuses."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import azure.identity
import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from entra_config.errors import SignInError
from entra_config.graph import aws, clouds
from entra_config.graph.aws import AwsTokens, RoleAssertion
from entra_config.graph.clouds import Cloud
from entra_config.graph.endpoint import Endpoint
from entra_config.graph.token import Identity, Token

ENVIRON = {"AZURE_CLIENT_ID": "c1", "AZURE_TENANT_ID": "t1"}
SIGNED = RoleAssertion("https://issuer", "arn:aws:iam::1:role/r", "api://x", "ES384")
FORM = "aws: { issuer: https://issuer, role: arn:aws:iam::1:role/r }"


def jwt(header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    """Return a token whose signature nobody looks at."""
    parts = (
        base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in (header, claims)
    )
    return ".".join((*parts, "signature"))


TOKEN = jwt({}, {"tid": "t", "oid": "o", "appid": "a", "app_displayname": "Deployer"})


class Client:
    """Azure's client for assertions: keeps what it was made of, and does what a test says."""

    made: list[tuple[Any, ...]]
    calls: list[tuple[str, dict[str, Any]]]
    fails: Exception | None = None

    def __init__(self, tenant: str, client: str, func: Callable[[], str], **options: Any) -> None:
        self.made.append((tenant, client, func(), options))

    def get_token(self, scope: str, **options: Any) -> AccessToken:
        """Return a token, or refuse."""
        self.calls.append((scope, options))
        if self.fails is not None:
            raise self.fails
        return AccessToken(TOKEN, 99)


@pytest.fixture(autouse=True)
def _client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Client, "made", [], raising=False)
    monkeypatch.setattr(Client, "calls", [], raising=False)
    monkeypatch.setattr(azure.identity, "ClientAssertionCredential", Client)
    monkeypatch.setattr(aws, "assertion", lambda cloud: (f"signed for {cloud}", SIGNED))


def tokens(
    tenant: str | None = None,
    environ: Mapping[str, str] = ENVIRON,
    cloud: Cloud = clouds.GLOBAL,
    emulator: Endpoint | None = None,
) -> AwsTokens:
    """Return the source of tokens."""
    return AwsTokens(cloud, tenant, environ, lambda: 0.0, emulator)


def test_one_client_asks_for_every_token() -> None:
    """Hold what it is made of, and that a challenge's claims are handed on."""
    source = tokens()
    token = Token(TOKEN, 99, Identity("t", "o", "a", "Deployer"))

    assert [asyncio.run(source.token()), asyncio.run(source.token(claims="x"))] == [token, token]
    assert Client.made == [("t1", "c1", "signed for global", {"authority": clouds.GLOBAL.authority})]
    assert Client.calls == [
        ("https://graph.microsoft.com/.default", {}),
        ("https://graph.microsoft.com/.default", {"claims": "x", "enable_cae": True}),
    ]


@pytest.mark.parametrize(
    ("tenant", "environ", "expected"),
    [
        ("t2", ENVIRON, "t2"),
        ("t2", {"AZURE_CLIENT_ID": "c1"}, "t2"),
        (None, ENVIRON, "t1"),
        (None, {"AZURE_CLIENT_ID": "c1"}, "AZURE_TENANT_ID"),
        ("t2", {"AZURE_TENANT_ID": "t1"}, "AZURE_CLIENT_ID"),
    ],
)
def test_the_manifest_s_tenant_comes_before_the_environment_s(
    tenant: str | None, environ: Mapping[str, str], expected: str
) -> None:
    """Hold that what is not set is named."""
    if not expected.startswith("AZURE"):
        asyncio.run(tokens(tenant, environ).token())
        assert Client.made[0][:2] == (expected, "c1")
        return
    with pytest.raises(SignInError) as refused:
        asyncio.run(tokens(tenant, environ).token())
    assert str(refused.value) == f"aws: {expected} is not set: which application this role signs in as"


@pytest.mark.parametrize("authority", ["https://127.0.0.1:8443", "https://login.example.com"])
def test_an_emulator_is_of_this_machine(authority: str) -> None:
    """Hold that it is trusted by its own CA, and that a token goes to no other."""
    cloud = Cloud("emulator", "https://127.0.0.1:8443", authority)
    source = tokens(cloud=cloud, emulator=Endpoint(cloud, Path("ca.pem"), "t", "c", "s"))
    if "login" in authority:
        with pytest.raises(SignInError, match="goes to no emulator but this machine's"):
            asyncio.run(source.token())
        return
    asyncio.run(source.token())
    assert Client.made[0][3] == {
        "authority": authority,
        "disable_instance_discovery": True,
        "connection_verify": "ca.pem",
    }


ADVICE = {
    "70025": f"declare it as a federated credential of c1, and apply: {FORM}",
    "700211": f"the account's issuer is https://issuer: write {FORM}",
    "700212": "the token is for api://x: `audience` of the federated credential is that, or not written",
    "700213": (
        f"its token names the role arn:aws:iam::1:role/r: write {FORM} (a session's ARN never matches)"
    ),
    "7002138": f"Entra compares letter by letter: write {FORM}",
    "5002738": "Entra verifies RS256 alone, and STS signed ES384: let it sign RS256",
    "90061": "Entra must reach https://issuer, and cannot",
}


@pytest.mark.parametrize(("code", "advice"), [*ADVICE.items(), ("50001", "")])
def test_a_refusal_of_entra_says_what_mends_it(
    code: str, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hold that the number decides, and that one without advice is said as it is."""
    message = f"AADSTS{code}: no"
    monkeypatch.setattr(Client, "fails", ClientAuthenticationError(message))
    with pytest.raises(SignInError) as refused:
        asyncio.run(tokens().token())
    more = f"\nTo mend it: {advice}." if advice else ""
    assert str(refused.value) == f"aws: Entra refused to sign in: {message}{more}"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ClientAuthenticationError("no number"), "aws: the sign-in failed: no number"),
        (ValueError("wrong"), "aws: wrong"),
    ],
)
def test_another_failure_is_said_as_it_is(
    error: Exception, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hold that nothing is advised of what has no number."""
    monkeypatch.setattr(Client, "fails", error)
    with pytest.raises(SignInError) as refused:
        asyncio.run(tokens().token())
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            {"Code": "AccessDenied", "Message": "no"},
            (
                "AccessDenied: no\nTo mend it: the role's policy allows `sts:GetWebIdentityToken` with "
                "`sts:IdentityTokenAudience` api://x, `sts:SigningAlgorithm` RS256 and `sts:DurationSeconds` "
                "up to 300."
            ),
        ),
        (
            {"Code": "ExpiredTokenException", "Message": "old"},
            "ExpiredTokenException: old\nTo mend it: the session of the role is over: sign in to AWS anew.",
        ),
        ({"Code": "Other"}, "Other: Other"),
        ({}, ": "),
    ],
)
def test_a_refusal_of_sts_says_what_mends_it(error: dict[str, str], message: str) -> None:
    """Hold that a code's beginning decides, and that one without a sentence is said by its code."""
    assert aws._refused({"Error": error}, "api://x") == message


def test_what_sts_signed_is_read_of_its_header_and_claims() -> None:
    """Hold that what cannot be read is empty."""
    claims = {"iss": "https://issuer", "sub": "arn:aws:iam::1:role/r", "aud": "api://x"}
    assert aws._read(jwt({"alg": "ES384"}, claims)) == SIGNED
    assert aws._read("opaque") == RoleAssertion("", "", "", "")
