"""What somebody may do to have a way into applications, or take it away again, one act each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.attack import bait
from tests.oracle.attack.knowledge import ACCOMPLICE

if TYPE_CHECKING:
    from entra_emulator.table import Row
    from tests.oracle.attack.means import Means

TRUSTED = ("alice@contoso.com", "grace@contoso.com")


def arm(means: Means) -> bool:
    """Give himself one more way into one that he owns."""
    app = means.hands.entered()
    return app is not None and backdoor(means, app, key_of(app))


def vanish(means: Means) -> bool:
    """Give himself a way into one of others that he owns still, and take himself off its owners."""
    app = means.hands.entered()
    return app is not None and backdoor(means, app, key_of(app)) and means.hands.leave(app)


def disarm(means: Means) -> bool:
    """Take his ways out of one of his own, all but those that lists do not show."""
    app = means.hands.own()
    if app is None:
        return False
    for secret in app["passwordCredentials"]:
        means.hands.send(
            "POST",
            f"/applications/{app['id']}/removePassword",
            {"keyId": secret["keyId"]},
            "take a secret off",
        )
    if app["keyCredentials"]:
        means.hands.send(
            "PATCH", f"/applications/{app['id']}", {"keyCredentials": []}, "take certificates off"
        )
    return means.hands.leave(app)


def hold(means: Means) -> bool:
    """Give a daemon of his own a role of an API of his own, planted where he has none."""
    apis = [row for row in means.hands.all_own() if row["appRoles"]]
    planted = (
        means.hands.post("/applications", bait.body(means.known, "api", means.random), "plant api")
        if not apis
        else None
    )
    api = planted or (means.random.choice(apis) if apis else None)
    principal, daemon = means.hands.principal(api, owned=True) if api else None, means.hands.daemon()
    if api is None or principal is None or daemon is None:
        return False
    roles = [role for role in api["appRoles"] if "Application" in role["allowedMemberTypes"]]
    if not roles:
        return False
    body = {
        "principalId": daemon["id"],
        "resourceId": principal["id"],
        "appRoleId": means.random.choice(roles)["id"],
    }
    return (
        means.hands.send(
            "POST", f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", body, "hold a role"
        )
        is not None
    )


def admit(means: Means) -> bool:
    """Let a client of his own into an API of his own without a question."""
    apis = [row for row in means.hands.all_own() if row["api"]["oauth2PermissionScopes"]]
    daemon = means.hands.daemon()
    if not apis or daemon is None:
        return False
    api = means.random.choice(apis)
    entry = {
        "appId": daemon["appId"],
        "delegatedPermissionIds": [scope["id"] for scope in api["api"]["oauth2PermissionScopes"]][:1],
    }
    body = {"api": {"preAuthorizedApplications": [entry], "knownClientApplications": [daemon["appId"]]}}
    return means.hands.send("PATCH", f"/applications/{api['id']}", body, "admit") is not None


def vouch(means: Means) -> bool:
    """Let people of the project own one of his own beside him, or in his place."""
    app = means.hands.own()
    if app is None:
        return False
    tables = means.known.scene.tables
    trusted = [tables.user_by_name(name) for name in TRUSTED]
    done = means.hands.share(app, means.random.choice([*trusted, means.known.deployer()]), "vouch")
    if done and means.random.random() < 0.5:
        means.hands.leave(app)
    return done


def backdoor(means: Means, app: Row, key: str) -> bool:
    """Give himself a way into one of his own."""
    hands, path = means.hands, f"/applications/{app['id']}"
    declared = means.known.declared_subjects(key)
    match means.random.randrange(8):
        case 0 | 1:
            like = means.random.choice(declared) if declared and means.random.random() < 0.5 else None
            return hands.federate(app, bait.subject(means.random, like), "federate")
        case 2 if declared:
            return hands.federate(app, bait.credential(means.random.choice(declared)), "federate as declared")
        case 3:
            return (
                hands.post(
                    f"{path}/addPassword", {"passwordCredential": {"displayName": "x"}}, "add a secret"
                )
                is not None
            )
        case 4:
            thumbprints = means.known.thumbprints(key)
            return hands.certify(
                app,
                means.random.choice(thumbprints) if thumbprints and means.random.random() < 0.5 else None,
            )
        case 5:
            principal = hands.principal(app)
            where = f"/servicePrincipals/{principal['id']}/addPassword" if principal else ""
            return bool(where) and hands.post(where, {}, "add a secret to its principal") is not None
        case _:
            other = means.known.scene.tables.user_by_name(ACCOMPLICE)
            daemon = hands.daemon() if means.random.random() < 0.7 else None
            return hands.share(app, daemon or other, "add an owner")


def key_of(app: Row) -> str:
    """Return the key that an application is tagged for."""
    return next((tag.partition("key=")[2] for tag in app["tags"] if "key=" in tag), "")
