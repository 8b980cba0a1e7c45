"""The name of a way to sign in, and the environment, in; a source of access tokens out. Secrets are read,
never shown.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from entra_config.errors import SignInError, UsageError
from entra_config.graph import clouds, endpoint, unreachable
from entra_config.graph.aws import AwsTokens
from entra_config.graph.clouds import Cloud
from entra_config.graph.endpoint import Endpoint, is_loopback
from entra_config.graph.token import MARGIN, Token, TokenSource, identify

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

NAMES = ("environment", "workload-identity", "managed-identity", "aws", "cli", "interactive", "device-code")
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def source(
    cloud: Cloud,
    name: str | None = None,
    *,
    tenant_id: str | None = None,
    emulator: Endpoint | None = None,
    environ: Mapping[str, str] = os.environ,
    client_id: str | None = None,
    now: Callable[[], float],
) -> TokenSource:
    """Return the source of tokens for a cloud; without a name, the one that the environment offers.

    `client_id` is the client of a fleet, which signs in to each of its tenants: it stands in for the
    environment's client and tenant.
    """
    if client_id is not None:
        environ = {**environ, "AZURE_CLIENT_ID": client_id, "AZURE_TENANT_ID": tenant_id or ""}
    if cloud.name == clouds.EMULATOR:
        emulator = endpoint.require(emulator)
        if name == "aws":
            return AwsTokens(cloud, tenant_id or emulator.tenant_id, environ, now, emulator)
        return EmulatorTokens(emulator, _form(emulator, environ, tenant_id, client_id), now)
    chosen = name or offered(environ)
    if chosen not in NAMES:
        raise UsageError(f"unknown credential {chosen!r}; expected one of {', '.join(NAMES)}")
    if chosen == "aws":
        return AwsTokens(cloud, tenant_id, environ, now)
    return AzureTokens(chosen, cloud, tenant_id, client_id)


def offered(environ: Mapping[str, str]) -> str:
    """Return the way to sign in that the environment was prepared for; the Azure CLI's where it was for
    none.
    """
    if environ.get("AZURE_CLIENT_ID") and environ.get("AZURE_TENANT_ID"):
        if environ.get("AZURE_CLIENT_SECRET") or environ.get("AZURE_CLIENT_CERTIFICATE_PATH"):
            return "environment"
        if environ.get("AZURE_FEDERATED_TOKEN_FILE"):
            return "workload-identity"
    # Asking the metadata address of a machine that has none costs seconds, so a managed identity must
    # announce itself.
    return "managed-identity" if environ.get("IDENTITY_ENDPOINT") else "cli"


class AzureTokens:
    """Tokens by azure-identity, which keeps them until they are about to end."""

    def __init__(self, name: str, cloud: Cloud, tenant_id: str | None, client_id: str | None = None) -> None:
        self._name, self._cloud, self._tenant_id, self._client_id = name, cloud, tenant_id, client_id
        self._credential: TokenCredential | None = None

    async def token(self, *, claims: str | None = None) -> Token:
        """Return a token."""
        # These credentials block: on the network, on `az`, on a person at a browser.
        return await asyncio.to_thread(self._token, claims)

    def _token(self, claims: str | None) -> Token:
        from azure.core.exceptions import AzureError
        from azure.identity import CredentialUnavailableError

        if self._credential is None:
            self._credential = azure(self._name, self._cloud, self._tenant_id, self._client_id)
        options: dict[str, Any] = {"claims": claims, "enable_cae": True} if claims else {}
        try:
            got = self._credential.get_token(self._cloud.scope, **options)
        except CredentialUnavailableError as error:
            raise SignInError(f"{self._name}: {error.message}\n{_OTHERS}") from error
        except AzureError as error:
            managed = os.environ.get("IDENTITY_ENDPOINT") if self._name == "managed-identity" else None
            raise unreachable.sign_in_error(self._name, managed or self._cloud.authority, error) from error
        except ValueError as error:
            raise SignInError(f"{self._name}: {error}") from error
        return Token(got.token, got.expires_on, identify(got.token))


_OTHERS = (
    "Sign in with `az login`, set AZURE_TENANT_ID and AZURE_CLIENT_ID …, or choose --credential "
    f"{' | '.join(NAMES)}. Without a tenant: `entra-config emulator start`, then `--cloud emulator`."
)


def azure(name: str, cloud: Cloud, tenant_id: str | None, client_id: str | None = None) -> TokenCredential:
    """Return azure-identity's credential of a name."""
    import logging

    from azure import identity

    # What it logs of a failure the error says.
    logging.getLogger("azure.identity").addHandler(logging.NullHandler())
    tenant: dict[str, Any] = {"tenant_id": tenant_id} if tenant_id else {}
    authority: dict[str, Any] = {"authority": cloud.authority}
    client: dict[str, Any] = {"client_id": client_id} if client_id else {}
    match name:
        case "environment":
            return identity.EnvironmentCredential(**authority)
        case "workload-identity":
            return identity.WorkloadIdentityCredential(**tenant, **client, **authority)
        case "managed-identity":
            return identity.ManagedIdentityCredential(client_id=os.environ.get("AZURE_CLIENT_ID"))
        case "cli":
            return identity.AzureCliCredential(**tenant)
        case "interactive":
            return identity.InteractiveBrowserCredential(**tenant, **authority)
        case _:  # device-code, the last of NAMES
            return identity.DeviceCodeCredential(**tenant, **authority)


