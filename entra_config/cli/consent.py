"""Consents that a plan left out in; the page where a human administrator gives them out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from entra_config.cli.options import Common
from entra_config.kinds.base import KEY_TAG, OWNER_TAG

if TYPE_CHECKING:
    from entra_config.graph.client import Graph
    from entra_config.plan.model import Plan


async def tell(common: Common, graph: Graph, plan: Plan) -> None:
    """Say where a human administrator consents to what the policy left out, client by client."""
    clients = sorted({each.address.key for each in plan.refusals if not each.blocks and each.address is not None})
    if not clients:
        return
    app_ids = await _app_ids(graph, f"{plan.project}/{plan.environment}")
    for key in clients:
        if key in app_ids:
            url = _url(common, plan.tenant.id, app_ids[key])
            common.output.say(f"{key}: after a look at what it asks for, an administrator consents at {url}")


async def _app_ids(graph: Graph, owner: str) -> dict[str, str]:
    from entra_config.graph.request import Request

    mark = quote(f"tags/any(t:t eq '{OWNER_TAG}{owner}')")
    (found,) = await graph.lists([Request("GET", f"/applications?$filter={mark}&$select=id,appId,tags&$top=999")])
    return {tag.removeprefix(KEY_TAG): app["appId"] for app in found for tag in app.get("tags") or () if tag.startswith(KEY_TAG)}


def _url(common: Common, tenant_id: str, app_id: str) -> str:
    from entra_config.checks import grants
    from entra_config.cli import wiring
    from entra_config.graph import clouds, endpoint

    running = common.cloud == clouds.EMULATOR and not wiring.in_process()
    cloud = endpoint.read(endpoint.folder()).cloud if running else clouds.CLOUDS.get(common.cloud, clouds.GLOBAL)
    return grants.admin_consent_url(cloud.authority, tenant_id, app_id)
