"""The identities of a pipeline, by key; and a permission of one, taken away and given back."""

from __future__ import annotations

from typing import Any

import yaml

from entra_emulator import seed
from tests.workflows.estate import Estate


def identities(estate: Estate) -> dict[str, tuple[str, list[str]]]:
    """Return the appId and the permissions of each identity that the pipeline declares, by key."""
    declared = yaml.safe_load((estate.desk / "pipeline/identities.yaml").read_text())["applications"]
    pins = yaml.safe_load((estate.desk / "pipeline/entra-config.tenant.lock.yaml").read_text())[
        "applications"
    ]
    return {
        key: (pins[key]["appId"], each["apiPermissions"]["Microsoft Graph"]["application"])
        for key, each in declared.items()
    }


def take(estate: Estate, app_id: str, permission: str) -> dict[str, Any]:
    """Take one permission of Microsoft Graph away from an application; return what gives it back."""
    graph = estate.graph("GET", f"/servicePrincipals(appId='{seed.GRAPH_APP_ID}')?$select=id,appRoles")
    (role,) = [each["id"] for each in graph["appRoles"] if each["value"] == permission]
    principal = estate.graph("GET", f"/servicePrincipals(appId='{app_id}')?$select=id")["id"]
    for row in estate.graph("GET", f"/servicePrincipals/{principal}/appRoleAssignments")["value"]:
        if row["appRoleId"] == role:
            estate.graph("DELETE", f"/servicePrincipals/{principal}/appRoleAssignments/{row['id']}")
            return {"principalId": principal, "resourceId": graph["id"], "appRoleId": role}
    raise AssertionError(permission)


def give(estate: Estate, taken: dict[str, Any]) -> None:
    """Give a permission back."""
    estate.graph("POST", f"/servicePrincipals/{taken['principalId']}/appRoleAssignments", taken)
