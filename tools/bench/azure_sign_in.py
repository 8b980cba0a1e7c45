"""The command line, signed in to the emulator by azure-identity as the client of the environment: what a real
tenant's sign-in costs.
"""

from __future__ import annotations

import os
from typing import Any

from entra_config.cli import main
from entra_config.graph import credentials
from entra_config.graph.clouds import Cloud


def _source(cloud: Cloud, *_: Any, **__: Any) -> credentials.AzureTokens:
    return credentials.AzureTokens("environment", cloud, None)


def _secret(_: str, cloud: Cloud, *__: Any) -> Any:
    from azure.identity import ClientSecretCredential

    tenant, client, secret = (
        os.environ[f"AZURE_{name}"] for name in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET")
    )
    # Else it would ask the public cloud whether the emulator is an authority.
    return ClientSecretCredential(
        tenant, client, secret, authority=cloud.authority, disable_instance_discovery=True
    )


if __name__ == "__main__":
    credentials.source, credentials.azure = _source, _secret  # type: ignore[assignment]  # not the emulator's own
    main.run()
