"""The file that `entra-config settings` wrote of the MCP server in, checked against the API's settings; what
`/.well-known/oauth-protected-resource` serves (RFC 9728) out.
"""

import json
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from api.settings import EntraSettings, SettingsError

WELL_KNOWN = "/.well-known/oauth-protected-resource"

# It is quoted in WWW-Authenticate, and compared letter by letter by Entra.
Url = Annotated[str, StringConstraints(pattern=r'^https://[^\s"\\?#@]+[^\s"\\?#@/]$')]


class ResourceMetadata(BaseModel):
    """Where the server answers, who signs in for it, and what to ask for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    resource: Url
    authorization_servers: tuple[str, ...]
    scopes_supported: tuple[Url, ...]
    bearer_methods_supported: tuple[Literal["header"], ...]
    resource_name: str

    @classmethod
    def read(cls, file: Path, entra: EntraSettings) -> Self:
        """Read a file that fits the settings; anything else is an error of the operator's."""
        try:
            found = cls.model_validate(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, ValidationError) as error:
            raise SettingsError(f"SERVER_MCP: {file} is no metadata of an MCP server: {error}") from error
        if found.authorization_servers != (f"{entra.authority}/v2.0",):
            raise SettingsError(f"SERVER_MCP: {file} names other authorization servers than AUTHORITY")
        if not all(scope.startswith(f"{found.resource}/") for scope in found.scopes_supported):
            raise SettingsError(f"SERVER_MCP: {file} has scopes that do not begin with its resource")
        if not found.path.strip("/"):
            raise SettingsError(f"SERVER_MCP: {file} has a resource without a path, where the API's own is")
        return found

    @property
    def host(self) -> str:
        """Return what the Host header of a request for it says."""
        return urlsplit(self.resource).netloc

    @property
    def origin(self) -> str:
        """Return the Origin of a page that is served beside it."""
        return f"https://{self.host}"

    @property
    def path(self) -> str:
        """Return the path at which it answers."""
        return urlsplit(self.resource).path

    @property
    def url(self) -> str:
        """Return where this metadata is served (RFC 9728, section 3.1)."""
        return f"{self.origin}{WELL_KNOWN}{self.path}"
