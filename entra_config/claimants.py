"""Objects that could be ours in; their marks, how good a claim is, and what is said of those that get
nothing, out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from entra_config.errors import Problem
from entra_config.kinds.base import KEY_TAG, OWNER_TAG, application_address
from entra_config.manifest.model import Manifest
from entra_config.phrase import quote_name
from entra_config.plan.model import Notice

Json = Mapping[str, Any]
LAST = 9  # the last number that a uniqueName of a series ends with
_NAME = r"[A-Za-z][A-Za-z0-9-]*"
_SERIES = re.compile(
    rf"(?P<project>{_NAME})\.(?P<environment>{_NAME})\.(?P<key>{_NAME})(\.([2-{LAST}]|[0-9a-f]{{32}}))?"
)


class Rank(IntEnum):
    """How good a claim is; the lowest number wins."""

    PIN = 1
    MADE = 2
    PROVEN = 3
    MARKED = 4


@dataclass(frozen=True, slots=True)
class Candidates:
    """All objects that could be ours, however they were found; one may be there twice. `whole`: nothing is
    left to be asked; `names` of applications are by appId.
    """

    live: tuple[Json, ...] = ()
    deleted: tuple[Json, ...] = ()
    whole: bool = True
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proofs:
    """What tells who made an object: ids that this run's own POSTs answered, and appIds whose maker is
    proven.
    """

    made: frozenset[str] = frozenset()
    proven: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Claim:
    """One object, for one key."""

    key: str
    rank: Rank
    app: Json
    deleted: bool = False


def marks(app: Json, prefix: str) -> list[str]:
    """Return what an application's marks of one type say, in order."""
    return sorted({tag.removeprefix(prefix) for tag in app.get("tags") or () if tag.startswith(prefix)})


def key_of(app: Json) -> str:
    """Return the key that an application's tag names, empty where it names none or several."""
    keys = marks(app, KEY_TAG)
    return keys[0] if len(keys) == 1 else ""


def is_ours(app: Json, owner: str) -> bool:
    """Tell whether an application has this owner's tag, that one alone, and one key."""
    return marks(app, OWNER_TAG) == [owner] and bool(key_of(app))


def created(app: Json, names: Mapping[str, str]) -> str:
    """Return when an application was made and by which other, by its name in `names` where that is known."""
    maker = str(app.get("createdByAppId") or "")
    name = names.get(maker)
    by = f"{quote_name(name)} ({maker})" if name else maker
    return f"created {app.get('createdDateTime')}" + (f" by application {by}" if maker else "")


def described(app: Json) -> str:
    """Return an application as a message names it."""
    return f"'{app['displayName']}' (appId {app['appId']})"


def find_key(manifest: Manifest, app: Json, *, deleted: bool = False) -> str:
    """Return the one key whose application an object may be, and an empty text if there is none.

    A pin binds its object: tags then decide nothing, and no other key has it, declared or not, of this
    environment or another. Without a pin the tags decide, and `previously` says which key has what a former
    key is tagged on.
    """
    if app["appId"] in manifest.rejected or app["appId"] in manifest.pinned_elsewhere:
        return ""
    if pinned := manifest.keys_by_pin.get(app["appId"], ""):
        leaves = pinned in manifest.removed and not deleted and marks(app, OWNER_TAG) == [manifest.owner]
        return pinned if pinned in manifest.applications or leaves else ""
    if not is_ours(app, manifest.owner):
        return ""
    tagged = key_of(app)
    leaving = {} if deleted else manifest.removed
    if tagged in manifest.applications or tagged in leaving:
        return tagged
    heirs = [key for key, each in manifest.applications.items() if each.previously == tagged]
    heirs += [key for key, each in leaving.items() if each.previously == tagged]
    return heirs[0] if heirs else ""


def created_for(manifest: Manifest, app: Json) -> str:
    """Return the key that an application was created for: its `uniqueName` says so, and nobody can change
    that. Empty if the name is not of this owner's series.
    """
    owner, key = _creation(app)
    return key if owner == manifest.owner else ""


def belongs_to(manifest: Manifest, app: Json) -> str:
    """Return the owner that an application is tagged for, or the environment of this project that it was
    created for, if it is not this one; otherwise an empty text.
    """
    tagged = [owner for owner in marks(app, OWNER_TAG) if owner != manifest.owner]
    created_by, _ = _creation(app)
    if created_by != manifest.owner and created_by.startswith(f"{manifest.project}/"):
        tagged.append(created_by)
    return tagged[0] if tagged else ""


def _creation(app: Json) -> tuple[str, str]:
    """Return the owner and the key that an application was created for; empty texts if its `uniqueName` is
    not of this tool's form.
    """
    found = _SERIES.fullmatch(app.get("uniqueName") or "")
    return (f"{found['project']}/{found['environment']}", found["key"]) if found else ("", "")


