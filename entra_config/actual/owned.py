"""Graph in; every application that bears this tool's marks out, by owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from entra_config.actual.ask import TenantReader, ask
from entra_config.actual.question import MARKED_APPLICATIONS, Json
from entra_config.graph.odata import literal
from entra_config.graph.request import Request
from entra_config.kinds.base import KEY_TAG, OWNER_TAG


@dataclass(frozen=True, order=True, slots=True)
class Owned:
    """One application with an owner's mark (`project/environment`); of several marks all stand, a missing
    key is empty.
    """

    owner: str
    key: str
    app_id: str
    display_name: str
    id: str
    created: str | None = None


async def owned(graph: TenantReader, owner: str = "") -> list[Owned]:
    """Return all that anybody's manifests own in this tenant, or one owner's, in order."""
    mark = f"t%20eq%20{literal(OWNER_TAG + owner)}" if owner else f"startswith(t,{literal(OWNER_TAG)})"
    path = (
        f"/applications?$filter=tags/any(t:{mark})&$select=id,appId,displayName,tags,createdDateTime&$top=999"
    )
    question = MARKED_APPLICATIONS
    found = (await ask(graph, {question: Request("GET", path)}))[question]
    # Graph filters without case; another case is another owner.
    return sorted(_owned(app) for app in found if not owner or f"{OWNER_TAG}{owner}" in app["tags"])


def _owned(app: Json) -> Owned:
    created: Any = app.get("createdDateTime")
    return Owned(
        _tags(app, OWNER_TAG), _tags(app, KEY_TAG), app["appId"], str(app["displayName"]), app["id"], created
    )


def _tags(app: Json, prefix: str) -> str:
    return ", ".join(
        sorted(tag.removeprefix(prefix) for tag in app.get("tags") or () if tag.startswith(prefix))
    )
