"""A tenant in; the same with other owners' applications in it, some of which look like ours, out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from entra_emulator import seed as seeds

if TYPE_CHECKING:
    from tests.oracle.attack.scene import Scene

ROLE = "5c1b2f7e-0001-4000-8000-000000000001"


def move_in(scene: Scene, owner: str) -> None:
    """Let other projects have their applications, live and deleted: one bears our name, one differs in
    case, one has our key.
    """
    project, environment = owner.split("/")
    shouted = f"{project.title()}/{environment}"
    bodies = (
        _body("teamb/prod", "api", "MyApp API", "teamb.prod.api"),
        # Taken over from us once: the name that it was created under cannot be changed.
        _body("teamb/prod", "batch", "Batch", _free(scene, f"{project}.{environment}.nightly")),
        _body(shouted, "spa", "MyApp SPA", None),
    )
    for body in bodies:
        _make(scene, body)
    gone = _make(scene, _body("teamb/prod", "old", "Old", _free(scene, f"{project}.{environment}.spa")))
    _send(scene, "DELETE", f"/applications/{gone['id']}")
    scene.clock.advance(7200)


def partner(scene: Scene) -> str:
    """Register the application of others that a manifest gives a role, and return its id."""
    made = _make(scene, _body("partner/prod", "job", "Partner", None))
    principal = scene.tables.service_principal_by_app_id(made["appId"])
    assert principal is not None
    return str(principal["id"])


def leave(scene: Scene, principal: str) -> None:
    """Let an application of others go, by its service principal."""
    row = scene.tables.service_principals.get(principal)
    app = scene.tables.application_by_app_id(row["appId"]) if row else None
    assert app is not None
    _send(scene, "DELETE", f"/applications/{app['id']}")


def _free(scene: Scene, name: str) -> str | None:
    """Return a name unless something holds it."""
    tables = scene.tables
    held = tables.applications.find("uniqueName", name) or tables.deleted_items.find("uniqueName", name)
    return None if held else name


def _body(owner: str, key: str, name: str, unique_name: str | None) -> dict[str, Any]:
    role = {
        "id": ROLE,
        "value": "Reader",
        "displayName": "Reader",
        "description": "Reads.",
        "isEnabled": True,
    }
    return {
        "displayName": name,
        "tags": [f"entra-config:owner={owner}", f"entra-config:key={key}"],
        "appRoles": [role | {"allowedMemberTypes": ["User", "Application"]}],
    } | ({"uniqueName": unique_name} if unique_name else {})


def _make(scene: Scene, body: dict[str, Any]) -> dict[str, Any]:
    made = _send(scene, "POST", "/applications", body)
    _send(scene, "POST", "/servicePrincipals", {"appId": made["appId"]})
    return made


def _send(scene: Scene, method: str, path: str, body: Any = None) -> dict[str, Any]:
    response = scene.send(scene.emulator.app_caller(seeds.ADMIN_APP_ID), method, path, body)
    assert response.status < 300, response
    return response.body or {}
