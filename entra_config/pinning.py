"""A manifest, a tenant and the lock file as it is in; the pins that the lock file should hold out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from entra_config.actual.lock import lock
from entra_config.actual.read import read
from entra_config.checks import trust
from entra_config.errors import Problem, UsageError
from entra_config.kinds.table import KINDS
from entra_config.manifest.environments.pins import Lock
from entra_config.manifest.model import Manifest

if TYPE_CHECKING:
    from entra_config.graph.client import Graph


async def pins(
    manifest: Manifest,
    graph: Graph,
    old: Lock | None = None,
    accepted: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Lock, tuple[Problem, ...]]:
    """Return the pins that the environment's lock file should hold, and what they do not mend.

    `accepted` are appIds that somebody looked at, by key; each must be what the manifest, loaded with it, is
    about.
    """
    found = await read(graph, manifest, KINDS, mending=True)
    for key, app_id in accepted.items():
        live = found.directory.live.get(key)
        if live is None or live.subject.application is None or live.subject.application["appId"] != app_id:
            raise UsageError(f"--accept {key}={app_id}: this tenant has no such application for {key}")
    watched = trust.watched(manifest, found.directory)
    return lock(manifest, found, old or Lock(), watched, accepted), found.problems
