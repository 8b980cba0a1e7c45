"""`--credential aws`: the real boto3 asks a stand-in for STS, the real azure-identity takes what it signed
to the emulator.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from collections.abc import Iterator

import pytest

from entra_config.cli import emulator_running
from entra_config.errors import SignInError
from entra_config.graph import aws, clouds, credentials
from entra_emulator import background
from entra_emulator.server_options import ServerOptions
from tests.clients import sts as stand_in
from tests.clients.aws_account import CLIENT, FORM, TENANT, Account
from tests.clients.sts import AUDIENCE, ISSUER, REGION, ROLE


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """Run the stand-in, and an emulator that has its keys as `--issuer-keys` would give them."""
    state = tmp_path_factory.mktemp("aws")
    with stand_in.running() as sts:
        background.start(ServerOptions(state=state, port=0, issuer_keys={ISSUER: sts.jwks()}))
        yield Account(sts, state)
        background.end(state)


@pytest.fixture
def account(served: Account, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Return the account as it is meant to be, in the environment that a task has."""
    served.sts.role, served.sts.audience, served.sts.algorithm, served.sts.age, served.sts.refuses = (
        ROLE,
        "",
        "",
        0,
        "",
    )
    served.sts.requested.clear()
    for name in [name for name in os.environ if name.startswith(("AWS_", "AZURE_"))]:
        monkeypatch.delenv(name)
    for name, value in {
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "ASIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_SESSION_TOKEN": "session",
        "AWS_ENDPOINT_URL_STS": served.sts.url,
        "AWS_CONFIG_FILE": "/nowhere",
        "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
        "AZURE_CLIENT_ID": CLIENT,
    }.items():
        monkeypatch.setenv(name, value)
    served.federate()
    return served


def test_the_right_role_is_in(account: Account) -> None:
    """Signed in as the application, by one RS256 token for Entra alone that lives for 300 seconds."""
    assert account.sign_in().identity.app_id == CLIENT
    (requested,) = account.sts.requested
    said = {name: values for name, values in requested.items() if name not in {"Action", "Version"}}
    assert said == {
        "Audience.member.1": [AUDIENCE],
        "SigningAlgorithm": ["RS256"],
        "DurationSeconds": ["300"],
    }


