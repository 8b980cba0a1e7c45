"""Read which applications of an environment are still there after it was destroyed, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from entra_config.actual.fetch import TenantReader, fetch
from entra_config.actual.question import MARKED_APPLICATIONS, Json
from entra_config.claimants import created, described, marks
from entra_config.graph.odata import by_key, tagged
from entra_config.graph.request import Request
from entra_config.kinds.base import KEY_TAG, OWNER_TAG, unique_name
from entra_config.manifest.model import Manifest

_SELECT = "id,appId,displayName,uniqueName,tags,createdDateTime,createdByAppId"


@dataclass(frozen=True, slots=True)
class Remaining:
    """An application that was not deleted.

    `key` is the key of the manifest or lock file for which it may have been created, and `how` is what
    connects it with the key. Without a key, its ownership tags alone connect it with the environment.
    """

    key: str
    application: str
    created: str
    how: str = ""


async def read(graph: TenantReader, manifest: Manifest, deleted: Mapping[str, str]) -> tuple[Remaining, ...]:
    """Return the applications with ownership tags of the environment, a pin in its lock file or a uniqueName
    of its keys that are still in the tenant. `deleted` are the object ids that were deleted, by key.
    """
    tag = tagged(OWNER_TAG + manifest.owner)
    question = Request("GET", f"/applications?$filter={tag}&$select={_SELECT}&$top=999")
    found = (await fetch(graph, {MARKED_APPLICATIONS: question}))[MARKED_APPLICATIONS]
    # Graph filters without case; another case is another owner.
    apps = [app for app in found if manifest.owner in marks(app, OWNER_TAG)]
    known = _Known.of(manifest)
    asked = [("appId", app_id) for app_id in known.pins]
    asked += [("uniqueName", name) for name, key in known.names.items() if key not in deleted]
    requests = [
        Request("GET", f"{by_key('applications', name, value)}?$select={_SELECT}") for name, value in asked
    ]
    responses = await graph.send(requests) if requests else []
    apps += [response.body for response in responses if response.ok and isinstance(response.body, dict)]
    gone = set(deleted.values())
    left = {app["id"]: app for app in apps if app["id"] not in gone}
    makers = await _names(graph, left.values())
    remaining = (known.describe(app, deleted.keys(), makers) for app in left.values())
    return tuple(sorted((each for each in remaining if each), key=lambda each: (each.key, each.application)))


@dataclass(frozen=True, slots=True)
class _Known:
    """The keys that the manifest or the lock file knows, by what connects an application with them."""

    pins: Mapping[str, str]
    tags: Mapping[str, str]
    names: Mapping[str, str]
    released: Collection[str]
    elsewhere: Collection[str]
    rejected: Collection[str]

    @classmethod
    def of(cls, manifest: Manifest) -> _Known:
        # `only` excludes keys from the environment, in which they may have been before.
        tags = {key: key for key in (*manifest.excluded, *manifest.applications, *manifest.pinned)}
        tags |= {each.previously: key for key, each in manifest.applications.items() if each.previously}
        tags |= {key: key for key, each in manifest.removed.items() if each.destroy}
        names = {unique_name(manifest, tag): key for tag, key in tags.items()}
        released = {key for key, each in manifest.removed.items() if not each.destroy}
        return cls(manifest.keys_by_pin, tags, names, released, manifest.pinned_elsewhere, manifest.rejected)

    def describe(self, app: Json, deleted: Collection[str], makers: Mapping[str, str]) -> Remaining | None:
        """Return what remains, None if somebody released or rejected it on purpose."""
        pinned = self.pins.get(app["appId"], "")
        if pinned in self.released or app["appId"] in self.rejected:
            return None
        ways = [(pinned, "pinned for")]
        ways += [(self.tags.get(tag, ""), "tagged as") for tag in marks(app, KEY_TAG)]
        ways.append((self.names.get(str(app.get("uniqueName")), ""), "with the uniqueName of"))
        # If the application of the key was found, another one with the same tags or name is not it.
        found = [(key, how) for key, how in ways if key and (key == pinned or key not in deleted)]
        if app["appId"] in self.elsewhere:
            # Another environment's application, whatever its tags are.
            found = []
        key, how = found[0] if found else ("", "")
        return Remaining(key, described(app), created(app, makers), how)


async def _names(graph: TenantReader, apps: Iterable[Json]) -> Mapping[str, str]:
    """Return the names of the applications that created others, by appId, as far as they can be read."""
    makers = sorted({str(app["createdByAppId"]) for app in apps if app.get("createdByAppId")})
    requests = [
        Request("GET", f"{by_key('servicePrincipals', 'appId', maker)}?$select=displayName")
        for maker in makers
    ]
    responses = await graph.send(requests) if requests else []
    return {
        maker: str(response.body["displayName"])
        for maker, response in zip(makers, responses, strict=True)
        if response.ok and isinstance(response.body, dict)
    }
