"""`entra-config validate`: the manifest checked without a tenant, every environment of it."""

from __future__ import annotations

from entra_config.cli import wiring
from entra_config.cli.options import Common, offline


@offline
def command(common: Common) -> int:
    """Check the manifest, offline; without -e all environments."""
    from entra_config.manifest import loader

    found = [wiring.manifest(common)] if common.environment else loader.load_all(common.manifest)
    for each in found:
        applications, roles = len(each.applications), len(each.assignments)
        common.output.say(f"{each.owner}: valid, {applications} applications, {roles} roles assigned")
    return 0
