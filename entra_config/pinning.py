"""A manifest, a tenant and the lock file as it is in; the pins that the lock file should hold out, and what
the tenant says of whom they newly name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from entra_config.actual import stakes
from entra_config.actual.lock import lock
from entra_config.actual.read import read
from entra_config.actual.unpinned import unpinned
from entra_config.checks import restrictions, trust
from entra_config.errors import Problem, UsageError
from entra_config.graph.request import Request
from entra_config.kinds.table import KINDS
from entra_config.manifest.environments.pins import Lock
from entra_config.manifest.model import Manifest

if TYPE_CHECKING:
    from entra_config.graph.client import Graph


class Pinned(NamedTuple):
    """The pins of an environment, the problems that they do not fix, and what stays unpinned."""

    lock: Lock
    problems: tuple[Problem, ...]
    unpinned: tuple[Problem, ...]


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
            raise UsageError(f"--accept {key}={app_id}: this tenant has no such application for {key}")
    watched = trust.watched(manifest, found.directory)
    new = lock(manifest, found, old or Lock(), watched, accepted)
    return Pinned(new, found.problems, tuple(unpinned(manifest, found, new, watched)))


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
        at = restrictions.moment(str(body.get("createdDateTime")), _NEVER)
        people = inside[id_].count if id_ in inside else 1 if set_ == "users" else None
        found[id_] = Bearer(None if at == _NEVER else at, people)
    return found
