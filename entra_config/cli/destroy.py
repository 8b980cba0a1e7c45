"""`entra-config destroy`: takes one environment of the project out of the tenant."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from entra_config.cli import plan as planning
from entra_config.cli import wiring
from entra_config.cli.apply import AutoApprove, Events, JournalFile, NoWait
from entra_config.cli.carrying import Carrying, carry_out
from entra_config.cli.options import Common, ShardCommand
from entra_config.cli.plan import Allow
from entra_config.errors import UsageError

if TYPE_CHECKING:
    from entra_config.actual.remaining import Remaining
    from entra_config.manifest.model import Manifest

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
    from entra_config.actual import remaining
    from entra_config.kinds.base import application_address
    from entra_config.plan.model import Delete
    from entra_config.plan.options import Options

    manifest = wiring.manifest(common)
    async with wiring.graph(common, manifest.tenant_id) as graph:
        with wiring.reported(graph, common):
            plan = await reconcile.plan(manifest, graph, Options(allow, destroy=True), now=wiring.now())
        planning.show(common, plan, talk=how.events == "json")
        question = (
            f"This deletes {manifest.owner} from {plan.tenant.name} ({plan.tenant.id}). "
            f"Type the environment's name, {manifest.environment}, to go on:"
        )
        code = await carry_out(
            plan, graph, how, common.output, question=question, phrase=manifest.environment
        )
        if code == 1:
            return code
        gone = [change.before for change in plan.changes if isinstance(change, Delete)]
        deleted = {
            each.address.key: str(each.facts.id)
            for each in gone
            if each.address == application_address(each.address.key)
        }
        with wiring.reported(graph, common):
            left = await remaining.read(graph, manifest, deleted)
    return _report(common, manifest, left) or code


def _report(common: Common, manifest: Manifest, left: tuple[Remaining, ...]) -> int:
    """List the applications that are still there; return 3 if one of them may be of a known key, else 0."""
    known = [each for each in left if each.key]
    others = [each for each in left if not each.key]
    if others:
        common.output.say(
            f"Tagged as managed by {manifest.owner}, and of no key of the manifest or the lock file. "
            "The owner of any application can set such tags:"
        )
    for each in others:
        common.output.say(f"  {each.application}, {each.created}")
    if not known:
        return 0
    common.output.failed(
        f"not destroyed, and of a key that the manifest or the lock file of {manifest.owner} knows:",
        *(f"  {each.application}, {each.how} `{each.key}`, {each.created}" for each in known),
        "Look at each. If it is yours, accept it and destroy again, otherwise reject it:",
        f"  entra-config lock {manifest.chosen} --accept KEY=APPID",
        f"  entra-config lock {manifest.chosen} --reject APPID",
    )
    return 3
