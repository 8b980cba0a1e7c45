"""Send a manifest's labels to an emulator that runs on this machine, or in a container that it can reach."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from entra_config import claimants
from entra_config.emulator_labels.labels import LiveObjects, make_labels
from entra_config.errors import EntraConfigError
from entra_config.graph import connect
from entra_config.graph.odata import by_key, tagged
from entra_config.graph.request import Request
from entra_config.kinds.base import OWNER_TAG

if TYPE_CHECKING:
    from entra_config.errors import Position
    from entra_config.graph.client import Graph
    from entra_config.graph.endpoint import Endpoint
    from entra_config.manifest.model import Manifest
    from entra_config.resource import Address, Facts

_SECONDS = 5.0
_SELECT = "id,appId,tags,passwordCredentials,keyCredentials"


async def send_labels(
    graph: Graph,
    emulator: Endpoint,
    manifest: Manifest,
    planned: Iterable[tuple[Address, Position, Facts]] = (),
    *,
    applied: bool,
) -> str:
    """Send the labels of a manifest, and whether it was applied; return "" or the reason why that failed."""
    import httpx

    try:
        labels = make_labels(manifest, await _live(graph, manifest), planned, shorten=_shorten)
        body = {"tenant": manifest.tenant_id, "source": manifest.owner, "labels": labels, "applied": applied}
        # Loopback needs no proxy.
        async with httpx.AsyncClient(
            verify=connect.trust(emulator.ca), trust_env=False, timeout=_SECONDS
        ) as client:
            response = await client.put(f"{emulator.cloud.graph}/_emulator/labels", json=body)
            response.raise_for_status()
    except (EntraConfigError, httpx.HTTPError) as error:
        return str(error) or type(error).__name__
    return ""


async def _live(graph: Graph, manifest: Manifest) -> LiveObjects:
    """Return the applications that are tagged as the manifest's, without those that share a key."""
    which = tagged(f"{OWNER_TAG}{manifest.owner}")
    (found,) = await graph.lists(
        [Request("GET", f"/applications?$filter={which}&$select={_SELECT}&$top=999")]
    )
    ours = [app for app in found if claimants.is_ours(app, manifest.owner)]
    keys = [claimants.key_of(app) for app in ours]
    applications = {key: app for key, app in zip(keys, ours, strict=True) if keys.count(key) == 1}
    external = (each.app_id for each in manifest.enterprise_applications.values() if each.app_id)
    app_ids = sorted({*(str(app["appId"]) for app in applications.values()), *external})
    responses = await graph.send(
        [Request("GET", f"{by_key('servicePrincipals', 'appId', each)}?$select=id,appId") for each in app_ids]
    )
    principals = {str(each.body["appId"]): str(each.body["id"]) for each in responses if each.ok}
    return LiveObjects(applications, principals)


def _shorten(file: str) -> str:
    """Return a file as it is seen from the working directory; its name alone if it is elsewhere."""
    path = Path(file)
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.name
