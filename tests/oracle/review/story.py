"""A project `shop` in a tenant, its files written as they are given, for stories of how it is reviewed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import yaml

from entra_config.errors import ManifestError
from entra_config.manifest import loader
from entra_config.plan.model import Plan
from tests.oracle.review import estate
from tests.oracle.tenant import Tenant

CONTOSO = estate.TENANT
ROLE = {"description": "A role.", "allowedMemberTypes": ["User", "Application"]}
ISSUER = "https://token.actions.githubusercontent.com"
FENCE = ["applications/billing-*", "appRoleAssignments/billing-*", "enterpriseApplications/billing-*"]
Content = dict[str, Any]


class Story:
    """A tenant and a project `shop` with one environment; files are written as they are given, and
    planned.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tenant = Tenant()
        self.root: Content = {
            "project": "shop",
            "environments": {"dev": {"tenantId": CONTOSO}},
            "files": ["main.yaml"],
        }
        self.main: Content = {
            "applications": {
                "api": {
                    "type": "api",
                    "displayName": "Shop API",
                    "appRoles": {"Admin": ROLE, "Reader": ROLE},
                },
                "web": {
                    "type": "web",
                    "displayName": "Shop",
                    "redirectUris": ["https://shop.contoso.com/cb"],
                },
                "job": {"type": "daemon", "displayName": "Job"},
            }
        }
        self.lock: Content = {"tenantId": CONTOSO}

    @property
    def apps(self) -> Content:
        """Return the applications of the open file."""
        found: Content = self.main["applications"]
        return found

    def write(self, **more: Content | str) -> Path:
        """Write all files; a text is written as it is."""
        texts = {"entra-config": self.root, "main": self.main, "entra-config.dev.lock": self.lock, **more}
        for name, content in texts.items():
            shown = content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
            (self.folder / f"{name}.yaml").write_bytes(shown.encode())
        return self.folder

    def plan(self, **more: Content | str) -> Plan:
        """Plan what is written."""
        return asyncio.run(self.tenant.plan(loader.load(self.write(**more)), {"many", "last"}))

    def applied(self) -> None:
        """Apply what is written."""
        assert asyncio.run(self.tenant.apply(self.plan())).complete

    def problems(self, **more: Content | str) -> list[str]:
        """Return what is wrong with the files, offline or against the tenant."""
        try:
            self.plan(**more)
        except ManifestError as error:
            return [str(problem).removeprefix(f"{self.folder}/") for problem in error.problems]
        return []

    def restricted(self) -> None:
        """Add a team's file behind its fence."""
        self.root["files"] = ["main.yaml", {"path": "team.yaml", "mayDeclare": FENCE}]

    def row(self, table: str, name: str) -> Content:
        """Return an object of the tenant by its display name."""
        (found,) = [row for row in getattr(self.tenant.rows, table) if row["displayName"] == name]
        return dict(found)
