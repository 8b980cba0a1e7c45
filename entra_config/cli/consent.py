"""Consents that a plan left out in; the page where a human administrator gives them out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from entra_config.cli.options import Common

if TYPE_CHECKING:
    from entra_config.graph.client import Graph
    from entra_config.manifest.model import Manifest
    from entra_config.plan.model import Plan


async def report(common: Common, graph: Graph, plan: Plan, manifest: Manifest) -> None:
    """Say where a human administrator consents to what the policy left out, client by client."""
    clients = sorted(
        {each.address.key for each in plan.refusals if not each.blocks and each.address is not None}
    )
    if not clients:
        return
    from entra_config.actual.read import read
    from entra_config.kinds.table import KINDS

    found = await read(graph, manifest, KINDS)
    for key in clients:
        live = found.directory.live.get(key)
        # Found as a plan finds it: anybody can write our marks, and this line asks for a consent.
        if live is not None and live.subject.application is not None and not live.subject.deleted:
            page = url(common, plan.tenant.id, live.subject.application)
            common.output.say(f"{key}: after a look at what it asks for, an administrator consents at {page}")


def url(common: Common, tenant_id: str, application: Mapping[str, Any]) -> str:
    """Return where an administrator consents: the consent page sends him back to a reply address, so it
    needs one.
    """
    from entra_config.checks import grants

    authority, app_id = _authority(common), str(application["appId"])
    if not any(
        (application.get(platform) or {}).get("redirectUris") for platform in ("web", "spa", "publicClient")
    ):
        return grants.permissions_page(authority, app_id)
    return grants.admin_consent_url(authority, tenant_id, app_id)


def _authority(common: Common) -> str:
    from entra_config.graph import clouds, endpoint

    running = common.cloud == clouds.EMULATOR and common.session is None
    cloud = (
        endpoint.read(endpoint.folder()).cloud if running else clouds.CLOUDS.get(common.cloud, clouds.GLOBAL)
    )
    return cloud.authority
