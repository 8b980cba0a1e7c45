"""What one first-class field of the manifest is: its key, Graph path, class, limits and what each type makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from entra_config.manifest.model import ApplicationType

FieldClass = Literal["kept", "watched", "free", "own"]
Shape = Literal["text", "flag", "whole", "texts", "choice", "other"]

TYPES: Mapping[ApplicationType, str] = {
    "api": "offers scopes and roles; signs nobody in",
    "spa": "runs in the browser; signs people in with PKCE and keeps no secret",
    "publicClient": "runs on a device: desktop, mobile, command line; keeps no secret",
    "web": "runs on a server that keeps a secret: back end for front end, httpd, load balancer",
    "daemon": "runs without a person, as itself",
    "application": "whatever fits no other: every field as Graph has it, nothing refused",
}
PLATFORMS: Mapping[str, str] = {
    "web": "web.redirectUris",
    "spa": "spa.redirectUris",
    "mobileAndDesktop": "publicClient.redirectUris",
}
OWN_PLATFORM: Mapping[str, str] = {"spa": "spa", "publicClient": "mobileAndDesktop", "web": "web"}
AUDIENCES = ("AzureADMyOrg", "AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount")
IMPLICIT_GRANT = ("web.implicitGrantSettings.enableAccessTokenIssuance", "web.implicitGrantSettings.enableIdTokenIssuance")


@dataclass(frozen=True, slots=True)
class Refused:
    """A type does not take the field, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Field:
    """One key of an application or enterprise application."""

    key: str
    graph: str
    cls: FieldClass
    shape: Shape
    description: str
    example: Any
    limits: str = ""
    longest: int = 0
    choices: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    refused: Mapping[str, Refused] = field(default_factory=dict)
    references: bool = False

    def default(self, kind: str) -> Any:
        """Return what an absent field means for a type: a Graph value, or None where Graph has null."""
        return self.defaults.get(kind, self.defaults.get("*"))