def gone(key: str, app_id: str) -> str:
    """Return that the manifest's appId leads nowhere."""
    return (
        f"`{key}` is pinned to appId {app_id}, and this tenant has no such application, live or deleted. "
        "Take the appId out of the manifest to make a new one."
    )


def pin_is_gone(key: str, app_id: str) -> str:
    """Return that the lock file's appId leads nowhere."""
    return (
        f"the lock file pins {key} to appId {app_id}, and this tenant has no such application, live or "
        "deleted: it is found by its marks, or made anew"
    )


def several(manifest: Manifest, key: str, claims: Iterable[Claim]) -> Problem:
    """Return that several objects claim a key equally well, and which."""
    declared = manifest.applications.get(key) or manifest.removed.get(key)
    state = "deleted " if all(claim.deleted for claim in claims) else ""
    listed = ", ".join(sorted(described(claim.app) for claim in claims))
    way = f"Say which one with `appId:`, or `entra-config lock {manifest.chosen}` with `--accept {key}=APPID`"
    message = (
        f"several {state}applications claim to be `{key}`: {listed}. {way}; `--reject APPID` for the others"
    )
    return Problem(declared.position if declared else None, message)


def impostor(manifest: Manifest, key: str, claim: Claim, best: Rank) -> Notice:
    """Return that an object claims a key and does not get it."""
    reasons = {
        Rank.PIN: "`appId` decides",
        Rank.MADE: "this run made another one",
        Rank.PROVEN: "another one is proven to be ours",
        Rank.MARKED: "another one is ours",
    }
    declared = manifest.applications.get(key) or manifest.removed.get(key)
    message = f"application {described(claim.app)} has the ownership tags of {key} too, but {reasons[best]}"
    way = f"`entra-config lock {manifest.chosen} --reject {claim.app['appId']}` ends this line"
    return Notice(f"{message}; {way}", application_address(key), declared.position if declared else None)


def passed_over(manifest: Manifest, key: str, claim: Claim, names: Mapping[str, str]) -> Notice:
    """Return that nothing but marks says what an object is, and what a person can do."""
    declared = manifest.applications.get(key) or manifest.removed.get(key)
    app = claim.app
    spared = "restored" if claim.deleted else "deleted or released"
    made = created(app, names)
    way = (
        f"look, then `entra-config lock {manifest.chosen} --accept {key}={app['appId']}`, or "
        f"`--reject {app['appId']}`"
    )
    message = (
        f"application {described(app)} has the ownership tags of {key}, and nothing proves that it is ours "
        f"({made}): not {spared}"
    )
    return Notice(f"{message}; {way}", application_address(key), declared.position if declared else None)


def external_marks(manifest: Manifest, apps: Iterable[Json]) -> Iterator[Notice]:
    """Yield what has our tag, or nearly so, and is no key's."""
    alike: list[str] = []
    for app in apps:
        owners = marks(app, OWNER_TAG)
        if app["appId"] in manifest.rejected or manifest.owner.casefold() not in {
            owner.casefold() for owner in owners
        }:
            continue
        if manifest.owner not in owners:
            alike.append(described(app))
        elif not is_ours(app, manifest.owner):
            message = (
                f"application {described(app)} has tags of several owners or not one key, so it is nobody's: "
                "it is left alone"
            )
            yield Notice(message)
        else:
            yield _undeclared(manifest, app)
    if alike:
        message = (
            f"strangers' marks differ from {manifest.owner} only in the case of a letter: "
            f"{', '.join(sorted(alike))}"
        )
        yield Notice(f"{message}; they are left alone")


def _undeclared(manifest: Manifest, app: Json) -> Notice:
    key, pinned = key_of(app), manifest.keys_by_pin.get(app["appId"], "")
    if (other := manifest.pinned_elsewhere.get(app["appId"])) is not None:
        return Notice(
            f"application {described(app)} is tagged as `{key}` of {manifest.environment}, but it is "
            f"{other}. It is left alone here. A plan of {other.environment} shows its tags"
        )
    if pinned not in {"", key}:
        return Notice(
            f"application {described(app)} is tagged as `{key}`, and the lock file pins it for `{pinned}`, "
            f"which this environment does not declare: it is left alone. If `{pinned}` was renamed, write "
            f"`previously: {pinned}` at its new key"
        )
    hint = (
        "it is left out of this environment"
        if key in manifest.excluded
        else "list it under `removed:` to delete or release it; if it was renamed, `previously: "
        f"{key}` stays at its new key until that is applied"
    )
    return Notice(
        f"application '{app['displayName']}' has our ownership tags (key '{key}') and the manifest does not "
        f"declare it: {hint}"
    )
