"""Graph in; every application that bears this tool's marks out, by owner."""

from __future__ import annotations

from dataclasses import dataclass

from entra_config.actual.ask import Reader, ask
from entra_config.actual.question import MarkedApplications
from entra_config.claimants import key_of
from entra_config.graph.odata import literal
from entra_config.graph.request import Request
from entra_config.kinds.base import OWNER_TAG


@dataclass(frozen=True, order=True, slots=True)
class Owned:
    """One application of some owner (`project/environment`); `key` is empty where its tag is missing or doubled."""

    owner: str
    key: str
    display_name: str
    app_id: str
    id: str


async def owned(graph: Reader) -> list[Owned]:
    """Return all that anybody's manifests own in this tenant, in order."""
    marked = f"tags/any(t:startswith(t,{literal(OWNER_TAG)}))"
    request = Request("GET", f"/applications?$filter={marked}&$select=id,appId,displayName,tags&$top=999")
    answers = await ask(graph, {MarkedApplications(): request})
    return sorted(
        Owned(tag.removeprefix(OWNER_TAG), key_of(app), str(app["displayName"]), app["appId"], app["id"])
        for app in answers[MarkedApplications()]
        for tag in app["tags"]
        if tag.startswith(OWNER_TAG)
    )
