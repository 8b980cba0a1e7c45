"""A shard's plan and the shards that come before it in its tenant in; the one that it waits for, out."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.manifest.model import Manifest
from entra_config.manifest.tenants import shards
from entra_config.manifest.tenants.shards import LoadedShard
from entra_config.plan.model import Plan


def waits_for(shard: LoadedShard, plan: Plan) -> str:
    """Return the project that makes what the plan misses; "" where none of those before it does.

    A name that nobody in the tenant bears, and that the other project gives to an application of its own, is
    what is not applied yet.
    """
    absent = {each.absent.casefold() for each in plan.refusals if each.absent}
    if not absent:
        return ""
    found = (each for each in shards.before(shard) if absent & set(_made(each.manifest)))
    return next((each.placed.project.key for each in found), "")


def _made(manifest: Manifest) -> Iterator[str]:
    """Yield the names that others call the applications of a project by."""
    for key, application in manifest.applications.items():
        yield f"{manifest.owner}/{key}".casefold()
        name = application.settings.get("displayName")
        if name is not None:
            yield str(name.value).casefold()
