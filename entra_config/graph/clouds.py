"""The clouds by name: where Graph and its sign-in stand, and what a token must be asked for."""

from __future__ import annotations

from dataclasses import dataclass

from entra_config.errors import UsageError


@dataclass(frozen=True, slots=True)
class Cloud:
    """One cloud: Graph's address, the authority that signs in; `verified` tells whether anyone tried it."""

    name: str
    graph: str
    authority: str
    verified: bool = True

    @property
    def base_url(self) -> str:
        """Return the address that paths are put after."""
        return f"{self.graph}/v1.0"

    @property
    def scope(self) -> str:
        """Return the scope to ask a token for."""
        return f"{self.graph}/.default"


@dataclass(frozen=True, slots=True)
class OpenId:
    """What the discovery document at `url` says."""

    url: str
    issuer: str
    jwks_uri: str


EMULATOR = "emulator"
GLOBAL = Cloud("global", "https://graph.microsoft.com", "https://login.microsoftonline.com")
# The addresses are Microsoft's published ones; nobody ran this tool against these two clouds.
USGOV = Cloud("usgov", "https://graph.microsoft.us", "https://login.microsoftonline.us", verified=False)
CHINA = Cloud(
    "china", "https://microsoftgraph.chinacloudapi.cn", "https://login.chinacloudapi.cn", verified=False
)
CLOUDS = {cloud.name: cloud for cloud in (GLOBAL, USGOV, CHINA)}
NAMES = (*CLOUDS, EMULATOR)


def named(name: str) -> Cloud:
    """Return the cloud of a name; an emulator's depends on where it runs, see `endpoint.cloud`."""
    if name not in CLOUDS:
        raise UsageError(f"unknown cloud {name!r}; expected one of {', '.join(NAMES)}")
    return CLOUDS[name]
