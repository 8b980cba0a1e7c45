"""Which way to sign in is taken, and as whom, at Entra and at an emulator of this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from entra_config.errors import SignInError, UsageError
from entra_config.graph import clouds, credentials
from entra_config.graph.clouds import Cloud
from entra_config.graph.credentials import AzureTokens, EmulatorTokens, offered, source
from entra_config.graph.endpoint import Endpoint

LOCAL = Cloud("emulator", "https://127.0.0.1:8443", "https://127.0.0.1:8444")
RUNNING = Endpoint(LOCAL, Path("ca.pem"), "seeded", "deployer", "secret")
HOST = {"AZURE_AUTHORITY_HOST": "https://127.0.0.1:8444/"}
CLIENT = {"AZURE_CLIENT_ID": "c1"}


def now() -> float:
    """Return the time."""
    return 0.0


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "cli"),
        ({"AZURE_CLIENT_ID": "c", "AZURE_TENANT_ID": "t", "AZURE_CLIENT_SECRET": "s"}, "environment"),
        (
            {"AZURE_CLIENT_ID": "c", "AZURE_TENANT_ID": "t", "AZURE_CLIENT_CERTIFICATE_PATH": "p"},
            "environment",
        ),
        (
            {"AZURE_CLIENT_ID": "c", "AZURE_TENANT_ID": "t", "AZURE_FEDERATED_TOKEN_FILE": "f"},
            "workload-identity",
        ),
        ({"AZURE_CLIENT_ID": "c", "AZURE_TENANT_ID": "t"}, "cli"),
        ({"AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "s"}, "cli"),
        ({"AZURE_TENANT_ID": "t", "AZURE_CLIENT_SECRET": "s"}, "cli"),
        ({"IDENTITY_ENDPOINT": "http://x"}, "managed-identity"),
    ],
)
def test_the_environment_offers_a_way_to_sign_in(environ: Mapping[str, str], expected: str) -> None:
    """Hold that it is whole, or it is none."""
    assert offered(environ) == expected


DEPLOYER = {"tenant": "seeded", "client_id": "deployer", "client_secret": "secret"}


@pytest.mark.parametrize(
    ("environ", "tenant", "form"),
    [
        ({}, None, DEPLOYER),
        ({}, "t2", DEPLOYER | {"tenant": "t2"}),
        (CLIENT | {"AZURE_CLIENT_SECRET": "s1"}, None, DEPLOYER),
        (HOST | {"AZURE_CLIENT_SECRET": "s1"}, None, DEPLOYER),
        (HOST | CLIENT, None, DEPLOYER),
        (
            CLIENT | {"AZURE_AUTHORITY_HOST": "https://127.0.0.1:9", "AZURE_CLIENT_SECRET": "s1"},
            None,
            DEPLOYER,
        ),
        (
            HOST | CLIENT | {"AZURE_CLIENT_SECRET": "s1"},
            "t2",
            {"tenant": "seeded", "client_id": "c1", "client_secret": "s1"},
        ),
        (
            HOST | CLIENT | {"AZURE_CLIENT_SECRET": "s1", "AZURE_TENANT_ID": "t1"},
            None,
            {"tenant": "t1", "client_id": "c1", "client_secret": "s1"},
        ),
    ],
)
def test_at_an_emulator_the_seeded_deployer_signs_in(
    environ: Mapping[str, str], tenant: str | None, form: Mapping[str, str]
) -> None:
    """Hold that the environment's client does where it was meant for this very emulator, with its proof."""
    found = source(LOCAL, tenant_id=tenant, emulator=RUNNING, environ=environ, now=now)
    assert found == EmulatorTokens(RUNNING, form, now)


def test_the_client_of_a_fleet_signs_in_to_an_emulator() -> None:
    """Hold that a trial is signed in as production is."""
    found = source(LOCAL, tenant_id="t2", emulator=RUNNING, environ=CLIENT, client_id="fleet", now=now)
    assert found == EmulatorTokens(RUNNING, DEPLOYER | {"tenant": "t2", "client_id": "fleet"}, now)


def test_a_file_proves_the_client_at_an_emulator(tmp_path: Path) -> None:
    """Hold that its text is the assertion, without the line's end."""
    file = tmp_path / "token"
    file.write_text("signed\n", encoding="utf-8")
    environ = {**HOST, **CLIENT, "AZURE_FEDERATED_TOKEN_FILE": str(file)}
    found = source(LOCAL, emulator=RUNNING, environ=environ, now=now)

    assert isinstance(found, EmulatorTokens)
    assert found.form == {
        "tenant": "seeded",
        "client_id": "c1",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": "signed",
    }


