"""Consents that a plan left out in; the page where a human administrator gives them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from entra_config.cli.options import Common

if TYPE_CHECKING:
    from entra_config.graph.client import Graph
    from entra_config.manifest.model import Manifest
    from entra_config.plan.model import Plan


async def tell(common: Common, graph: Graph, plan: Plan, manifest: Manifest) -> None:
    """Say where a human administrator consents to what the policy left out, client by client."""
    clients = sorted({each.address.key for each in plan.refusals if not each.blocks and each.address is not None})
    if not clients:
        return
    from entra_config.actual.read import read
    from entra_config.kinds.table import KINDS

    found = await read(graph, manifest, KINDS)
    for key in clients:
        live = found.directory.live.get(key)
        # Found as a plan finds it: anybody can write our marks, and this line asks for a consent.
        if live is not None and live.subject.application is not None and not live.subject.deleted:
            url = _url(common, plan.tenant.id, live.subject.application["appId"])
            common.output.say(f"{key}: after a look at what it asks for, an administrator consents at {url}")


def _url(common: Common, tenant_id: str, app_id: str) -> str:
    from entra_config.checks import grants
    from entra_config.graph import clouds, endpoint

    running = common.cloud == clouds.EMULATOR and common.session is None
    cloud = endpoint.read(endpoint.folder()).cloud if running else clouds.CLOUDS.get(common.cloud, clouds.GLOBAL)
    return grants.admin_consent_url(cloud.authority, tenant_id, app_id)
