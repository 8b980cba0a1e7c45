"""A manifest's edited texts in; what a plan would do with them in each environment, told as `plan` tells
it, out.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from entra_config.cli import wiring
from entra_config.cli.options import Common
from entra_config.errors import EntraConfigError

if TYPE_CHECKING:
    from entra_config.manifest.model import Manifest
    from entra_config.plan.model import Plan


def show(common: Common, contents: Mapping[Path, str], *, wanted: bool | None) -> int:
    """Show what the plan would do; `wanted` is None where nobody said whether to speak to a tenant."""
    from entra_config.manifest import loader

    fleets = loader.of_fleets(common.manifest)
    every = [name for name in loader.environments(common.manifest) if name not in fleets]
    for name in fleets:
        common.output.say(f"not planned for {name}: of a fleet; `fleet list` tells its tenants")
    names = [common.environment] if common.environment in every else every
    # Whoever names neither a cloud nor a credential may be on a train: editing a file must not wait for a
    # sign-in there.
    reachable = common.session is not None or common.cloud != "global" or common.credential is not None
    if wanted is False or not (wanted or reachable):
        why = (
            ""
            if wanted is False
            else "no tenant was named (--cloud, --credential, or --plan for the default sign-in); "
        )
        common.output.say(f"not planned: {why}see what it does by {_commands(common, names)}")
        return 0
    if not names:
        return 0
    missed = [name for name in names if not _one(common, name, contents)]
    if missed:
        common.output.say(f"see what it does there by {_commands(common, missed)}")
    return 1 if missed and wanted else 0


def _one(common: Common, name: str, contents: Mapping[Path, str]) -> bool:
    from entra_config.cli import plan
    from entra_config.manifest import loader

    try:
        made = wiring.run(_plan(common, loader.load(common.manifest, name, contents=contents)))
    except EntraConfigError as error:
        # The edit stands by itself: a tenant that cannot be asked makes it no less written.
        common.output.say(f"not planned for {name}: {error}", "yellow")
        return False
    plan.show(common, made, "text")
    return True


async def _plan(common: Common, manifest: Manifest) -> Plan:
    from entra_config import reconcile

    async with wiring.graph(common, manifest.tenant_id) as graph:
        with wiring.reported(graph, common):
            return await reconcile.plan(manifest, graph, now=wiring.now())


def _commands(common: Common, names: list[str]) -> str:
    return ", ".join(f"`{common.next('plan', '-e', name, online=True)}`" for name in names)
