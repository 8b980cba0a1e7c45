"""Somebody and chance in; one secret, certificate or federated credential that comes, changes or goes,
out.
"""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

from tests.oracle import cast
from tests.oracle.evidence.scene import Scene

SUBJECTS = (
    "repo:mallory/own:ref:refs/heads/main",
    "repo:shop/job:environment:prod",
    "repo:shop/job:pull_request",
)
NAMES = ("ci", "rescue")


def secret(scene: Scene, random: Random, who: str) -> bool:
    """Add a secret to a registration or to its service principal, or remove one."""
    table, row = _either(scene, random)
    if row is None:
        return False
    held = row["passwordCredentials"]
    if held and random.random() < 0.3:
        return (
            scene.send(
                who, "POST", f"/{table}/{row['id']}/removePassword", {"keyId": random.choice(held)["keyId"]}
            )
            is not None
        )
    # Names come again: the key id alone tells one secret from another.
    body = {"passwordCredential": {"displayName": random.choice(NAMES)}}
    return scene.send(who, "POST", f"/{table}/{row['id']}/addPassword", body) is not None


def certificate(scene: Scene, random: Random, who: str) -> bool:
    """Add a certificate to a registration, or remove one."""
    app = scene.some(random, "site", "job")
    if app is None:
        return False
    held = [{**each, "key": each.get("key")} for each in app["keyCredentials"]]
    if held and random.random() < 0.4:
        held.pop(random.randrange(len(held)))
    elif len(held) < len(_certificates()):
        known = {each["key"] for each in held}
        left = [each for each in _certificates() if each not in known]
        held.append(
            {
                "type": "AsymmetricX509Cert",
                "usage": "Verify",
                "displayName": "CN=shop",
                "key": random.choice(left),
            }
        )
    return scene.send(who, "PATCH", f"/applications/{app['id']}", {"keyCredentials": held}) is not None


@cache
def _certificates() -> tuple[str, ...]:
    return tuple(cast.certificate() for _ in range(3))


def federated(scene: Scene, random: Random, who: str) -> bool:
    """Add a federated credential, change the subject of one, or remove one."""
    app = scene.some(random, "job", "job", "web")
    if app is None:
        return False
    path = f"/applications/{app['id']}/federatedIdentityCredentials"
    held = scene.rows.federated_identity_credentials.find("application", app["id"])
    chosen: Any = random.choice(held) if held else None
    match random.choice(("add", "change", "change", "remove", "remove")):
        case "change" if chosen is not None:
            return (
                scene.send(who, "PATCH", f"{path}/{chosen['id']}", {"subject": random.choice(SUBJECTS)})
                is not None
            )
        case "remove" if chosen is not None:
            return scene.send(who, "DELETE", f"{path}/{chosen['id']}") is not None
        case _:
            # A declared name may come again, after its own was removed.
            name = random.choice(("github", "nightly", "extra"))
            return (
                scene.send(
                    who, "POST", path, cast.credential(name, f"repo:mallory/{name}:{random.random():.6f}")
                )
                is not None
            )


def _either(scene: Scene, random: Random) -> tuple[str, Any]:
    app = scene.some(random, "web", "site", "api")
    if app is None or random.random() < 0.7:
        return "applications", app
    return "servicePrincipals", scene.principal(app)


ACTS = (secret, secret, certificate, federated, federated, federated, federated)
