"""`entra-config credentials …`: list what can sign in as ours, make the next one of what expires, and remove
what is undeclared.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from entra_config.cli import completing, formats, labels, wiring
from entra_config.cli.carrying import agreed
from entra_config.cli.options import Common, Pinning, PinsTo, ShardCommand
from entra_config.cli.plan import Allow
from entra_config.credentials import pins
from entra_config.errors import EntraConfigError, RefusedError, UsageError
from entra_config.hidden import no_cores
from entra_config.report import credentials as texts

if TYPE_CHECKING:
    from entra_config.credentials.estate import Estate
    from entra_config.credentials.holding import Time
    from entra_config.graph.client import Graph
    from entra_config.manifest.model import Manifest


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

Key = Annotated[
    str,
    typer.Argument(metavar="KEY", autocompletion=completing.applications, help="The key of an application."),
]
KeyId = Annotated[str, typer.Argument(metavar="KEYID", help="The key id, which the list shows.")]
Label = Annotated[
    str,
    typer.Option("--secret", metavar="LABEL", help="Of several secrets and generated certificates this one."),
]


def _load(common: Common) -> Manifest:
    """Load the manifest without entries that have expired: no secret is made for an expired label."""
    from entra_config.manifest import ending

    return ending.at(wiring.manifest(common), wiring.now())


@asynccontextmanager
async def open_estate(common: Common) -> AsyncIterator[tuple[Graph, Estate]]:
    """Sign in, and read the applications whose credentials may be changed."""
    from entra_config.credentials.estate import Estate

    manifest = _load(common)
    async with wiring.graph(common, manifest.tenant_id) as graph:
        with wiring.reported(graph, common):
            yield graph, await Estate.read(graph, manifest)


def time() -> Time:
    """Return the clock, and how one waits."""
    import asyncio

    from entra_config.credentials.holding import Time

    return Time(wiring.now, asyncio.sleep)


@app.command("list", cls=ShardCommand)
def listing(
    context: typer.Context,
    *,
    form: formats.CredentialsFormat = "text",
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
    from entra_config.credentials import keeping
    from entra_config.credentials import listing as rows

    async with open_estate(common) as (graph, estate):
        used = await rows.last_uses(graph)
        with no_cores():
            kept, failed = (
                await keeping.read_kept(estate, common.cloud, common.output.say) if read_sinks else (None, {})
            )
        for error in failed.values():
            # A place that is to be allowed first is no fault of the list.
            if not isinstance(error, RefusedError):
                raise error
        found = rows.listed(estate.manifest, estate.directory, wiring.now(), used=used, kept=kept)
    if days is not None:
        found = rows.ending(found, wiring.now(), timedelta(days=days))
    report = formats.CredentialsReport(estate.manifest, found, wiring.now(), used is not None, days)
    _show(common, form, report)
    return 2 if days is not None and found else 0


def _show(common: Common, form: str, report: formats.CredentialsReport) -> None:
    formats.write(common.output, formats.CREDENTIALS, form, report)
    if form == "text" and not report.read_uses:
        common.output.say(
            "last use: nobody told; it takes AuditLog.Read.All and a report that only the beta endpoint has"
        )


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
    pins_to: PinsTo = "",
    form: formats.ShortFormat = "text",
) -> int:
    """Make the next secret or key pair, keep it in its sink, sign in with the sink's copy, take the old one
    away after the overlap.
    """
    from entra_config.credentials import rotating

    common = Common.of(context)
    if not key and not due:
        raise UsageError("say whose secret: KEY, or --due for all that are due")
    if label and not key:
        raise UsageError("--secret is one of an application: say KEY too")
    lifted = wiring.words(allow)
    pinning = Pinning.of(common, pins_to)
    notes = pins.Notes(common.output.say, pinning.lock, pinning.file)
    rotating.check_installed(_load(common), key)
    with no_cores():
        return wiring.run(_rotate(common, key, label, notes, only_due=due, allow=lifted, form=form))


async def _rotate(
    common: Common,
    key: str,
    label: str,
    notes: pins.Notes,
    *,
    only_due: bool,
    allow: frozenset[str],
    form: str,
) -> int:
    from entra_config.credentials import rotating

    def report_failure(error: EntraConfigError) -> None:
        common.output.failed(str(error))
        if advice := getattr(error, "advice", ""):
            common.output.say(advice)

    async with open_estate(common) as (graph, estate):
        transport = common.session.transport if common.session else None
        rotator = rotating.Rotator(
            graph,
            estate,
            common.cloud,
            wiring.emulator(common),
            transport,
            time(),
            notes,
            common.output.say,
            report_failure,
        )
        done, failed = await rotator.rotate(key, label, only_due=only_due, allow=allow)
        await labels.send(common, graph, estate.manifest, applied=False)
    report = formats.ShortReport(
        lambda: texts.rotation_document(done), lambda: map(texts.rotation_line, done)
    )
    formats.write(common.output, formats.SHORT, form, report)
    _report_unpinned(common, notes, estate.manifest.environment)
    if any(isinstance(error, RefusedError) for error in failed):
        return 3
    return 1 if failed or notes.unpinned else 0


def _report_unpinned(common: Common, notes: pins.Notes, environment: str) -> None:
    """Report each new key id that is in no lock file, with the command that pins it."""
    for outcome in notes.unpinned:
        subject, key_id = outcome.subject, outcome.made or outcome.key_ids[0]
        common.output.failed(
            f"{subject.name}: key id {key_id} is not pinned in the lock file, so the next plan "
            "reports it as undeclared. Pin it:"
        )
        words = ("credentials", "adopt", subject.key, key_id, "--secret", subject.declared.label)
        common.output.say(f"  {common.next(*words, '-e', environment, online=True)}")


@app.command(cls=ShardCommand)
def remove(
    context: typer.Context,
    *,
    key: Key,
    key_id: KeyId,
    auto_approve: Annotated[bool, typer.Option("--auto-approve", help="Do not ask.")] = False,
) -> int:
    """Remove a secret or certificate that is not declared, after it shows when it was last used."""
    common = Common.of(context)
    return wiring.run(_remove(common, key, key_id.lower(), auto_approve=auto_approve))


async def _remove(common: Common, key: str, key_id: str, *, auto_approve: bool) -> int:
    from entra_config.apply.run import drawn
    from entra_config.credentials import keeping, removing
    from entra_config.credentials import listing as rows

    async with open_estate(common) as (graph, estate):
        live = estate.live(key)
        used = await rows.last_uses(graph)
        with no_cores():
            kept, failed = await keeping.read_kept(estate, common.cloud, common.output.say, key)
        found = rows.listed(estate.manifest, estate.directory, wiring.now(), used=used, kept=kept)
        one = next((each for each in found if each.application == key and each.key_id == key_id), None)
        removing.check(one, key, key_id)
        assert one is not None
        # Of a declared secret it must be known that it is not what the sink keeps.
        if one.place and (error := failed.get((key, one.name))):
            raise error
        common.output.say(texts.reported(one, wiring.now(), read_uses=used is not None))
        if not auto_approve:
            if not sys.stdin.isatty():
                raise UsageError("without a terminal to ask on, remove needs --auto-approve")
            if not agreed(f"Take it away from {key}? Only `yes` is taken for an answer:", "yes"):
                common.output.say("Nothing was changed.")
                return 1
        await removing.remove(graph, live, one, time(), drawn)
    common.output.say(f"removed {key_id} of {key}")
    return 0


@app.command(cls=ShardCommand)
def adopt(context: typer.Context, *, key: Key, key_id: KeyId, label: Label = "") -> int:
    """Take a secret that exists for a declared one, by its key id in the lock file; its value is not
    known.
    """
    return wiring.run(_adopt(Common.of(context), key, key_id.lower(), label))


async def _adopt(common: Common, key: str, key_id: str, label: str) -> int:
    async with open_estate(common) as (graph, estate):
        subjects = estate.subjects([key], label)
        estate.check_proven(key)
        body = estate.body(key)
        if len(subjects) != 1:
            names = ", ".join(each.declared.label for each in subjects)
            raise UsageError(f"{key} declares {names}: say which one by --secret")
        declared = subjects[0].declared
        if key_id not in {str(each["keyId"]).lower() for each in body.get(declared.collection) or ()}:
            listing = common.next("credentials", online=True)
            raise UsageError(f"{key} has no {declared.type} {key_id}; `{listing}` lists them")
        label = declared.label
        path = pins.adopt(estate.manifest, key, str(body["appId"]), label=label, key_id=key_id)
        common.output.say(
            f"wrote {path}: {key_id} is the {declared.type} {label} of {key}; review it like code"
        )
        # Loaded again, because the lock file has the new pin.
        await labels.send(common, graph, _load(common), applied=False)
    return 0
