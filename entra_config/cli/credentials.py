"""`entra-config credentials …`: what can sign in as ours, the next one of what ends, and away with what
nobody declared.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from entra_config.cli import (
    completing,
    credential_estate,
    credential_rotation,
    credential_text,
    wiring,
)
from entra_config.cli.carrying import agreed
from entra_config.cli.options import Common, NoLock, PinsFile, ShardCommand, WriteLock
from entra_config.cli.plan import Allow
from entra_config.credentials import pins
from entra_config.errors import RefusedError, UsageError
from entra_config.hidden import no_cores


class Listing(TyperGroup):
    """A group that lists where no other command is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the name of the list first, unless a command is named or help is asked for."""
        if not args or (args[0].startswith("-") and args[0] not in {"-h", "--help"}):
            args = ["list", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=Listing, help="List what can sign in as ours; make the next one of what ends; take one away."
)

Form = Annotated[
    Literal["text", "json", "markdown"], typer.Option("--format", help="How it is written on stdout.")
]
Key = Annotated[
    str,
    typer.Argument(metavar="KEY", autocompletion=completing.applications, help="The key of an application."),
]
KeyId = Annotated[str, typer.Argument(metavar="KEYID", help="The key id, which the list shows.")]
Label = Annotated[
    str,
    typer.Option("--secret", metavar="LABEL", help="Of several secrets and generated certificates this one."),
]


@app.command("list", cls=ShardCommand)
def listing(
    context: typer.Context,
    *,
    form: Form = "text",
    ending: Annotated[
        int | None,
        typer.Option(
            "--ending",
            metavar="DAYS",
            help=(
                "Only what ends within so many days and no rotation replaces; exit with 2 where there is any."
            ),
        ),
    ] = None,
    read_sinks: Annotated[
        bool, typer.Option("--sinks", help="Ask each sink what it keeps, by key id.")
    ] = False,
) -> int:
    """List what can sign in as ours: declared or not, age, end, where it is kept, last use where the
    tenant tells.
    """
    common = Common.of(context)
    return wiring.run(_listed(common, form, ending, read_sinks=read_sinks))


async def _listed(common: Common, form: str, days: int | None, *, read_sinks: bool) -> int:
    from entra_config.credentials import listing as rows

    async with credential_estate.opened(common) as (graph, estate):
        used = await rows.last_uses(graph)
        with no_cores():
            kept, failed = await credential_estate.kept(common, estate) if read_sinks else (None, {})
        for error in failed.values():
            # A place that is to be allowed first is no fault of the list.
            if not isinstance(error, RefusedError):
                raise error
        found = rows.listed(estate.manifest, estate.directory, wiring.now(), used=used, kept=kept)
    if days is not None:
        found = rows.ending(found, wiring.now(), timedelta(days=days))
    credential_text.show(
        common, estate.manifest, found, form, read_uses=used is not None, now=wiring.now(), ending=days
    )
    return 2 if days is not None and found else 0


@app.command(cls=ShardCommand)
def rotate(
    context: typer.Context,
    *,
    key: Annotated[
        str, typer.Argument(metavar="[KEY]", help="The key of an application; with --due all of them.")
    ] = "",
    due: Annotated[
        bool, typer.Option("--due", help="Only what is due, and what is left over to be taken away.")
    ] = False,
    label: Label = "",
    allow: Allow = None,
    no_lock: NoLock = False,
    write_lock: WriteLock = False,
    pins_file: PinsFile = None,
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="How it is written on stdout.")
    ] = "text",
) -> int:
    """Make the next secret or key pair, keep it in its sink, sign in with the sink's copy, take the old one
    away after the overlap.
    """
    common = Common.of(context)
    if not key and not due:
        raise UsageError("say whose secret: KEY, or --due for all that are due")
    if label and not key:
        raise UsageError("--secret is one of an application: say KEY too")
    lifted = wiring.words(allow)
    forgets = common.cloud == "emulator" or common.session is not None
    locks = not no_lock and (write_lock or not forgets)
    notes = pins.Notes(common.output.say, locks, pins_file)
    credential_rotation.check_installed(common, key)
    with no_cores():
        return wiring.run(
            credential_rotation.run(common, key, label, notes, only_due=due, allow=lifted, form=form)
        )


@app.command(cls=ShardCommand)
def remove(
    context: typer.Context,
    *,
    key: Key,
    key_id: KeyId,
    auto_approve: Annotated[bool, typer.Option("--auto-approve", help="Do not ask.")] = False,
) -> int:
    """Take away a secret or certificate that nobody declared, after its last use was told."""
    common = Common.of(context)
    return wiring.run(_remove(common, key, key_id.lower(), auto_approve=auto_approve))


async def _remove(common: Common, key: str, key_id: str, *, auto_approve: bool) -> int:
    from entra_config.apply.run import drawn
    from entra_config.credentials import listing as rows
    from entra_config.credentials import removing

    async with credential_estate.opened(common) as (graph, estate):
        live = estate.live(key)
        used = await rows.last_uses(graph)
        with no_cores():
            kept, failed = await credential_estate.kept(common, estate, key)
        found = rows.listed(estate.manifest, estate.directory, wiring.now(), used=used, kept=kept)
        one = next((each for each in found if each.application == key and each.key_id == key_id), None)
        removing.check(one, key, key_id)
        assert one is not None
        # Of a declared secret it must be known that it is not what the sink keeps.
        if one.place and (error := failed.get((key, one.name))):
            raise error
        common.output.say(credential_text.reported(one, wiring.now(), read_uses=used is not None))
        if not auto_approve:
            if not sys.stdin.isatty():
                raise UsageError("without a terminal to ask on, remove needs --auto-approve")
            if not agreed(f"Take it away from {key}? Only `yes` is taken for an answer:", "yes"):
                common.output.say("Nothing was changed.")
                return 1
        await removing.remove(graph, live, one, credential_estate.time(), drawn)
    common.output.say(f"removed {key_id} of {key}")
    return 0


@app.command(cls=ShardCommand)
def adopt(context: typer.Context, *, key: Key, key_id: KeyId, label: Label = "") -> int:
    """Take a secret that exists for a declared one, by its key id in the lock file; its value is not
    known.
    """
    return wiring.run(_adopt(Common.of(context), key, key_id.lower(), label))


async def _adopt(common: Common, key: str, key_id: str, label: str) -> int:
    async with credential_estate.opened(common) as (_, estate):
        subjects = estate.subjects([key], label)
        estate.check_proven(key)
        body = estate.body(key)
    if len(subjects) != 1:
        names = ", ".join(each.declared.label for each in subjects)
        raise UsageError(f"{key} declares {names}: say which one by --secret")
    declared = subjects[0].declared
    if key_id not in {str(each["keyId"]).lower() for each in body.get(declared.collection) or ()}:
        raise UsageError(
            f"{key} has no {declared.type} {key_id}; `{common.next('credentials', online=True)}` lists them"
        )
    label = declared.label
    path = pins.adopt(estate.manifest, key, str(body["appId"]), label=label, key_id=key_id)
    common.output.say(f"wrote {path}: {key_id} is the {declared.type} {label} of {key}; review it like code")
    return 0