_START_WITH_FLEET = (
    "An emulator has the clients of the fleets that it is started with: "
    "`entra-config emulator start --fleet FILE`"
)


@dataclass
class EmulatorTokens:
    """Tokens of an emulator on this machine, by one plain POST: azure-identity takes longer to import than
    all the rest.
    """

    emulator: Endpoint
    form: Mapping[str, str]
    now: Callable[[], float]

    async def token(self, *, claims: str | None = None) -> Token:  # noqa: ARG002  # the emulator challenges nobody
        """Return a token."""
        import ssl

        import httpx

        tenant = self.form["tenant"]
        url = f"{self.emulator.cloud.authority}/{tenant}/oauth2/v2.0/token"
        if not is_loopback(url):
            raise SignInError(f"{url}: an emulator's secret stays on this machine")
        form = {key: value for key, value in self.form.items() if key != "tenant"}
        try:
            trust = ssl.create_default_context(cafile=str(self.emulator.ca))
            async with httpx.AsyncClient(verify=trust, trust_env=False, timeout=30) as client:
                response = await client.post(
                    url, data={**form, "grant_type": "client_credentials", "scope": self.emulator.cloud.scope}
                )
            body = response.json()
        except (httpx.HTTPError, OSError) as error:
            raise SignInError(
                f"the emulator at {self.emulator.cloud.authority} does not answer ({error}); "
                "start it with `entra-config emulator start`"
            ) from error
        except ValueError as error:
            raise SignInError(f"{url}: the answer is no token") from error
        if not isinstance(body, dict) or not isinstance(body.get("access_token"), str):
            message = body.get("error_description", body) if isinstance(body, dict) else body
            unknown = "AADSTS700016" in str(message) and form["client_id"] != self.emulator.client_id
            hint = f"\n{_START_WITH_FLEET}" if unknown else ""
            raise SignInError(f"the emulator refused to sign in: {message}{hint}")
        value = body["access_token"]
        return Token(value, self.now() + float(body.get("expires_in", MARGIN)), identify(value))


def _form(
    emulator: Endpoint, environ: Mapping[str, str], tenant_id: str | None, client_id: str | None = None
) -> dict[str, str]:
    """Return what to sign in with: the environment's client if it was meant for this emulator, else the
    client of the fleet, else the seeded deployer.
    """
    host = environ.get("AZURE_AUTHORITY_HOST", "")
    meant = host and urlsplit(host).netloc == urlsplit(emulator.cloud.authority).netloc
    if meant and environ.get("AZURE_CLIENT_ID"):
        form = {
            "tenant": environ.get("AZURE_TENANT_ID") or emulator.tenant_id,
            "client_id": environ["AZURE_CLIENT_ID"],
        }
        if secret := environ.get("AZURE_CLIENT_SECRET"):
            return {**form, "client_secret": secret}
        if file := environ.get("AZURE_FEDERATED_TOKEN_FILE"):
            assertion = Path(file).read_text(encoding="utf-8").strip()
            return {**form, "client_assertion_type": _ASSERTION, "client_assertion": assertion}
    # The deployer is seeded in each of its tenants, the client of a fleet in those of the fleet, with the
    # same secret.
    return {
        "tenant": tenant_id or emulator.tenant_id,
        "client_id": client_id or emulator.client_id,
        "client_secret": emulator.client_secret,
    }
