"""The emulator's URL and state folder in; the environment that points real clients at it out."""

import shlex
from pathlib import Path

from entra_emulator import seed
from entra_emulator.state import certificate_check


def environment(origin: str, state: Path, app_id: str | None = None) -> str:
    """Return shell lines for azure-identity, azure-cli, MSAL, Node and Terraform, each with its reason."""
    ca = str(certificate_check.read_ca(state).absolute())
    client = app_id or seed.DEPLOYER_APP_ID
    blocks: list[tuple[str, dict[str, str]]] = [
        (
            (
                "Trust: requests-based clients (azure-identity, MSAL, azure-cli) read the first, httpx, "
                "aiohttp and "
                "Terraform the second, Node the third. They replace the public CAs for these processes."
            ),
            {"REQUESTS_CA_BUNDLE": ca, "SSL_CERT_FILE": ca, "NODE_EXTRA_CA_CERTS": ca},
        ),
        (
            "azure-identity; synchronous credentials want disable_instance_discovery=True in code as well.",
            {"AZURE_AUTHORITY_HOST": origin, "AZURE_TENANT_ID": seed.CONTOSO, "AZURE_CLIENT_ID": client},
        ),
        (
            "azure-cli; once: " + _register_cloud(origin),
            {
                "AZURE_CORE_INSTANCE_DISCOVERY": "false",
                "AZURE_CONFIG_DIR": str((state / "azure-cli").absolute()),
            },
        ),
        (
            "Terraform's azuread provider.",
            {
                "ARM_METADATA_HOSTNAME": origin.removeprefix("https://"),
                "ARM_TENANT_ID": seed.CONTOSO,
                "ARM_CLIENT_ID": client,
            },
        ),
        (
            "Whatever builds URLs itself; the last two are the former names.",
            {
                "ENTRA_EMULATOR": origin,
                "ENTRA_EMULATOR_CA": ca,
                "ENTRA_CONFIG_EMULATOR": origin,
                "ENTRA_CONFIG_EMULATOR_CA": ca,
            },
        ),
    ]
    if secret := seed.SECRETS.get(client):
        # The same in every emulator, and worth nothing anywhere else.
        blocks[1][1]["AZURE_CLIENT_SECRET"] = secret
        blocks[3][1]["ARM_CLIENT_SECRET"] = secret
    return "\n".join(_block(reason, variables) for reason, variables in blocks)


def _block(reason: str, variables: dict[str, str]) -> str:
    return "\n".join(
        [f"# {reason}", *(f"export {name}={shlex.quote(value)}" for name, value in variables.items())]
    )


def _register_cloud(origin: str) -> str:
    endpoints = (
        "active-directory",
        "microsoft-graph-resource-id",
        "active-directory-resource-id",
        "resource-manager",
        "management",
    )
    flags = " ".join(f"--endpoint-{name} {origin}" for name in endpoints)
    return f"az cloud register -n emulator --skip-endpoint-discovery {flags} && az cloud set -n emulator"
