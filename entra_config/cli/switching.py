"""What `disable` and `enable` share: which application, whether it is meant, and what became of it, told."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entra_config.cli import completing, wiring
from entra_config.cli.carrying import agreed
from entra_config.cli.options import Common
from entra_config.errors import UsageError
from entra_config.report import escape
from entra_config.report.lines import Line, line

if TYPE_CHECKING:
    from entra_config.stopping import Stop, Switched

Key = Annotated[
    str,
    typer.Argument(
        metavar="KEY",
        autocompletion=completing.switchable,
        help="Its key under `applications` or `enterpriseApplications`.",
    ),
]
Form = Annotated[Literal["text", "json"], typer.Option("--format", help="How it is written on stdout.")]
STOPS = (
    "its sign-ins are refused, and tokens for it; those given before are taken until they end, an hour "
    "as a rule"
)


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
    if form == "json":
        common.output.data(json.dumps(document(stop, done, manifest.owner), indent=2) + "\n")
    else:
        common.output.lines(_lines(stop, done))
    return 1 if done.failed or done.unseen else 0


def document(stop: Stop, done: Switched, owner: str) -> dict[str, object]:
    """Return what `--format json` writes."""
    failed = {each: str(error) for each, error in done.failed}
    states = {
        **dict.fromkeys(done.done, "done"),
        **dict.fromkeys(done.unseen, "unseen"),
        **dict.fromkeys(failed, "failed"),
    }
    return {
        "version": 1,
        "kind": "switched",
        "owner": owner,
        "application": {"key": stop.key, "displayName": stop.name, "appId": stop.app_id},
        "enabled": stop.enabled,
        "switches": [
            {
                "object": each.path,
                "property": each.name,
                "value": each.wanted,
                "state": states.get(each, "unchanged"),
                "error": failed.get(each),
            }
            for each in stop.switches
        ],
        "remarks": list(stop.remarks),
    }


def _lines(stop: Stop, done: Switched) -> list[Line]:
    word, name = "enabled" if stop.enabled else "disabled", f"{stop.key} '{stop.name}' (appId {stop.app_id})"
    found = [
        line(
            (
                escape.text(f"{name}: {word}" if not done.failed else f"{name}: not all of it is {word}"),
                "bold",
            )
        )
    ]
    for each in stop.switches:
        error = next((error for failed, error in done.failed if failed == each), None)
        message = (
            f"failed: {error}"
            if error
            else "written, and not to be read back yet"
            if each in done.unseen
            else ""
        )
        message = message or ("written" if each in done.done else "was so before")
        found.append(
            line(escape.text(f"  {each.name}: {str(each.wanted).lower()} of {each.path}  {message}"))
        )
    if not stop.enabled:
        found.append(line((escape.text(f"  {STOPS}; `entra-config enable {stop.key}` takes it back"), "dim")))
    return found
