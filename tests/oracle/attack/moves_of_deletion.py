"""What somebody may do to delete applications of his own and have them back, one act each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.attack.moves_of_credentials import backdoor, key_of

if TYPE_CHECKING:
    from tests.oracle.attack.means import Means


def delete(means: Means) -> bool:
    """Delete one of his own."""
    app = means.hands.own()
    return (
        app is not None
        and means.hands.send("DELETE", f"/applications/{app['id']}", None, "delete") is not None
    )


def desert(means: Means) -> bool:
    """Leave a way into one of ours that he owns, as a rule; it is deleted, by him or by an administrator's
    mistake once he has left, and somebody will want it restored.
    """
    hands, path = means.hands, "/applications/"
    app = hands.guest_of()
    if app is None or (means.random.random() < 0.75 and not backdoor(means, app, key_of(app))):
        return False
    if means.random.random() < 0.5:
        return hands.send("DELETE", f"{path}{app['id']}", None, "delete one of ours") is not None
    hands.leave(app)
    scene = means.known.scene
    deleted = scene.send(scene.emulator.app_caller(), "DELETE", f"{path}{app['id']}")
    hands.reported()
    return deleted.status < 300


def revive(means: Means) -> bool:
    """Restore one of his own, its service principal too."""
    gone = [row for row in means.known.scene.tables.deleted_items if "appId" in row and means.hands.owns(row)]
    if not gone:
        return False
    app_id = means.random.choice(gone)["appId"]
    both = sorted(
        (row for row in gone if row["appId"] == app_id), key=lambda row: "servicePrincipalType" in row
    )
    sent = [
        means.hands.send("POST", f"/directory/deletedItems/{row['id']}/restore", None, "restore")
        for row in both
    ]
    return any(response is not None for response in sent)


def purge(means: Means) -> bool:
    """Delete one of his own for good."""
    gone = [row for row in means.known.scene.tables.deleted_items if "appId" in row and means.hands.owns(row)]
    path = f"/directory/deletedItems/{means.random.choice(gone)['id']}" if gone else ""
    return bool(path) and means.hands.send("DELETE", path, None, "purge") is not None
