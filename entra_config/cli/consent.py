"""Prints the pages where an administrator gives the consents that a plan skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from entra_config.cli import wiring
from entra_config.cli.options import Common

if TYPE_CHECKING:
    from entra_config.graph.client import Graph
    from entra_config.manifest.model import Manifest
    from entra_config.plan.model import Plan


async def report(common: Common, graph: Graph, plan: Plan, manifest: Manifest) -> None:
    """Print each page that grants exactly what `policy.consent` did not allow, after an apply."""
    if all(each.skipped is None for each in plan.refusals):
        return
    from entra_config.actual.read import read
    from entra_config.checks import consent_links
    from entra_config.kinds.table import KINDS

    found = await read(graph, manifest, KINDS)
    # Found as a plan finds it: anybody can write our tags, and this line asks for a consent.
    applications = {
        key: live.subject.application
        for key, live in found.directory.live.items()
        if live.subject.application is not None and not live.subject.deleted
    }
    for link in consent_links.find_links(_authority(common), manifest, plan, applications):
        names = ", ".join(f"{each.api}/{each.permission} ({each.kind})" for each in link.skipped)
        common.output.say(
            f"{link.client}: an administrator can give exactly the consent that was skipped, to {names}, at "
            f"{link.url}"
        )


def _authority(common: Common) -> str:
    from entra_config.graph import clouds

    running = wiring.emulator(common)
    cloud = running.cloud if running else clouds.CLOUDS.get(common.cloud, clouds.GLOBAL)
    return cloud.authority
