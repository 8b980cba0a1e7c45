"""How azure-cli, unmodified, signs in to the running emulator: secret, certificates, token, device code."""

import datetime as dt
import json
import re
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from entra_emulator import seed
from tests.clients.azure_cli import CACHE, ENDPOINTS, Az
from tests.clients.browsing import enter_device_code
from tests.clients.running import TENANT, Emulator

pytestmark = pytest.mark.clients


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
