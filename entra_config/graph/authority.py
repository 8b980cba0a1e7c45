"""A cloud in; its sign-in address, a client that may call it, and a proof that a secret signs in there,
out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from entra_config.graph import clouds, connect, endpoint
from entra_config.graph.clouds import Cloud
from entra_config.graph.endpoint import Endpoint
from entra_config.hidden import Hidden

if TYPE_CHECKING:
    import httpx

TIMEOUT = 30.0
# Of a secret that is there, and that not every replica knows yet (login facts: "usable for tokens later
# still").
NOT_YET = frozenset({"AADSTS7000215", "AADSTS700016", "AADSTS7000229", "AADSTS700027"})


def where(cloud: str, emulator: Endpoint | None) -> tuple[Cloud, Path | None]:
    """Return a cloud, and its CA if it is an emulator; `emulator` is the one that runs."""
    if cloud != clouds.EMULATOR:
        return clouds.named(cloud), None
    found = endpoint.require(emulator)
    return found.cloud, found.ca


def client(ca: Path | None, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    """Return a client for sign-in: it follows no redirect, and takes the emulator's CA alone where that is
    given.
    """
    import httpx

    if transport is not None:
        return httpx.AsyncClient(transport=transport, timeout=TIMEOUT)
    if ca is not None:
        # Loopback needs no proxy, and only the emulator's own CA can vouch for it.
        return httpx.AsyncClient(verify=connect.trust(ca), trust_env=False, timeout=TIMEOUT)
    return httpx.AsyncClient(timeout=TIMEOUT)


@dataclass(frozen=True, slots=True)
class SignInTry:
    """What became of a sign-in: `refused` is what Entra said, "" where it gave a token; `passes` where it
    may soon.
    """

    refused: str = ""
    passes: bool = False


@dataclass(frozen=True, slots=True)
class Authority:
    """Where the applications of one tenant sign in."""

    address: str
    tenant_id: str
    scope: str
    client: httpx.AsyncClient

    @property
    def token_url(self) -> str:
        """Return where tokens are asked for: the audience of a client's assertion."""
        return f"{self.address}/{self.tenant_id}/oauth2/v2.0/token"

    async def sign_in(self, app_id: str, secret: Hidden) -> SignInTry:
        """Ask for a token as an application, with a secret."""
        return await self.proven(app_id, {"client_secret": secret.reveal()})

    async def proven(self, app_id: str, proof: Mapping[str, str]) -> SignInTry:
        """Ask for a token as an application, with any proof; the token itself is thrown away."""
        import httpx

        form = {"grant_type": "client_credentials", "client_id": app_id, "scope": self.scope}
        try:
            response = await self.client.post(self.token_url, data={**form, **proof})
            body = response.json()
        except httpx.HTTPError as error:
            return SignInTry(f"no response came ({type(error).__name__})", passes=True)
        except ValueError:
            return SignInTry(f"HTTP {response.status_code}", passes=response.status_code >= 429)
        if response.is_success and isinstance(body, dict) and body.get("access_token"):
            return SignInTry()
        message = (
            str(body.get("error_description") or body.get("error") or "") if isinstance(body, dict) else ""
        )
        # The first line says it; the others are ids of this one request.
        message = (message.splitlines() or [f"HTTP {response.status_code}"])[0]
        passes = response.status_code >= 429 or message.partition(":")[0] in NOT_YET
        for value in proof.values():
            message = message.replace(value, "…")
        return SignInTry(message, passes=passes)


async def opened(
    cloud: str,
    tenant_id: str,
    *,
    emulator: Endpoint | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Authority:
    """Return where a tenant's applications sign in; whoever asks closes the client."""
    if transport is not None and cloud == clouds.EMULATOR:
        # No socket is opened: the emulator in this process answers to Entra's own names.
        found, ca = clouds.GLOBAL, None
    else:
        found, ca = where(cloud, emulator)
    return Authority(found.authority, tenant_id, found.scope, client(ca, transport))
