"""What somebody may do with applications of his own to be taken for a key's, one act each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.attack import bait
from tests.oracle.attack.knowledge import ACCOMPLICE, KEY, OWNER
from tests.oracle.attack.moves_of_credentials import backdoor

if TYPE_CHECKING:
    from tests.oracle.attack.means import Means


def plant(means: Means) -> bool:
    """Register what looks like a key's application, prepare it, and perhaps hide the traces."""
    key = means.known.key(means.random)
    app = means.hands.post("/applications", bait.body(means.known, key, means.random), f"plant {key}")
    if app is None:
        return False
    if means.random.random() < 0.75:
        means.hands.principal(app)
    for _ in range(means.random.choice((0, 1, 1, 2))):
        backdoor(means, app, key)
    match means.random.randrange(5):
        case 0:
            means.hands.send("DELETE", f"/applications/{app['id']}", None, "delete it")
        case 1:
            means.hands.leave(app)
    return True


def sleeper(means: Means) -> bool:
    """Register the very likeness of a key's application, keep one way in or none, and take himself
    off.
    """
    key = means.known.key(means.random)
    body = bait.body(means.known, key, means.random) | {"tags": means.known.marks(key, means.random)}
    app = means.hands.post("/applications", body, f"plant {key}")
    if app is None:
        return False
    means.hands.principal(app)
    if means.random.random() < 0.75:
        backdoor(means, app, key)
    return means.hands.leave(app)


def entrust(means: Means) -> bool:
    """Register what looks like a key's application, and leave it to his accomplice alone."""
    key = means.known.key(means.random)
    app = means.hands.post("/applications", bait.body(means.known, key, means.random), f"plant {key}")
    if app is None:
        return False
    means.hands.principal(app)
    shared = means.hands.share(app, means.known.scene.tables.user_by_name(ACCOMPLICE), "entrust")
    return means.hands.leave(app) and shared


def squat(means: Means) -> bool:
    """Take the next name of a key's series, with its marks as a rule."""
    return _take_name(means, marked=means.random.random() < 0.7)


def occupy(means: Means) -> bool:
    """Take the next name of a key's series, and claim nothing."""
    return _take_name(means, marked=False)


def hoard(means: Means) -> bool:
    """Take all names of a key's series that are free, and claim nothing."""
    key = means.known.key(means.random)
    body = {"displayName": key, "tags": []}
    made = [
        means.hands.post("/applications", {**body, "uniqueName": name}, "hoard")
        for name in means.known.free_names(key)
    ]
    return any(each is not None for each in made)


def _take_name(means: Means, *, marked: bool) -> bool:
    key = means.known.key(means.random)
    name = means.known.free_name(key, means.random)
    tags = means.known.marks(key, means.random) if marked else []
    return (
        name is not None
        and means.hands.post("/applications", {"displayName": key, "uniqueName": name, "tags": tags}, "squat")
        is not None
    )


def mimic(means: Means) -> bool:
    """Put the tags of the newest object, or a key's marks, on one of his own."""
    app, newest = means.hands.own(), means.known.newest()
    if app is None:
        return False
    tags = bait.tags(means.known, means.known.key(means.random), means.random)
    if newest is not None and newest["id"] != app["id"] and means.random.random() < 0.5:
        tags = list(newest["tags"])
    return means.hands.send("PATCH", f"/applications/{app['id']}", {"tags": tags}, "mimic") is not None


def retag(means: Means) -> bool:
    """Put another key's marks on one of ours that he still owns, one that is not there yet if there is one;
    then take himself off, as a rule.
    """
    app, known = means.hands.guest_of(), means.known
    keys = known.open_keys() or [
        key for key in known.applications if app and f"{KEY}{key}" not in app["tags"]
    ]
    if app is None or not keys:
        return False
    tags = [f"{OWNER}{known.owner}", f"{KEY}{means.random.choice(keys)}"]
    done = means.hands.send("PATCH", f"/applications/{app['id']}", {"tags": tags}, "retag") is not None
    if done and means.random.random() < 0.8:
        means.hands.leave(app)
    return done


def mark(means: Means) -> bool:
    """Put a key's marks on the service principal of one of his own, whatever its registration bears."""
    app = means.hands.own()
    principal = means.hands.principal(app) if app is not None else None
    if principal is None:
        return False
    tags = means.known.marks(means.known.key(means.random), means.random)
    return (
        means.hands.send("PATCH", f"/servicePrincipals/{principal['id']}", {"tags": tags}, "mark") is not None
    )


def namesake(means: Means) -> bool:
    """Make a group that is called like one of the manifest's."""
    if not means.known.groups:
        return False
    name = means.random.choice(means.known.groups)
    body = {
        "displayName": name,
        "mailEnabled": False,
        "mailNickname": f"g{means.random.randrange(10**9)}",
        "securityEnabled": True,
    }
    return means.hands.post("/groups", body, f"group {name}") is not None


def impersonate(means: Means) -> bool:
    """Register what is called and marked as the application of others that has a role: once, two would
    be no name.
    """
    name = means.known.partner
    if not name or any(row["displayName"] == name for row in means.hands.all_own()):
        return False
    owner, _, key = means.known.partner.rpartition("/")
    body = {
        "displayName": means.known.partner,
        "tags": [f"{OWNER}{owner}", f"{KEY}{key}"] if owner else [],
    }
    app = means.hands.post("/applications", body, f"impersonate {means.known.partner}")
    return app is not None and means.hands.principal(app) is not None


def pose(means: Means) -> bool:
    """Give one of his own the display name of a key's application, or of its newest neighbour."""
    app = means.hands.own()
    if app is None:
        return False
    name = means.random.choice([row["displayName"] for row in means.known.live])
    return means.hands.send("PATCH", f"/applications/{app['id']}", {"displayName": name}, "pose") is not None
