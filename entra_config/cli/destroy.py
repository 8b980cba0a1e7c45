"""`entra-config destroy`: takes one environment of the project out of the tenant."""

from __future__ import annotations

import sys

import typer

from entra_config.cli import plan as planning
from entra_config.cli import wiring
from entra_config.cli.apply import AutoApprove, Events, JournalFile, NoWait
from entra_config.cli.carrying import Carrying, carry_out
from entra_config.cli.options import Common, ShardCommand
from entra_config.cli.plan import Allow
from entra_config.errors import UsageError

app = typer.Typer()


@app.command(cls=ShardCommand)
def command(
    context: typer.Context,
    *,
    auto_approve: AutoApprove = False,
    no_wait: NoWait = False,
    events: Events = "text",
    journal: JournalFile = None,
    allow: Allow = None,
) -> int:
    """Take one environment of the project out of the tenant: all that is its own, and nothing else."""
    common = Common.of(context)
    lifted = wiring.words(allow)
    if not auto_approve and not sys.stdin.isatty():
        raise UsageError("without a terminal to ask on, destroy needs --auto-approve")
    how = Carrying(confirm=not auto_approve, wait=not no_wait, events=events, journal=journal)
    return wiring.run(_destroy(common, how, lifted))


async def _destroy(common: Common, how: Carrying, allow: frozenset[str]) -> int:
    from entra_config import reconcile

    manifest = wiring.manifest(common)
    async with wiring.graph(common, manifest.tenant_id) as graph:
        with wiring.reported(graph, common):
            plan = await reconcile.plan(manifest, graph, now=wiring.now(), allow=allow, destroy=True)
        planning.show(common, plan, "text", talk=how.events == "json")
        question = (
            f"This deletes {manifest.owner} from {plan.tenant.name} ({plan.tenant.id}). "
            f"Type the environment's name, {manifest.environment}, to go on:"
        )
        return await carry_out(
            plan, graph, how, common.output, question=question, phrase=manifest.environment
        )
