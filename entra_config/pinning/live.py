"""A manifest, a tenant and the lock file as it is in; the pins that the lock file should hold out, and what
the tenant says of whom they newly name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from entra_config.actual import stakes
from entra_config.actual.fetch import Questions, fetch
from entra_config.actual.found import Found
from entra_config.actual.later_questions import DELETED
from entra_config.actual.lock import lock
from entra_config.actual.question import DELETED_APPLICATIONS, ApplicationByAppId
from entra_config.actual.questions import everybody
from entra_config.actual.read import read
from entra_config.checks import trust
from entra_config.claimants import belongs_to, created, described, marks
from entra_config.errors import Position, Problem, UsageError
from entra_config.graph.odata import by_key
from entra_config.graph.request import Request
from entra_config.kinds.base import KEY_TAG
from entra_config.kinds.directory import Json
from entra_config.kinds.table import KINDS
from entra_config.manifest.environments.pins import Lock, PinnedApplication
from entra_config.manifest.model import Manifest, Named
from entra_config.moments import read_moment
from entra_config.plan.model import Watched

if TYPE_CHECKING:
    from entra_config.graph.client import Graph


NONE = PinnedApplication()
_NOUNS = {"user": "user", "group": "group", "servicePrincipal": "service principal"}
_OBJECTS = ("applications", "servicePrincipals", "directory/deletedItems")


class Pinned(NamedTuple):
    """The pins of an environment, the problems that they do not fix, what stays unpinned, and for people what
    each undeclared owner and credential is, by its id.
    """

    lock: Lock
    problems: tuple[Problem, ...]
    unpinned: tuple[Problem, ...]
    labels: Mapping[str, str] = MappingProxyType({})


async def pins(
    manifest: Manifest,
    graph: Graph,
    old: Lock | None = None,
    accepted: Mapping[str, str] = MappingProxyType({}),
) -> Pinned:
    """Return the pins that the environment's lock file should hold, and what is left for people to decide.

    `accepted` are appIds that somebody looked at, by key; each must be what the manifest, loaded with it, is
    about.
    """
    found = await read(graph, manifest, KINDS, mending=True)
    for key, app_id in accepted.items():
        live = found.directory.live.get(key)
        if live is None or live.subject.application is None or live.subject.application["appId"] != app_id:
            raise UsageError(f"--accept {key}={app_id}: this tenant does not have this application for {key}")
    watched = trust.watched(manifest, found.directory)
    new = lock(manifest, found, old or Lock(), watched, accepted)
    labels = {
        each.key: f"{each.noun} {each.label}{each.detail}" for several in watched.values() for each in several
    }
    return Pinned(new, found.problems, tuple(_find_unpinned(manifest, found, new, watched)), labels)


async def accepting(manifest: Manifest, graph: Graph, old: Lock, accepted: Mapping[str, str]) -> list[str]:
    """Return a line for each accepted application: what it is, and what it replaces. Refuse one that is
    pinned or tagged for another key: only the manifest says that a key was renamed.
    """
    ids = [*accepted.values(), *(pin for key in accepted if (pin := old.applications.get(key, NONE).app_id))]
    found = await registered(graph, ids)
    lines = []
    for key, app_id in accepted.items():
        app, replaced = found.get(app_id), old.applications.get(key, NONE).app_id
        if app is None:
            raise UsageError(f"--accept {key}={app_id}: this tenant has no application with this appId")
        declared = manifest.applications.get(key)
        known = {key, declared.previously if declared else None}
        others = [name for name in (old.key_of(app_id), *marks(app, KEY_TAG)) if name and name not in known]
        if others:
            how = "pinned for" if others[0] == old.key_of(app_id) else "tagged as"
            raise UsageError(
                f"--accept {key}={app_id}: application {described(app)} is {how} `{others[0]}`. If "
                f"`{others[0]}` was renamed, write `previously: {others[0]}` at `{key}` first"
            )
        owner = "" if old.key_of(app_id) == key else belongs_to(manifest, app)
        if owner and (declared is None or declared.locked):
            raise UsageError(
                f"--accept {key}={app_id}: application {described(app)} belongs to {owner}. If it was handed "
                f"over, write `appId: {app_id}` at `{key}` under `overrides` of this environment, and apply "
                "with `--allow takeover`"
            )
        line = f"accepted for {key}: application {described(app)}, {created(app, {})}"
        if replaced not in {None, app_id}:
            before = found.get(str(replaced))
            line += f", in place of {described(before) if before else f'appId {replaced}, which is gone'}"
        lines.append(line)
    return lines


async def rejecting(graph: Graph, rejected: Iterable[str]) -> list[str]:
    """Return a line for each rejected application: what it is. Refuse what is not the appId of one."""
    wanted = sorted(rejected)
    found = await registered(graph, wanted)
    for id_ in wanted:
        if id_ not in found:
            raise UsageError(f"--reject {id_}: {await _not_an_app_id(graph, id_)}")
    return [f"rejected: application {described(found[id_])}, {created(found[id_], {})}" for id_ in wanted]


async def _not_an_app_id(graph: Graph, id_: str) -> str:
    requests = [Request("GET", f"/{place}/{id_}?$select=id,appId,displayName") for place in _OBJECTS]
    for response in await graph.send(requests):
        if response.ok and isinstance(response.body, dict) and response.body.get("appId"):
            return f"this is an object id. Its application is {described(response.body)}: say that appId"
    return "no application of this tenant has this appId, live or deleted"


async def registered(graph: Graph, app_ids: Collection[str]) -> dict[str, Json]:
    """Return the applications of this tenant that have these appIds, live or deleted, by appId."""
    select = "id,appId,displayName,createdDateTime,createdByAppId,tags,uniqueName"
    questions: Questions = {
        ApplicationByAppId(app_id): Request(
            "GET", f"{by_key('applications', 'appId', app_id)}?$select={select}"
        )
        for app_id in app_ids
    }
    if not questions:
        return {}
    questions[DELETED_APPLICATIONS] = Request("GET", f"{DELETED}application?$select={select}&$top=999")
    responses = await fetch(graph, questions)
    found = (*responses[DELETED_APPLICATIONS], *responses.firsts(ApplicationByAppId))
    return {app["appId"]: app for app in found if app["appId"] in app_ids}


def list_positions(manifest: Manifest) -> dict[str, Position]:
    """Return where the manifest first names each user, group and service principal."""
    others = [each.named for each in manifest.enterprise_applications.values() if each.named is not None]
    every = [each for _, each in everybody(manifest)] + others
    return {each.name: each.position for each in reversed(every) if each.position is not None}


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who bears a name that is pinned: since when the tenant has it, and how many people it is.

    Either is None where the tenant does not say it.
    """

    created: datetime | None = None
    people: int | None = None