def test_without_an_emulator_nobody_signs_in_there() -> None:
    """Hold what starts one."""
    with pytest.raises(SignInError, match="no emulator runs; start one with `entra-config emulator start`"):
        source(LOCAL, environ={}, now=now)


@pytest.mark.parametrize(
    ("cloud", "tenant", "client", "expected"),
    [
        (clouds.GLOBAL, "t2", None, ("t2", {"AZURE_CLIENT_ID": "c1"}, None)),
        (clouds.GLOBAL, "t2", "fleet", ("t2", {"AZURE_CLIENT_ID": "fleet", "AZURE_TENANT_ID": "t2"}, None)),
        (clouds.GLOBAL, None, "fleet", (None, {"AZURE_CLIENT_ID": "fleet", "AZURE_TENANT_ID": ""}, None)),
        (LOCAL, "t2", None, ("t2", {"AZURE_CLIENT_ID": "c1"}, RUNNING)),
        (LOCAL, None, None, ("seeded", {"AZURE_CLIENT_ID": "c1"}, RUNNING)),
    ],
)
def test_a_role_of_aws_signs_in(
    cloud: Cloud,
    tenant: str | None,
    client: str | None,
    expected: tuple[Any, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Hold tenant, environment and emulator; the client of a fleet stands in for the environment's."""
    made: list[Any] = []
    monkeypatch.setattr(credentials, "AwsTokens", lambda *given: made.append(given))
    source(cloud, "aws", tenant_id=tenant, emulator=RUNNING, environ=CLIENT, client_id=client, now=now)
    ((of, tenant_id, environ, clock, *emulator),) = made

    assert (of, clock) == (cloud, now)
    assert (tenant_id, environ, emulator[0] if emulator else None) == expected


@pytest.mark.parametrize("name", [None, "device-code"])
def test_a_name_comes_before_what_the_environment_offers(name: str | None) -> None:
    """Hold that azure-identity signs in, and that a name that there is not is refused."""
    assert isinstance(source(clouds.GLOBAL, name, environ={}, now=now), AzureTokens)
    with pytest.raises(UsageError, match="unknown credential 'other'; expected one of "):
        source(clouds.GLOBAL, "other", environ={}, now=now)


def test_a_cloud_that_nobody_tried_says_so() -> None:
    """The three clouds by name; only the global one was tried."""
    assert [cloud.verified for cloud in clouds.CLOUDS.values()] == [True, False, False]
    with pytest.raises(UsageError, match="global, usgov, china, emulator"):
        clouds.named("mars")


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({}, "cli"),
        ({"AZURE_CLIENT_ID": "a", "AZURE_TENANT_ID": "t", "AZURE_CLIENT_SECRET": "s"}, "environment"),
        (
            {"AZURE_CLIENT_ID": "a", "AZURE_TENANT_ID": "t", "AZURE_CLIENT_CERTIFICATE_PATH": "c"},
            "environment",
        ),
        (
            {"AZURE_CLIENT_ID": "a", "AZURE_TENANT_ID": "t", "AZURE_FEDERATED_TOKEN_FILE": "f"},
            "workload-identity",
        ),
        ({"AZURE_CLIENT_SECRET": "s"}, "cli"),
        ({"IDENTITY_ENDPOINT": "http://169.254.169.254"}, "managed-identity"),
    ],
)
def test_the_environment_chooses_the_way_to_sign_in(environ: dict[str, str], name: str) -> None:
    """What a machine was prepared for is taken, else the Azure CLI."""
    assert credentials.offered(environ) == name


@pytest.mark.parametrize("name", [name for name in credentials.NAMES if name != "aws"])
def test_every_way_to_sign_in_can_be_made(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each name is one of azure-identity's credentials, pointed at the cloud."""
    monkeypatch.setenv("AZURE_CLIENT_ID", "11111111-1111-1111-1111-111111111111")
    monkeypatch.setenv("AZURE_TENANT_ID", "11111111-1111-1111-1111-111111111111")
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", "/nowhere")
    assert hasattr(credentials.azure(name, clouds.USGOV, "22222222-2222-2222-2222-222222222222"), "get_token")


def test_no_way_to_sign_in_is_an_error_that_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an Azure CLI the error names the ways there are."""
    monkeypatch.setenv("PATH", "/nowhere")
    source = credentials.source(clouds.GLOBAL, "cli", environ={}, now=lambda: 0.0)
    with pytest.raises(SignInError, match="az login"):
        asyncio.run(source.token())


def test_an_unknown_credential_is_a_usage_error() -> None:
    """The error lists the names."""
    with pytest.raises(UsageError, match="workload-identity"):
        credentials.source(clouds.GLOBAL, "magic", now=lambda: 0.0)
