"""`entra-config apply`: plans again, asks, and carries the plan out."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.cli import plan as planning
from entra_config.cli import wiring
from entra_config.cli.carrying import Again, Carrying, carry_out
from entra_config.cli.options import Common, Pinning, PinsTo, ShardCommand
from entra_config.cli.plan import Allow, Expired, PurgeDeleted, Strict, Target
from entra_config.cli.progress import Form
from entra_config.cli.snapshot import SnapshotFiles
from entra_config.errors import EntraConfigError, StalePlanError, UsageError
from entra_config.pinning.made import Pins
from entra_config.plan.options import Options

if TYPE_CHECKING:
    from datetime import datetime

    from entra_config.apply.events import Event
    from entra_config.apply.journal import Died
    from entra_config.apply.rest import Rest
    from entra_config.graph.client import Graph
    from entra_config.manifest.model import Manifest
    from entra_config.plan.file import Saved
    from entra_config.plan.model import Plan
    from entra_config.report.lines import Line

Events = Annotated[Form, typer.Option("--events", help="Progress for people, or as JSON lines on stdout.")]
AutoApprove = Annotated[bool, typer.Option("--auto-approve", help="Do not ask.")]
NoWait = Annotated[
    bool, typer.Option("--no-wait", help="Do not wait until what was written can be read back.")
]
JournalFile = Annotated[
    Path | None,
    typer.Option(
        "--journal", metavar="FILE", envvar="ENTRA_CONFIG_JOURNAL", help="Append each request as a JSON line."
    ),
]
SnapshotFolder = Annotated[
    Path | None,
    typer.Option(
        "--snapshots",
        metavar="DIR",
        help="Save what is read before and after as DIR/before.json and DIR/after.json.",
    ),
]
SavedPlan = Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A plan saved by `plan --out`.")]
Digest = Annotated[
    str,
    typer.Option(
        "--digest", metavar="HEX", help="Only if the plan has this digest, which `plan --out` wrote."
    ),
]


app = typer.Typer()


@app.command(cls=ShardCommand)
def command(
    context: typer.Context,
    *,
    file: SavedPlan = None,
    auto_approve: AutoApprove = False,
    digest: Digest = "",
    no_wait: NoWait = False,
    events: Events = "text",
    journal: JournalFile = None,
    snapshots: SnapshotFolder = None,
    pins: PinsTo = "",
    allow: Allow = None,
    target: Target = None,
    purge_deleted: PurgeDeleted = False,
    strict: Strict = False,
    expired: Expired = False,
) -> int:
    """Change the tenant to what the manifest declares; with FILE only if the plan is still the saved one."""
    common = Common.of(context)
    lifted = wiring.words(allow)
    confirm = file is None and not digest and not auto_approve
    if confirm and not sys.stdin.isatty():
        raise UsageError(
            "without a terminal to ask on, apply needs a saved plan (FILE), --digest or --auto-approve"
        )
    how = Carrying(confirm=confirm, wait=not no_wait, events=events, journal=journal, snapshots=snapshots)
    options = Options(lifted, tuple(target or ()), purge_deleted, strict, expired)
    return wiring.run(_apply(common, how, Approved(file, digest), Pinning.of(common, pins), options))


def run(common: Common, *, digest: str, allow: frozenset[str]) -> int:
    """Apply as a part of another command, which showed the plan of this digest and asked for it: what is
    created is pinned, on an emulator too.
    """
    how, pinning = Carrying(confirm=False), Pinning(lock=True)
    return wiring.run(_apply(common, how, Approved(digest=digest), pinning, Options(allow)))


@dataclass(frozen=True, slots=True)
class Approved:
    """The plan that was seen and agreed to elsewhere: a file, or its digest alone."""

    file: Path | None = None
    digest: str = ""

    @property
    def given(self) -> bool:
        """Tell whether there is one."""
        return self.file is not None or bool(self.digest)

    def at(self, manifest: Manifest) -> datetime:
        """Return the instant that the plan is of, now where no file says it; refuse one that an `until` parts
        from now.
        """
        saved = self.saved()
        now = wiring.now()
        if saved is None or saved.at is None:
            return now
        from entra_config.checks import lasting
        from entra_config.plan import instant

        instant.crossed(lasting.untils(manifest), saved.at, now, saved.path)
        return saved.at

    def saved(self) -> Saved | None:
        """Return what the file says; None without a file."""
        if self.file is None:
            return None
        from entra_config.apply import saved

        return saved.read(self.file)

    def journal(self, chosen: Path | None) -> Path | None:
        """Return where each request is noted: where it was chosen for, else beside the file."""
        return chosen or (self.file.with_name(f"{self.file.name}.journal") if self.file else None)

    def died(self, journal: Path | None) -> Died | None:
        """Return how an earlier apply of the file ended without doing all of it; None if there is none."""
        from entra_config.apply import journal as journals

        saved = self.saved()
        if journal is None or saved is None or self.digest not in {"", saved.digest}:
            return None
        return journals.read_died(journal, saved.digest)

    def check(self, plan: Plan, died: Died | None, options: Options) -> Rest | None:
        """Refuse a plan that is neither the very one nor the rest of it, which is returned. `options` are
        those that the plan was made with.
        """
        from entra_config.plan import file as files

        saved = self.saved()
        if saved is not None:
            try:
                files.compare(saved, plan)
            except StalePlanError as moved:
                if died is None:
                    raise
                from entra_config.apply import rest

                return rest.find_rest(saved, plan, died, moved, interactive=sys.stdin.isatty())
            if self.digest in {"", saved.digest}:
                return None
        if self.digest and files.digest(plan) != self.digest:
            raise StalePlanError(
                f"this plan, made with {' '.join(options.words()) or 'no options'}, is not the one with "
                f"digest {self.digest}. Either that one was made with other options (--allow dangerous, "
                "--target, --purge-deleted, --strict or --expired), or the manifest, the tenant or the list "
                "of entries whose `until` is over has changed; nothing was changed. Plan again with the same "
                "options"
            )
        return None


async def _apply(
    common: Common,
    how: Carrying,
    approved: Approved,
    pinning: Pinning,
    options: Options,
) -> int:
    from entra_config.checks import lasting

    snapshots = SnapshotFiles(common.output, how.snapshots)
    snapshots.prepare()
    manifest = wiring.manifest(common)
    if (saved := approved.saved()) is not None:
        options = saved.options_with(options)
        if options.revert:
            from entra_config.cli import reverting

            manifest = reverting.find_manifest(common, manifest, options.revert, saved.path)
    at = approved.at(manifest)
    async with wiring.graph(common, manifest.tenant_id) as graph:
        talk = how.events == "json"
        how = dataclasses.replace(how, journal=approved.journal(how.journal), kept=how.journal is not None)
        died = approved.died(how.journal)
        # A target may be gone, and what it needed is there: the rest is what was to change and has not.
        left = saved.changes if saved is not None and died is not None and options.targets else None
        with wiring.reported(graph, common), snapshots.recording(graph) as recorder:
            plan = await planning.compare(manifest, graph, dataclasses.replace(options, approved=left), at)
        snapshots.write("before", recorder, plan)
        plan = lasting.with_notices(plan, elsewhen=False)
        rest = approved.check(plan, died, options)
        if approved.given and rest is None:
            planning.show_approved(common, plan, talk=talk)
        else:
            planning.show(common, plan, talk=talk)
        if rest is not None:
            common.output.lines(_rest_lines(rest), talk=talk)
            if rest.empty and how.journal is not None and not how.kept:
                how.journal.unlink(missing_ok=True)
            how = dataclasses.replace(how, confirm=True, digest=rest.digest)
        pins = Pins(
            manifest,
            graph.identity.app_id,
            common.output.say,
            lock=pinning.lock,
            file=pinning.file,
        )
        pins.begin()
        again = _plan_again(common, graph, options, at, pins)
        what = "this" if rest is None else "the rest"
        question = (
            f"Apply {what} to {plan.tenant.name} ({plan.tenant.id})? Only `yes` is taken for an answer:"
        )
        try:
            code = await carry_out(
                plan,
                graph,
                dataclasses.replace(how, notes=pins),
                common.output,
                question=question,
                phrase="yes",
                again=again,
            )
        except EntraConfigError:
            await snapshots.read_after(graph, again)
            raise
        if code in (0, 3):
            from entra_config.cli import labels

            await labels.send(common, graph, manifest, plan.declared, applied=True)
            if not options.targets:
                pins.finish()
        if code == 3:
            await _report_consents(common, graph, plan, manifest)
        return code if await snapshots.read_after(graph, again) else code or 1


def _plan_again(common: Common, graph: Graph, options: Options, at: datetime, pins: Pins) -> Again:
    """Return a function that plans all of it anew after a restore, when what this run made is known."""

    async def again() -> Plan:
        whole = dataclasses.replace(options, targets=(), purge_deleted=False, made=pins.ids)
        with wiring.reported(graph, common):
            return await planning.compare(pins.manifest, graph, whole, at)

    return again


async def apply_checked(
    common: Common,
    manifest: Manifest,
    options: Options,
    *,
    begin: Callable[[Plan], Path],
    started: Callable[[], None],
) -> int:
    """Plan, and carry the plan out if `begin` does not refuse it: `begin` returns the path of the journal.
    Nothing is pinned; `started` is called for each step that is begun.
    """
    from entra_config.apply.events import StepStarted
    from entra_config.checks import lasting

    now = wiring.now()
    async with wiring.graph(common, manifest.tenant_id) as graph:
        with wiring.reported(graph, common):
            plan = lasting.with_notices(await planning.compare(manifest, graph, options, now), elsewhen=False)
        journal = begin(plan)
        pins = Pins(manifest, graph.identity.app_id, common.output.say, lock=False)

        def note(event: Event) -> None:
            if isinstance(event, StepStarted):
                started()
            pins(event)

        how = Carrying(notes=note, journal=journal, kept=False)
        return await carry_out(
            plan,
            graph,
            how,
            common.output,
            question="",
            phrase="",
            again=_plan_again(common, graph, options, now, pins),
        )


def _rest_lines(rest: Rest) -> Iterator[Line]:
    """Yield what a person should know before saying yes."""
    from entra_config.report.lines import line

    yield line()
    left = "Only what is withheld is left" if rest.withheld else "These changes are left"
    yield line((f"{'Nothing is left' if rest.empty else left} of {rest.path}:", "bold"))
    yield line(
        f"  an apply of it began at {rest.died.began} and did not finish; "
        f"{len(rest.died.done)} of {rest.died.steps} steps are known to be done"
    )
    if rest.again:
        yield line(("Taken back since, by somebody else; the rest does it again:", "bold yellow"))
        for step in rest.again:
            yield line((f"  {step}", ""))


async def _report_consents(common: Common, graph: Graph, plan: Plan, manifest: Manifest) -> None:
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
