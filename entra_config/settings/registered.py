"""The applications of a tenant and who signs its tokens: what writers of settings take their values from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from entra_config.graph.clouds import OpenId
from entra_config.manifest.model import Manifest

TokenVersion = Literal[1, 2]


@dataclass(frozen=True, slots=True)
class Registered:
    """An application as the tenant has it."""

    app_id: str
    app_id_uri: str = ""
    token_version: TokenVersion = 1
    secrets: Mapping[str, str] = field(default_factory=dict)  # by label the key id of the newest
    scope_ids: Mapping[str, str] = field(default_factory=dict)  # of declared scopes, by value
    role_ids: Mapping[str, str] = field(default_factory=dict)  # of declared app roles, by value


@dataclass(frozen=True, slots=True)
class RegisteredTenant:
    """What the tenant answered: the applications by key, and who signs its tokens by version."""

    authority: str  # with the tenant's id
    applications: Mapping[str, Registered]
    open_id: Mapping[TokenVersion, OpenId]
    known_authorities: tuple[str, ...] = ()  # hosts that no list of clouds names

    def registered(self, key: str) -> Registered:
        """Return one application."""
        return self.applications[key]


def as_declared(manifest: Manifest) -> RegisteredTenant:
    """Return a tenant in which everything is as declared, for what can be checked without one."""
    nobody = "00000000-0000-4000-8000-000000000000"
    registered = {
        key: Registered(nobody, f"api://{nobody}", 2, dict.fromkeys(application.secrets, nobody))
        for key, application in manifest.applications.items()
    }
    host = "https://login.example.com"
    open_id = OpenId(f"{host}/openid", f"{host}/v2.0", f"{host}/keys")
    return RegisteredTenant(f"{host}/{manifest.tenant_id}", registered, {1: open_id, 2: open_id})
