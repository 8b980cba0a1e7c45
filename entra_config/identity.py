"""Which object of the tenant is which application of the manifest: candidates in, one subject for each key out, or problems."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from entra_config.errors import Position, Problem
from entra_config.kinds.base import KEY_TAG, OWNER_TAG, application_address, unique_name
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Notice

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Candidates:
    """All that could be ours: live ones by tag, by appId and by uniqueName, and the deleted ones."""

    tagged: tuple[Json, ...] = ()
    by_app_id: Mapping[str, Json] = field(default_factory=dict)
    by_unique_name: Mapping[str, Json] = field(default_factory=dict)
    deleted: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class Identified:
    """The application behind each key; which of them are deleted; what to say about the rest."""

    applications: Mapping[str, Json]
    deleted: frozenset[str]
    notices: tuple[Notice, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    found: Json | None = None
    deleted: bool = False
    notices: tuple[Notice, ...] = ()
    problem: Problem | None = None


def identify(manifest: Manifest, candidates: Candidates) -> Identified:
    """Return the subject of each key.

    `appId` decides alone. Without it the tags do, then `uniqueName`; several objects are an error that asks for `appId`.
    Only where nothing is alive, a deleted one of ours comes back.
    """
    by_key: dict[str, list[Json]] = defaultdict(list)
    for app in candidates.tagged:
        by_key[key_of(app)].append(app)
    choices = {key: _choose(manifest, key, candidates, by_key) for key in (*manifest.applications, *manifest.removed)}
    notices = [notice for choice in choices.values() for notice in choice.notices]
    taken = {choice.found["id"] for choice in choices.values() if choice.found is not None}
    claimed = by_key.keys() - set(manifest.applications) - set(manifest.removed)
    former = {application.previously for application in manifest.applications.values()}
    strays = [app for app in candidates.tagged if key_of(app) in claimed - former and app["id"] not in taken]
    notices += [_undeclared(manifest, app) for app in strays]
    return Identified(
        {key: choice.found for key, choice in choices.items() if choice.found is not None},
        frozenset(key for key, choice in choices.items() if choice.deleted),
        tuple(notices),
        tuple(choice.problem for choice in choices.values() if choice.problem is not None),
    )


def key_of(app: Json) -> str:
    """Return the key that an application's tag names, empty where it names none or several."""
    keys = {tag.removeprefix(KEY_TAG) for tag in app.get("tags") or () if tag.startswith(KEY_TAG)}
    return keys.pop() if len(keys) == 1 else ""


def bears(app: Json, owner: str) -> bool:
    """Tell whether an application bears an owner's mark."""
    return f"{OWNER_TAG}{owner}" in (app.get("tags") or ())


def _choose(manifest: Manifest, key: str, candidates: Candidates, by_key: Mapping[str, list[Json]]) -> _Choice:
    declared = manifest.applications.get(key)
    keys = {key, declared.previously} if declared else {key}
    tagged = [app for each in sorted(filter(None, keys)) for app in by_key.get(each, ())]
    if declared is not None and declared.app_id:
        return _pinned(manifest, key, declared.app_id, tagged, candidates)
    live = {app["id"]: app for app in tagged}
    if declared is not None:
        for name in (unique_name(manifest, each) for each in sorted(filter(None, keys))):
            if name in candidates.by_unique_name:
                named = candidates.by_unique_name[name]
                live[named["id"]] = named
    if len(live) > 1:
        return _Choice(problem=_several(key, live.values(), declared.position if declared else None))
    if live:
        return _Choice(next(iter(live.values())))
    if declared is None:
        return _Choice()
    gone = [app for app in candidates.deleted if _was_ours(manifest, keys, app)]
    if len(gone) > 1:
        holding = [app for app in gone if app.get("uniqueName") == unique_name(manifest, key)]
        gone = holding or gone
    if len(gone) > 1:
        return _Choice(problem=_several(key, gone, declared.position, "deleted "))
    return _Choice(gone[0], deleted=True) if gone else _Choice()


def _was_ours(manifest: Manifest, keys: Iterable[str | None], app: Json) -> bool:
    named = app.get("uniqueName") in {unique_name(manifest, key) for key in keys if key}
    return named or (bears(app, manifest.owner) and key_of(app) in keys)


def _pinned(manifest: Manifest, key: str, app_id: str, tagged: list[Json], candidates: Candidates) -> _Choice:
    everything = (*candidates.by_app_id.values(), *candidates.tagged)
    found = next((app for app in everything if app["appId"] == app_id), None)
    gone = next((app for app in candidates.deleted if app["appId"] == app_id), None)
    others = tuple(
        Notice(
            f"application {app['displayName']!r} (appId {app['appId']}) bears the marks of {key} too, but `appId` decides",
            application_address(key),
            manifest.applications[key].position,
        )
        for app in tagged
        if app["appId"] != app_id
    )
    if found is not None:
        return _Choice(found, notices=others)
    if gone is not None:
        return _Choice(gone, deleted=True, notices=others)
    message = (
        f"`{key}` is pinned to appId {app_id}, and this tenant has no such application, live or deleted. "
        "Take the appId out of the manifest or lock file to make a new one."
    )
    return _Choice(problem=Problem(manifest.applications[key].position, message))


def _several(key: str, apps: Iterable[Json], position: Position | None, state: str = "") -> Problem:
    listed = ", ".join(sorted(f"{app['displayName']!r} (appId {app['appId']})" for app in apps))
    return Problem(position, f"several {state}applications claim to be `{key}`: {listed}. Say which one with `appId:`")


def _undeclared(manifest: Manifest, app: Json) -> Notice:
    key = key_of(app)
    hint = (
        "it is left out of this environment" if key in manifest.excluded else "list it under `removed:` to delete it or let it go"
    )
    return Notice(
        f"application {app['displayName']!r} bears our marks (key {key!r}) and the manifest does not declare it: {hint}"
    )