@pytest.mark.parametrize("other", [None, "us-east-1"])
def test_the_region_is_what_aws_says_it_is(
    account: Account, other: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A function and a task of AWS have AWS_REGION, whatever boto3's own variable says; the stand-in takes
    no signature of another region.
    """
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    if other is not None:
        monkeypatch.setenv("AWS_DEFAULT_REGION", other)
    assert account.sign_in().identity.app_id == CLIENT


@pytest.mark.parametrize(
    ("registered", "signed", "code", "mend"),
    [
        (
            {},
            {"role": f"{ROLE}-other"},
            "700213",
            f"its token names the role {ROLE}-other: write {FORM[:-2]}-other }}",
        ),
        (
            {"subject": ROLE.replace("entra-config", "Entra-Config")},
            {},
            "7002138",
            f"letter by letter: write {FORM}",
        ),
        (
            {"subject": "arn:aws:sts::123456789012:assumed-role/entra-config/i-0"},
            {},
            "700213",
            f"write {FORM} (a session's ARN never matches)",
        ),
        (
            {"issuer": "https://sts.amazonaws.com"},
            {},
            "700211",
            f"the account's issuer is {ISSUER}: write {FORM}",
        ),
        ({"audience": "api://other"}, {}, "700212", f"the token is for {AUDIENCE}"),
        ({}, {"audience": "api://other"}, "700212", "the token is for api://other"),
        ({}, {"algorithm": "ES384"}, "5002738", "Entra verifies RS256 alone, and STS signed ES384"),
        ({}, {"age": 1000}, "700024", "the clock of this machine, of AWS and of Entra differ by minutes"),
    ],
)
def test_the_wrong_one_is_refused_with_what_to_change(
    account: Account, registered: dict[str, str], signed: dict[str, str | int], code: str, mend: str
) -> None:
    """Another role, a session, an issuer, an audience, an algorithm, a time: Entra's code, and the line to
    write.
    """
    account.federate(**registered)
    for name, value in signed.items():
        setattr(account.sts, name, value)
    said = account.refused()
    assert f"AADSTS{code}: " in said
    assert "To mend it: " in said
    assert mend in said


def test_an_application_that_trusts_nobody_is_told_what_to_declare(account: Account) -> None:
    """70025, and the federated credential as a manifest has it."""
    account.forget()
    said = account.refused()
    assert "AADSTS70025: " in said
    assert f"declare it as a federated credential of {CLIENT}, and apply: {FORM}" in said


def test_a_stranger_s_key_is_refused(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the account's issuer did not sign."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    monkeypatch.setattr(account.sts, "key", rsa.generate_private_key(public_exponent=65537, key_size=2048))
    said = account.refused()
    assert "AADSTS700027: " in said
    assert f"Entra does not find the key of {ISSUER}" in said


@pytest.mark.parametrize(
    ("code", "mend"),
    [
        ("OutboundWebIdentityFederationDisabledException", "aws iam enable-outbound-web-identity-federation"),
        (
            "AccessDenied",
            "the role's policy allows `sts:GetWebIdentityToken` with `sts:IdentityTokenAudience` api://AzureAD",
        ),
        ("SessionDurationEscalationException", "the session of the role ends in less than 300 seconds"),
        ("ExpiredTokenException", "the session of the role is over"),
    ],
)
def test_what_aws_refuses_is_told_with_what_to_change(account: Account, code: str, mend: str) -> None:
    """Before Entra is asked anything."""
    account.sts.refuses = code
    said = account.refused()
    assert said.startswith(f"aws: STS refused to sign: {code}: Refused by the test.")
    assert mend in said


@pytest.mark.parametrize(
    ("environ", "reported"),
    [
        ({"AWS_REGION": None, "AWS_DEFAULT_REGION": None}, "no region is set (AWS_REGION)"),
        (
            {"AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9"},
            "a network without a way out needs an endpoint of its own for STS",
        ),
        (
            {"AZURE_CLIENT_ID": None},
            "aws: AZURE_CLIENT_ID is not set: which application this role signs in as",
        ),
        ({"AWS_ACCESS_KEY_ID": None, "AWS_EC2_METADATA_DISABLED": "true"}, "Unable to locate credentials"),
    ],
)
def test_what_is_missing_is_told(
    account: Account, environ: dict[str, str | None], reported: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A region, a way to STS, a client, a role."""
    for name, value in environ.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert reported in account.refused()


def test_without_an_endpoint_of_one_s_own_the_region_s_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever an old setting says of a global one."""
    import botocore.httpsession

    requested: list[str] = []

    def send(_: object, request: object) -> None:
        requested.append(str(getattr(request, "url", "")))
        raise botocore.exceptions.EndpointConnectionError(endpoint_url=requested[-1])

    monkeypatch.setattr(botocore.httpsession.URLLib3Session, "send", send)
    monkeypatch.delenv("AWS_ENDPOINT_URL_STS", raising=False)
    for name, value in (
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_STS_REGIONAL_ENDPOINTS", "legacy"),
    ):
        monkeypatch.setenv(name, value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    with pytest.raises(SignInError, match="endpoint of its own"):
        aws.assertion("global")
    assert set(requested) == {f"https://sts.{REGION}.amazonaws.com/"}


def test_what_is_not_installed_is_told_with_its_line(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No boto3, or one from before outbound federation."""
    import boto3

    monkeypatch.setattr(boto3.Session, "client", lambda *_, **__: object())
    assert "this boto3 is older than outbound identity federation" in account.refused()
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert re.search(r"pip install .*\[aws\]", account.refused())


def test_each_cloud_has_its_audience(account: Account) -> None:
    """Which the stack's policy of another cloud does not let pass."""
    with pytest.raises(SignInError, match="AzureADTokenExchangeUSGov"):
        aws.assertion(clouds.USGOV.name)
    assert account.sts.requested[-1]["Audience.member.1"] == ["api://AzureADTokenExchangeUSGov"]


def test_no_token_is_sent_to_an_emulator_elsewhere(account: Account) -> None:
    """Not even with its certificate."""
    emulator = emulator_running.find_endpoint(account.state)
    cloud = clouds.Cloud("emulator", "https://graph.example.com", "https://login.example.com")
    source = credentials.source(cloud, "aws", tenant_id=TENANT, emulator=emulator, now=time.time)
    with pytest.raises(SignInError, match="goes to no emulator but this machine's"):
        asyncio.run(source.token())


def test_the_program_signs_in_and_doctor_tells_the_role(account: Account) -> None:
    """And where it is refused, what to change; a token is on no line of either."""
    done = account.run("doctor", "--credential", "aws", "-e", "dev")
    assert f"{ROLE} of {ISSUER}; STS signs RS256 for 300 s and {AUDIENCE} alone" in done.stdout, (
        done.stdout + done.stderr
    )
    assert "sign-in" in done.stdout
    account.federate(subject=f"{ROLE}x")
    refused = account.run("doctor", "--credential", "aws", "-e", "dev")
    assert refused.returncode == 1
    assert "AADSTS700213" in refused.stdout
    assert f"its token names the role {ROLE}: write {FORM}" in refused.stdout
    assert "eyJ" not in done.stdout + done.stderr + refused.stdout + refused.stderr
