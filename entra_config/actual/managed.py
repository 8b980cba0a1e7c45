"""Read the applications of a tenant that have ownership tags of this tool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from entra_config.actual.fetch import TenantReader, fetch
from entra_config.actual.question import MARKED_APPLICATIONS, Json
from entra_config.claimants import marks
from entra_config.graph.odata import literal, tagged
from entra_config.graph.request import Request
from entra_config.kinds.base import KEY_TAG, OWNER_TAG


@dataclass(frozen=True, order=True, slots=True)
class ManagedApplication:
    """One application and its owner (`project/environment`). Several owners
    or keys are joined; a missing key is empty.
    """

    owner: str
    key: str
    app_id: str
    display_name: str
    id: str
    created: str | None = None


async def read_managed(graph: TenantReader, owner: str = "") -> list[ManagedApplication]:
    """Return every application that has ownership tags, or those of one owner, in order."""
    mark = OWNER_TAG + owner
    which = tagged(mark) if owner else f"tags/any(t:startswith(t,{literal(mark)}))"
    path = f"/applications?$filter={which}&$select=id,appId,displayName,tags,createdDateTime&$top=999"
    question = MARKED_APPLICATIONS
    found = (await fetch(graph, {question: Request("GET", path)}))[question]
    # Graph filters without case; another case is another owner.
    return sorted(_managed(app) for app in found if not owner or mark in app["tags"])


def _managed(app: Json) -> ManagedApplication:
    created: Any = app.get("createdDateTime")
    owners, keys = (", ".join(marks(app, prefix)) for prefix in (OWNER_TAG, KEY_TAG))
    return ManagedApplication(owners, keys, app["appId"], str(app["displayName"]), app["id"], created)
