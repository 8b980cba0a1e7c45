"""A cloud and a tenant in; where the tenant's tokens come from and which keys sign them, as Entra itself
tells, out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from entra_config import uris
from entra_config.errors import SignInError
from entra_config.graph import authority as sign_in
from entra_config.graph.clouds import OpenId
from entra_config.graph.endpoint import Endpoint

if TYPE_CHECKING:
    import httpx

MICROSOFT = (
    "microsoftonline.com",
    "microsoftonline.us",
    "chinacloudapi.cn",
    "microsoftonline.cn",
    "windows.net",
)
EXTERNAL = ".ciamlogin.com"


def authority(cloud: str, *, emulator: Endpoint | None = None) -> str:
    """Return the sign-in address of a cloud; `emulator` is the one that runs."""
    return sign_in.where(cloud, emulator)[0].authority


async def read(
    cloud: str,
    tenant_id: str,
    versions: frozenset[Literal[1, 2]],
    *,
    external: str = "",
    emulator: Endpoint | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> dict[Literal[1, 2], OpenId]:
    """Read the discovery document for each version of access tokens; at `external`, where an External ID
    tenant has it.
    """
    found, ca = sign_in.where(cloud, emulator)
    base = external or found.authority
    client = sign_in.client(ca, transport)
    async with client:
        return {version: await _read(client, base, tenant_id, version) for version in sorted(versions)}


async def keys(
    cloud: str,
    tenant_id: str,
    *,
    external: str = "",
    emulator: Endpoint | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> int:
    """Count the keys that the tenant's tokens of version 2 may be signed with."""
    import httpx

    found, ca = sign_in.where(cloud, emulator)
    client = sign_in.client(ca, transport)
    async with client:
        address = (await _read(client, external or found.authority, tenant_id, 2)).jwks_uri
        try:
            return len((await client.get(address)).raise_for_status().json()["keys"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise SignInError(f"{address}: no keys ({type(error).__name__}: {error})") from error


async def _read(client: httpx.AsyncClient, base: str, tenant_id: str, version: Literal[1, 2]) -> OpenId:
    import httpx

    url = f"{base}/{tenant_id}{'/v2.0' if version == 2 else ''}/.well-known/openid-configuration"
    try:
        response = await client.get(url)
        document = response.raise_for_status().json()
        found = OpenId(url, str(document["issuer"]), str(document["jwks_uri"]))
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise SignInError(f"{url}: no OpenID configuration ({type(error).__name__}: {error})") from error
    # Whoever names the keys decides which tokens hold, so it must be the cloud that was asked for.
    for address in (found.issuer, found.jwks_uri):
        known = _of_tenant(address, base, tenant_id) if urlsplit(base).netloc.endswith(EXTERNAL) else None
        if not (_of_cloud(address, base) if known is None else known):
            raise SignInError(
                f"{url} names {address}, which is not of {urlsplit(base).netloc}; nothing was written"
            )
    return found


def _of_tenant(address: str, base: str, tenant_id: str) -> bool:
    """Tell whether an address is that External ID tenant's: anybody may have a name below that domain, so its
    host is the one that was asked or bears the tenant's id, and its path the tenant's id
    (`https://TENANTID.ciamlogin.com/TENANTID/v2.0`).
    """
    parts = urlsplit(address)
    hosts = {urlsplit(base).netloc, f"{tenant_id}{EXTERNAL}"}
    return parts.scheme == "https" and parts.netloc in hosts and parts.path.startswith(f"/{tenant_id}/")


def _of_cloud(address: str, base: str) -> bool:
    parts, own = urlsplit(address), urlsplit(base)
    if parts.scheme != "https":
        return False
    if parts.netloc == own.netloc:
        return True
    # v1 tokens come from sts.windows.net, those of the national clouds from hosts of their own.
    microsoft = uris.below(parts.netloc, MICROSOFT)
    return microsoft and any((own.hostname or "").endswith(domain) for domain in MICROSOFT)
