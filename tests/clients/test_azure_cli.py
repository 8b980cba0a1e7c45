"""azure-cli, unmodified, in a virtual environment of its own, against the running emulator."""

import datetime as dt
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from entra_config.emulator import seed
from tests.clients.browsing import enter_device_code
from tests.clients.running import TENANT, Emulator

VERSION = "2.91.0"
# 733 MB, so it is installed once per machine and kept.
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "entra-config" / "azure-cli"
ENDPOINTS = (
    "active-directory",
    "microsoft-graph-resource-id",
    "active-directory-resource-id",
    "resource-manager",
    "management",
)

pytestmark = pytest.mark.clients


class Az:
    """The `az` command with a configuration of its own."""

    def __init__(self, emulator: Emulator, config: Path) -> None:
        """Trust the emulator, ask nobody else, tell nobody."""
        self.environment = {
            "PATH": f"{CACHE / 'bin'}:/usr/bin:/bin",
            "HOME": str(config),
            "AZURE_CONFIG_DIR": str(config),
            "AZURE_CORE_INSTANCE_DISCOVERY": "false",
            "AZURE_CORE_COLLECT_TELEMETRY": "false",
            "REQUESTS_CA_BUNDLE": str(emulator.ca),
            "SSL_CERT_FILE": str(emulator.ca),
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command."""
        command = [str(CACHE / "bin" / "python"), "-m", "azure.cli", *arguments]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )

    def __call__(self, line: str, *more: str) -> Any:
        """Run a command that succeeds and return its JSON."""
        done = self.run(*line.split(), *more, "--output", "json")
        assert done.returncode == 0, f"az {line} {more}: {done.stderr}"
        return json.loads(done.stdout) if done.stdout.strip() else None


@pytest.fixture(scope="module")
def az(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Az]:
    """Install azure-cli where it is missing, register the emulator as a cloud, and sign in."""
    if not (CACHE / "bin" / "python").exists():
        CACHE.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", str(CACHE)], check=True)
    pip = [
        str(CACHE / "bin" / "python"),
        "-c",
        "import azure.cli.core as c, sys; sys.exit(c.__version__ != sys.argv[1])",
    ]
    if subprocess.run([*pip, VERSION], check=False, capture_output=True).returncode:
        install = [
            str(CACHE / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        subprocess.run([*install, f"azure-cli=={VERSION}"], check=True)
    az = Az(emulator, tmp_path_factory.mktemp("az"))
    flags = [part for name in ENDPOINTS for part in (f"--endpoint-{name}", emulator.origin)]
    az("cloud register -n emulator --skip-endpoint-discovery", *flags)
    az("cloud set -n emulator")
    login = f"login --service-principal -u {seed.ADMIN_APP_ID} --tenant {TENANT} --allow-no-subscriptions"
    az(login, "-p", seed.ADMIN_SECRET)
    yield az
    az.run("logout")


def test_a_wrong_secret_is_refused_in_entras_words(emulator: Emulator, tmp_path: Path, az: Az) -> None:
    """`az login` shows the AADSTS text."""
    other = Az(emulator, tmp_path)
    flags = [part for name in ENDPOINTS for part in (f"--endpoint-{name}", emulator.origin)]
    other("cloud register -n emulator --skip-endpoint-discovery", *flags)
    other("cloud set -n emulator")
    login = (
        f"login --service-principal -u {seed.DEPLOYER_APP_ID} -p wrong --tenant {TENANT} "
        "--allow-no-subscriptions"
    )
    done = other.run(*login.split())
    assert done.returncode != 0
    assert "AADSTS7000215" in done.stderr


def test_applications(az: Az) -> None:
    """`az ad app`: create, show, list, update, upsert by name, credentials, owners, delete."""
    app = az("ad app create --display-name Cli --web-redirect-uris https://cli.localhost/callback")
    app_id = app["appId"]
    assert az(f"ad app show --id {app_id}")["displayName"] == "Cli"
    assert [row["appId"] for row in az("ad app list --display-name Cli")] == [app_id]
    assert az(f"ad app list --app-id {app_id}")[0]["id"] == app["id"]
    assert len(az("ad app list --all")) >= 4
    assert az("ad app create --display-name Cli --enable-id-token-issuance true")["appId"] == app_id
    az(f"ad app update --id {app_id} --set notes=Hello")
    assert az(f"ad app show --id {app_id}")["notes"] == "Hello"
    az(f"ad app update --id {app_id} --identifier-uris api://{app_id}")
    az(f"ad app update --id {app_id} --is-fallback-public-client true")
    assert az(f"ad app credential reset --id {app_id} --append")["password"]
    assert len(az(f"ad app credential list --id {app_id}")) == 1
    az(
        f"ad app credential delete --id {app_id} --key-id",
        az(f"ad app credential list --id {app_id}")[0]["keyId"],
    )
    alice = az("ad user show --id alice@contoso.com")["id"]
    az(f"ad app owner add --id {app_id} --owner-object-id {alice}")
    assert alice in [row["id"] for row in az(f"ad app owner list --id {app_id}")]
    az(f"ad app owner remove --id {app_id} --owner-object-id {alice}")
    az(f"ad app delete --id {app_id}")
    assert az("ad app list --display-name Cli") == []


def test_federated_credentials(az: Az, tmp_path: Path) -> None:
    """`az ad app federated-credential`: create, list, show, update, delete."""
    app_id = az("ad app create --display-name CliFederated")["appId"]
    parameters = {
        "name": "github",
        "issuer": "https://token.actions.githubusercontent.com",
        "subject": "repo:example/myapp:environment:prod",
        "audiences": ["api://AzureADTokenExchange"],
    }
    file = tmp_path / "credential.json"
    file.write_text(json.dumps(parameters), encoding="utf-8")
    created = az(f"ad app federated-credential create --id {app_id} --parameters {file}")
    assert created["subject"] == parameters["subject"]
    assert len(az(f"ad app federated-credential list --id {app_id}")) == 1
    file.write_text(json.dumps({**parameters, "description": "changed"}), encoding="utf-8")
    az(
        f"ad app federated-credential update --id {app_id} --federated-credential-id github "
        f"--parameters {file}"
    )
    found = az(f"ad app federated-credential show --id {app_id} --federated-credential-id github")
    assert found["description"] == "changed"
    az(f"ad app federated-credential delete --id {app_id} --federated-credential-id github")
    assert az(f"ad app federated-credential list --id {app_id}") == []


def test_certificates(emulator: Emulator, az: Az, tmp_path: Path) -> None:
    """`az ad app credential reset`: a certificate made by azure-cli signs in; one from a file comes beside
    it; both go by id.
    """
    app_id = az("ad app create --display-name CliCertificate")["appId"]
    az(f"ad sp create --id {app_id}")
    made = az(f"ad app credential reset --id {app_id} --create-cert")
    pem = Path(made["fileWithCertAndPrivateKey"])
    assert _signed_in_by(emulator, az, app_id, pem, tmp_path / "first") == TENANT
    other = tmp_path / "other.pem"
    other.write_text(_self_signed("cli-other"), encoding="ascii")
    az(f"ad app credential reset --id {app_id} --append --cert @{other}")
    listed = az(f"ad app credential list --id {app_id} --cert")
    assert [row["type"] for row in listed] == ["AsymmetricX509Cert"] * 2
    assert all(len(row["customKeyIdentifier"]) == 40 for row in listed)
    assert az(f"ad app credential list --id {app_id}") == []
    # Without --append a reset replaces: what signed in no longer does.
    az(f"ad app credential reset --id {app_id} --cert @{other}")
    assert _signed_in_by(emulator, az, app_id, pem, tmp_path / "second") == "AADSTS700027"
    (left,) = az(f"ad app credential list --id {app_id} --cert")
    az(f"ad app credential delete --id {app_id} --cert --key-id {left['keyId']}")
    assert az(f"ad app credential list --id {app_id} --cert") == []
    az(f"ad app delete --id {app_id}")
    pem.unlink()


def test_certificates_of_service_principals(emulator: Emulator, az: Az, tmp_path: Path) -> None:
    """`az ad sp create-for-rbac --create-cert` signs in at once; `az ad sp credential reset` gives it
    another certificate.
    """
    made = az("ad sp create-for-rbac -n CliRbacCertificate --create-cert")
    first = Path(made["fileWithCertAndPrivateKey"])
    assert _signed_in_by(emulator, az, made["appId"], first, tmp_path / "first") == TENANT
    again = az(f"ad sp credential reset --id {made['appId']} --create-cert --append")
    assert len(az(f"ad sp credential list --id {made['appId']} --cert")) == 1
    second = Path(again["fileWithCertAndPrivateKey"])
    assert _signed_in_by(emulator, az, made["appId"], second, tmp_path / "second") == TENANT
    (key,) = az(f"ad sp credential list --id {made['appId']} --cert")
    az(f"ad sp credential delete --id {made['appId']} --cert --key-id {key['keyId']}")
    assert az(f"ad sp credential list --id {made['appId']} --cert") == []
    az(f"ad app delete --id {made['appId']}")
    for file in (first, second):
        file.unlink()


def _signed_in_by(emulator: Emulator, az: Az, app_id: str, certificate: Path, config: Path) -> str:
    """Sign in with a certificate; return the tenant, or the code of the refusal."""
    other = Az(emulator, config)
    flags = [part for name in ENDPOINTS for part in (f"--endpoint-{name}", emulator.origin)]
    other("cloud register -n emulator --skip-endpoint-discovery", *flags)
    other("cloud set -n emulator")
    login = (
        f"login --service-principal -u {app_id} --tenant {TENANT} --allow-no-subscriptions --output json "
        "--certificate"
    )
    done = other.run(*login.split(), str(certificate))
    if done.returncode:
        found = re.search(r"AADSTS\d+", done.stderr)
        assert found, done.stderr
        return found[0]
    return str(json.loads(done.stdout)[0]["tenantId"])


def _self_signed(name: str) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(
        subject, subject, key.public_key(), x509.random_serial_number(), now, now + dt.timedelta(9)
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def test_service_principals_and_permissions(az: Az) -> None:
    """`az ad sp` and `az ad app permission`: create, show, list, credentials, permissions, grants, delete."""
    app_id = az("ad app create --display-name CliSp")["appId"]
    principal = az(f"ad sp create --id {app_id}")
    assert az(f"ad sp show --id {app_id}")["id"] == principal["id"]
    assert az("ad sp list --display-name CliSp")[0]["appId"] == app_id
    assert az(f"ad sp list --spn {app_id}")[0]["appId"] == app_id
    az(f"ad sp update --id {app_id} --set appRoleAssignmentRequired=true")
    assert az(f"ad sp show --id {app_id}")["appRoleAssignmentRequired"] is True
    assert az(f"ad sp credential reset --id {app_id}")["password"]
    assert len(az(f"ad sp credential list --id {app_id}")) == 1
    graph, user_read = seed.GRAPH_APP_ID, "e1fe6dd8-ba31-4d61-89e7-88639da4683d"
    az(f"ad app permission add --id {app_id} --api {graph} --api-permissions {user_read}=Scope")
    assert az(f"ad app permission list --id {app_id}")[0]["resourceAppId"] == graph
    az(f"ad app permission grant --id {app_id} --api {graph} --scope User.Read")
    assert az(f"ad app permission list-grants --id {app_id}")[0]["scope"] == "User.Read"
    az(f"ad app permission delete --id {app_id} --api {graph}")
    az(f"ad sp owner list --id {app_id}")
    az(f"ad sp delete --id {app_id}")
    az(f"ad app delete --id {app_id}")


def test_create_for_rbac(az: Az) -> None:
    """`az ad sp create-for-rbac` makes an application that can sign in at once."""
    made = az("ad sp create-for-rbac -n CliRbac")
    assert set(made) >= {"appId", "password", "tenant"}
    assert made["tenant"] == TENANT
    az(f"ad app delete --id {made['appId']}")


def test_groups_and_users(az: Az) -> None:
    """`az ad group` and `az ad user`: create, members, owners, check, list, delete."""
    group = az("ad group create --display-name CliGroup --mail-nickname cligroup")["id"]
    bob = az("ad user show --id bob@contoso.com")["id"]
    az(f"ad group member add --group {group} --member-id {bob}")
    assert az(f"ad group member check --group {group} --member-id {bob}")["value"] is True
    assert [row["id"] for row in az(f"ad group member list --group {group}")] == [bob]
    az(f"ad group owner add --group {group} --owner-object-id {bob}")
    assert [row["id"] for row in az(f"ad group owner list --group {group}")] == [bob]
    assert az("ad group list --display-name CliGroup")[0]["id"] == group
    assert az(f"ad group show --group {group}")["displayName"] == "CliGroup"
    assert group in [row["id"] for row in az("ad user get-member-groups --id bob@contoso.com")]
    az(f"ad group member remove --group {group} --member-id {bob}")
    az(f"ad group delete --group {group}")
    assert len(az("ad user list")) >= 12
    assert az("ad user list --upn alice@contoso.com")[0]["displayName"] == "Alice Archer"


def test_rest(az: Az, emulator: Emulator) -> None:
    """`az rest` signs its request by itself and passes headers on."""
    url = f"{emulator.origin}/v1.0/applications(uniqueName='cli.rest')"
    body = json.dumps({"displayName": "Rest"})
    made = az(f"rest --method patch --url {url} --headers Prefer=create-if-missing --body", body)
    assert made["uniqueName"] == "cli.rest"
    assert az(f"rest --method get --url {emulator.origin}/v1.0/organization")["value"][0]["id"] == TENANT


def test_sign_in_by_federated_token(
    emulator: Emulator, other_issuer: Emulator, az: Az, tmp_path: Path
) -> None:
    """`az login --federated-token` exchanges a token of a second issuer."""
    import httpx
    import jwt

    wanted = {"client_id": seed.READER_APP_ID, "scope": f"{seed.READER_APP_ID}/.default"}
    token = httpx.post(
        f"{other_issuer.origin}/emulator/token", json=wanted, verify=other_issuer.trust
    ).json()["access_token"]
    found = jwt.decode(token, options={"verify_signature": False})
    app = emulator.register("CliLogin")
    emulator.federate(app, found["iss"], found["sub"], found["aud"])
    other = Az(emulator, tmp_path)
    flags = [part for name in ENDPOINTS for part in (f"--endpoint-{name}", emulator.origin)]
    other("cloud register -n emulator --skip-endpoint-discovery", *flags)
    other("cloud set -n emulator")
    login = f"login --service-principal -u {app['appId']} --tenant {TENANT} --allow-no-subscriptions"
    assert other(login, "--federated-token", token)[0]["tenantId"] == TENANT


def test_sign_in_by_device_code(emulator: Emulator, az: Az, tmp_path: Path) -> None:
    """`az login --use-device-code` signs a person in, who then is `az ad signed-in-user`."""
    other = Az(emulator, tmp_path)
    flags = [part for name in ENDPOINTS for part in (f"--endpoint-{name}", emulator.origin)]
    other("cloud register -n emulator --skip-endpoint-discovery", *flags)
    other("cloud set -n emulator")
    login = f"login --use-device-code --tenant {TENANT} --allow-no-subscriptions --output json"
    command = [str(CACHE / "bin" / "python"), "-m", "azure.cli", *login.split()]
    with subprocess.Popen(
        command, env=other.environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            code = re.search(r"enter the code (\w{9})", line)
            if code:
                enter_device_code(
                    f"{emulator.origin}/devicelogin", code[1], "grace@contoso.com", emulator.trust
                )
                break
        _, complaint = process.communicate(timeout=60)
    assert process.returncode == 0, complaint
    assert other("ad signed-in-user show")["userPrincipalName"] == "grace@contoso.com"
    assert other("ad signed-in-user list-owned-objects") == []
