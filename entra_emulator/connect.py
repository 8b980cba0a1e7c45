"""The emulator's URL and state folder in; the environment that points real clients at it out."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from entra_emulator import seed
from entra_emulator.state import certificate_check

# What says otherwise how to sign in.
_OTHERS = (
    "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_USERNAME", "AZURE_PASSWORD", "IDENTITY_SERVER_THUMBPRINT",
    "MSI_ENDPOINT", "MSI_SECRET", "AZURE_FEDERATED_TOKEN_FILE",
    "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "AZURE_POD_IDENTITY_AUTHORITY_HOST",
)  # fmt: skip


def environment(origin: str, state: Path, app_id: str | None = None) -> str:
    """Return shell lines for azure-identity, azure-cli, MSAL, Node and Terraform, each with its reason."""
    client = app_id or seed.DEPLOYER_APP_ID
    blocks: list[tuple[str, dict[str, str]]] = [
        _trust(state),
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
        _own(origin, state),
    ]
    if secret := seed.SECRETS.get(client):
        # The same in every emulator, and worth nothing anywhere else.
        blocks[1][1]["AZURE_CLIENT_SECRET"] = secret
        blocks[3][1]["ARM_CLIENT_SECRET"] = secret
    return "\n".join(_block(reason, variables) for reason, variables in blocks)


def identity_environment(origin: str, state: Path, variables: Mapping[str, str]) -> str:
    """Return shell lines by which azure-identity and MSAL sign in as a managed identity, and only so."""
    reason = "azure-identity and MSAL, for a managed identity; DefaultAzureCredential prefers a secret to it."
    lines = _block(reason, dict(variables))
    unset = f"unset {' '.join(name for name in _OTHERS if name not in variables)}"
    return "\n".join([_block(*_trust(state)), lines, unset, _block(*_own(origin, state))])


def _trust(state: Path) -> tuple[str, dict[str, str]]:
    ca = str(certificate_check.read_ca(state).absolute())
    reason = (
        "Trust: requests-based clients (azure-identity, MSAL, azure-cli) read the first, httpx, aiohttp and "
        "Terraform the second, Node the third. They replace the public CAs for these processes."
    )
    return (
        reason,
        {"REQUESTS_CA_BUNDLE": ca, "SSL_CERT_FILE": ca, "NODE_EXTRA_CA_CERTS": ca},
    )


def _own(origin: str, state: Path) -> tuple[str, dict[str, str]]:
    ca = str(certificate_check.read_ca(state).absolute())
    return (
        "Whatever builds URLs itself; the last two are the former names.",
        {
            "ENTRA_EMULATOR": origin,
            "ENTRA_EMULATOR_CA": ca,
            "ENTRA_CONFIG_EMULATOR": origin,
            "ENTRA_CONFIG_EMULATOR_CA": ca,
        },
    )


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
