"""The applications that a manifest knows, ours and others': what names stand for, what each offers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from entra_config.errors import Position
from entra_config.manifest.model import Application, EnterpriseApplication
from entra_config.manifest.reading.problems import near
from entra_config.manifest.reading.reader import GUID, Reader
from entra_config.manifest.sections import microsoft

PermissionKind = Literal["delegated", "application"]


@dataclass(frozen=True, slots=True)
class DeclaredApplications:
    """The applications that one environment's manifest knows: ours by key, others' by key."""

    own: Mapping[str, Application]
    external: Mapping[str, EnterpriseApplication]
    reader: Reader

    def resource(self, name: str, position: Position) -> tuple[str, bool] | None:
        """Return what a name of an API stands for, and whether it is ours; None (and a problem) for
        nothing.
        """
        if name in self.own:
            return name, True
        if name in self.external or name in microsoft.APIS:
            return name, False
        if GUID.fullmatch(name):
            return name.lower(), False
        for key, other in self.external.items():
            if other.named is not None and other.named.name == name:
                return key, False
        known = (*self.own, *self.external, *microsoft.APIS)
        message = f"`{name}` is not an application here, an enterprise application or an API of Microsoft"
        self.reader.problems.add(position, f"{message}.{near(name, known)}")
        return None

    def permissions_of(self, key: str, kind: PermissionKind) -> Collection[str]:
        """Return the labels that one of ours offers."""
        application = self.own[key]
        if kind == "delegated":
            return application.scopes
        return [
            role.label
            for role in application.app_roles.values()
            if "Application" in role.allowed_member_types
        ]

    def check_offered(self, name: str, kind: PermissionKind, own: str, position: Position) -> None:
        """Note that one of ours does not offer a permission."""
        offered = self.permissions_of(own, kind)
        if name in offered:
            return
        what = "scope" if kind == "delegated" else "role"
        if kind == "application" and name in self.own[own].app_roles:
            message = f"role `{name}` of `{own}` is for users: its `allowedMemberTypes` lack `Application`"
        else:
            message = f"`{name}` is not a {what} of `{own}`.{near(name, offered)}"
        self.reader.problems.add(position, message)
