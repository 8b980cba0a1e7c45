"""Delete, restore or rename an API of another organization, or purge an object, as a person does."""

from __future__ import annotations

from random import Random

from tests.oracle.evidence import project
from tests.oracle.evidence.scene import Scene

NAMES = (project.HR, "People API")


def api(scene: Scene, random: Random, who: str) -> bool:
    """Delete the API of others, or bring it back."""
    row = scene.rows.service_principals.get(scene.hr)
    if row is not None:
        return scene.send(who, "DELETE", f"/servicePrincipals/{scene.hr}") is not None
    if random.random() < 0.5:
        return False
    return scene.send(who, "POST", f"/directory/deletedItems/{scene.hr}/restore", {}) is not None


def name(scene: Scene, random: Random, who: str) -> bool:
    """Give the API of others another name, perhaps its first one."""
    row = scene.rows.service_principals.get(scene.hr)
    found = scene.rows.applications.find("appId", row["appId"]) if row is not None else []
    now = random.choice([each for each in NAMES if row is None or each != row["displayName"]])
    return (
        bool(found)
        and scene.send(who, "PATCH", f"/applications/{found[0]['id']}", {"displayName": now}) is not None
    )


def purge(scene: Scene, random: Random, who: str) -> bool:
    """Delete something for good, of ours or of others."""
    kinds = {"application", "servicePrincipal"}
    rows = sorted(row["id"] for row in scene.rows.deleted_items if row["_type"] in kinds)
    return bool(rows) and (
        scene.send(who, "DELETE", f"/directory/deletedItems/{random.choice(rows)}") is not None
    )


ACTS = (api, name, purge)