_NEVER = datetime.max.replace(tzinfo=UTC)


async def bearers(graph: Graph, wanted: Iterable[tuple[str, str]]) -> dict[str, Bearer]:
    """Return what the tenant says of some users, groups and servicePrincipals, each a set and an id, by id.

    What cannot be read is not known: it stops nothing.
    """
    every = list(wanted)
    requests = [Request("GET", f"/{set_}/{id_}?$select=id,createdDateTime") for set_, id_ in every]
    responses = await graph.send(requests) if requests else []
    inside = await stakes.members(graph, [id_ for set_, id_ in every if set_ == "groups"])
    found = {}
    for (set_, id_), response in zip(every, responses, strict=True):
        body = response.body if response.ok and isinstance(response.body, dict) else {}
        at = read_moment(body.get("createdDateTime"), _NEVER)
        people = inside[id_].count if id_ in inside else 1 if set_ == "users" else None
        found[id_] = Bearer(None if at == _NEVER else at, people)
    return found


def _find_unpinned(
    manifest: Manifest, found: Found, new: Lock, watched: Mapping[str, tuple[Watched, ...]]
) -> Iterator[Problem]:
    """Yield each name and each application in the tenant that the new lock file does not pin."""
    seen: set[tuple[str, str]] = set()
    named = [*everybody(manifest)]
    named += [
        (("servicePrincipal",), each.named)
        for each in manifest.enterprise_applications.values()
        if each.named is not None and not each.app_id
    ]
    for types, each in named:
        place = (types[0], each.name.casefold())
        if each.by_app_id or each.name == each.id or place in seen or _is_pinned(new, types, each):
            continue
        seen.add(place)
        noun = " or ".join(_NOUNS[type_] for type_ in types)
        known = each.id or any(found.directory.principal(type_, each) is not None for type_ in types)
        reason = (
            "the manifest names it with different ids; use one id everywhere"
            if known
            else f"this tenant does not have exactly one {noun} of this name; correct it, or write the id"
        )
        yield Problem(each.position, f"{noun} `{each.name}` is not pinned: {reason}")
    yield from _unpinned_applications(manifest, found, new, watched)


def _is_pinned(new: Lock, types: tuple[str, ...], named: Named) -> bool:
    pins = {"user": new.user, "group": new.group, "servicePrincipal": new.service_principal}
    return any(pins[type_](named.name) is not None for type_ in types)


def _unpinned_applications(
    manifest: Manifest, found: Found, new: Lock, watched: Mapping[str, tuple[Watched, ...]]
) -> Iterator[Problem]:
    for key, application in manifest.applications.items():
        live = found.directory.live.get(key)
        app = live.subject.application if live is not None else None
        pinned = new.applications.get(key)
        if app is None or (application.app_id and not application.locked) or (pinned and pinned.app_id):
            continue
        undeclared = [each.label for each in watched.get(key, ()) if not each.going]
        reason = (
            f"it has undeclared owners or credentials: {', '.join(undeclared)}"
            if undeclared
            else "it is deleted"
            if live is not None and live.subject.deleted
            else "nothing proves that it is ours"
        )
        way = f"entra-config lock {manifest.chosen} --accept {key}={app['appId']}"
        yield Problem(
            application.position,
            f"application {described(app)} is not pinned for `{key}`: {reason}. Look at it, then: {way}",
        )
