"""One of ours in; the same with a way in that somebody left on it, or with another owner's marks, out."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from entra_emulator import seed as seeds
from tests.oracle.attack import bait
from tests.oracle.attack.powers import HIS_PAGE

if TYPE_CHECKING:
    from entra_emulator.table import Row
    from tests.oracle.attack.powers import Powers
    from tests.oracle.attack.scene import Scene

LINK = "https://graph.microsoft.com/v1.0/directoryObjects/"


def compromise(scene: Scene, powers: Powers, app: Row, random: Random) -> None:
    """Let the attacker have owned one of ours for a while and left a way in; what it held was taken away
    when it was noticed.
    """
    me = scene.attacker.oid
    _hand(scene, "POST", f"/applications/{app['id']}/owners/$ref", {"@odata.id": f"{LINK}{me}"})
    powers.note(his=False)
    match random.randrange(5):
        case 0:
            _his(
                scene, "POST", f"/applications/{app['id']}/federatedIdentityCredentials", bait.subject(random)
            )
        case 1:
            _his(scene, "POST", f"/applications/{app['id']}/addPassword", {})
        case 2:
            keys = [*app["keyCredentials"], bait.certificate()]
            _his(
                scene,
                "PATCH",
                f"/applications/{app['id']}",
                {"keyCredentials": [{**key, "key": key["key"]} for key in keys]},
            )
        case 3:
            uris = [*app["spa"]["redirectUris"], f"{HIS_PAGE}callback"]
            _his(scene, "PATCH", f"/applications/{app['id']}", {"spa": {"redirectUris": uris}})
        case _:
            pass
    powers.note(his=True)
    if random.random() < 0.7:
        _his(scene, "DELETE", f"/applications/{app['id']}/owners/{me}/$ref", None)
    _take_away(scene, app)
    powers.note(his=False)


def linger(scene: Scene, powers: Powers, app: Row) -> str:
    """Let the attacker own one of ours by mistake; what it held was taken away when it was noticed."""
    _take_away(scene, app)
    return entrust(scene, powers, app)


def entrust(scene: Scene, powers: Powers, app: Row) -> str:
    """Let the attacker own one of ours by mistake, which keeps what it holds."""
    _hand(
        scene, "POST", f"/applications/{app['id']}/owners/$ref", {"@odata.id": f"{LINK}{scene.attacker.oid}"}
    )
    powers.note(his=False)
    return str(app["id"])


def hand_over(scene: Scene, app: Row) -> None:
    """Let another project have taken one of ours over: its marks stand there now, and our lock file still
    names it.
    """
    tags = ["entra-config:owner=teamb/prod", "entra-config:key=taken"]
    _hand(scene, "PATCH", f"/applications/{app['id']}", {"tags": tags})


def lend(scene: Scene, powers: Powers) -> str:
    """Let the same pipeline have made an application of another project, and that project have let the
    attacker own it.
    """
    tags = ["entra-config:owner=teamb/prod", "entra-config:key=report"]
    body = {
        "displayName": "Report",
        "tags": tags,
        "uniqueName": "teamb.prod.report",
        "owners@odata.bind": [f"{LINK}{scene.attacker.oid}"],
    }
    made = scene.send(scene.emulator.app_caller(), "POST", "/applications", body).body or {}
    scene.send(scene.emulator.app_caller(), "POST", "/servicePrincipals", {"appId": made["appId"]})
    powers.note(his=False)
    powers.lent.add(made["id"])
    return str(made["id"])


def _take_away(scene: Scene, app: Row) -> None:
    principal = scene.tables.service_principal_by_app_id(app["appId"])
    if principal is None:
        return
    for row in list(scene.tables.app_role_assignments.find("principalId", principal["id"])):
        _hand(scene, "DELETE", f"/servicePrincipals/{row['resourceId']}/appRoleAssignedTo/{row['id']}", None)
    for row in list(scene.tables.oauth2_permission_grants.find("clientId", principal["id"])):
        _hand(scene, "DELETE", f"/oauth2PermissionGrants/{row['id']}", None)


def _hand(scene: Scene, method: str, path: str, body: Any) -> None:
    response = scene.send(scene.emulator.app_caller(seeds.ADMIN_APP_ID), method, path, body)
    assert response.status < 300, response


def _his(scene: Scene, method: str, path: str, body: Any) -> None:
    response = scene.send(scene.attacker, method, path, body)
    assert response.status < 300, response
