"""`entra-config disable`: stops an application now; what it shares with `enable`, which lets one go on."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from entra_config.cli import completing, formats, wiring
from entra_config.cli.apply import AutoApprove
from entra_config.cli.carrying import agreed
from entra_config.cli.options import Common, ShardCommand
from entra_config.errors import UsageError

Key = Annotated[
    str,
    typer.Argument(
        metavar="KEY",
        autocompletion=completing.switchable,
        help="Its key under `applications` or `enterpriseApplications`.",
    ),
]

app = typer.Typer()


@app.command(cls=ShardCommand)
def command(
    context: typer.Context, *, key: Key, auto_approve: AutoApprove = False, form: formats.ShortFormat = "text"
) -> int:
    """Disable an application now: sign-ins as it and to it are refused."""
    return run(Common.of(context), key, enabled=False, confirm=not auto_approve, form=form)


def run(common: Common, key: str, *, enabled: bool, confirm: bool, form: str) -> int:
    """Find the application, ask, write its switches, and tell what became of them: exit code 1 where one
    was refused.
    """
    word = "enable" if enabled else "disable"
    if confirm and not sys.stdin.isatty():
        raise UsageError(f"without a terminal to ask on, {word} needs --auto-approve")
    return wiring.run(_switch(common, key, enabled=enabled, confirm=confirm, form=form))


async def _switch(common: Common, key: str, *, enabled: bool, confirm: bool, form: str) -> int:
    import asyncio

    from entra_config import stopping
    from entra_config.report import switched

    manifest = wiring.manifest(common)
    async with wiring.graph(common, manifest.tenant_id) as graph:
        with wiring.reported(graph, common):
            stop = await stopping.find(manifest, graph, key, enabled=enabled)
        word = "enable" if enabled else "disable"
        for remark in stop.remarks:
            common.output.say(remark, "yellow")
        question = (
            f"This {word}s {key} of {manifest.owner}, '{stop.name}' (appId {stop.app_id}). Type its key "
            "to go on:"
        )
        if confirm and not agreed(question, key):
            common.output.say("nothing was changed")
            return 1
        done = await stopping.switch(stop, graph, sleep=asyncio.sleep)
    report = formats.ShortReport(
        lambda: switched.document(stop, done, manifest.owner), lambda: switched.lines(stop, done)
    )
    formats.write(common.output, formats.SHORT, form, report)
    return 1 if done.failed or done.unseen else 0
