"""`entra-config drift --revert`: the saved plan that puts findings right, and the manifest that it is of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from entra_config.cli import comparing, formats, making, wiring
from entra_config.cli.options import Common
from entra_config.cli.plan import compare, exit_code, show_next
from entra_config.errors import RefusedError, StalePlanError, UsageError
from entra_config.phrase import Phrase, without_names

if TYPE_CHECKING:
    from entra_config.drift.model import Drift
    from entra_config.drift.reverting import Reverting
    from entra_config.manifest.model import Manifest
    from entra_config.plan.model import Plan
    from entra_config.plan.options import Options


def run(
    context: typer.Context,
    common: Common,
    options: Options,
    out: Path,
    *,
    base: str | None,
    form: str,
    names: bool,
) -> int:
    """Show and save the plan that puts the findings at the targets right. Exit code 3 if it leaves one."""
    from entra_config.apply import saved
    from entra_config.drift import reverting

    if form not in formats.PLAN:
        raise UsageError(f"--format {form}: --revert shows a plan, as {', '.join(formats.PLAN)}")
    with wiring.annotate_problems(common.output, form=form):
        manifest = wiring.manifest(common)
        compared = comparing.find_base(common, manifest, base)
        commit = _find_commit(common, compared.revision)
        compared = replace(compared, manifest=_with_rejected(compared.manifest, manifest))
        options = replace(options, revert=commit)
        drift, plan = wiring.run(_read(common, manifest, compared, options))
    done = reverting.compare(drift, plan, options.targets)
    _refuse_others(drift, done)
    how = replace(making.made(context, common, plan.environment), options=options.words())
    report = formats.PlanReport(common, plan, names=names, how=lambda: how, saved=str(out))
    formats.write(common.output, formats.PLAN, form, report)
    named = names or form not in {"markdown", "github"}
    for remark in _remarks(manifest, compared, drift, plan, done, named=named):
        common.output.say(remark if named else without_names(remark), "yellow")
    if plan.changes:
        saved.write(out, plan, options)
        common.output.say(f"saved: {out}")
        if form == "text" and not plan.blocked:
            show_next(common, plan, options, out)
    return 3 if done.left else exit_code(plan, detailed=False)


async def _read(
    common: Common, manifest: Manifest, base: comparing.Compared, options: Options
) -> tuple[Drift, Plan]:
    """Return what others changed, and the plan that puts the targets right, made as `plan` makes it."""
    drift = await comparing.compare(common, manifest, base)
    async with wiring.graph(common, base.manifest.tenant_id) as graph:
        with wiring.reported(graph, common):
            return drift, await compare(base.manifest, graph, options, wiring.now())


def find_manifest(common: Common, manifest: Manifest, commit: str, path: str) -> Manifest:
    """Return the manifest of the commit that the revert plan in a file was made from.

    StalePlanError if another commit was deployed since, as far as this job knows.
    """
    from entra_config.drift import deployed
    from entra_config.drift.base import manifest_of

    shard = wiring.shard(common)
    at = deployed.last(manifest.environment, common.manifest, os.environ) if shard is None else None
    if at is not None and at.commit != commit:
        now = at.why or f"{at.name} is the last one"
        raise StalePlanError(
            f"{path}: made from the manifest of commit {commit[:12]}, which is not the last one that was "
            f"deployed: {now}. Nothing was changed. Make the plan anew with `entra-config drift --revert`"
        )
    _check_history(common, commit, path)
    return _with_rejected(manifest_of(common.manifest, commit, manifest, shard)[0], manifest)


def _find_commit(common: Common, revision: str) -> str:
    """Return the commit of a revision, which must be in the history of the checkout; empty for the files."""
    from entra_config.drift.base import commit_of

    if not revision:
        return ""
    commit = commit_of(common.manifest, revision)
    _check_history(common, commit, f"--base {revision}")
    return commit


def _check_history(common: Common, commit: str, what: str) -> None:
    """Refuse a commit that is not in the history of the checkout: nobody may have reviewed it."""
    from entra_config.drift.base import is_ancestor

    if not is_ancestor(common.manifest, commit):
        raise UsageError(
            f"{what}: commit {commit[:12]} is not in the history of the checkout, so its manifest may not be "
            "reviewed. Check out a branch that contains it"
        )


def _with_rejected(deployed: Manifest, manifest: Manifest) -> Manifest:
    """Return a deployed manifest that also rejects what the lock file rejects now."""
    return replace(deployed, rejected=deployed.rejected | manifest.rejected)


def _refuse_others(drift: Drift, done: Reverting) -> None:
    """Refuse a plan that would do something else at an address than put a finding right."""
    if not done.others:
        return
    listed = "\n".join(f"  {each.address}: {each.sentence}" for each in done.others)
    raise RefusedError(
        "No plan was saved: plan identifies an object by its pin or its ownership tags, and finds another "
        f"difference than drift reports:\n{listed}\n"
        "Pin the right object, then revert again:\n"
        f"  entra-config lock -e {drift.environment} --accept KEY=APPID"
    )


def _remarks(
    manifest: Manifest,
    base: comparing.Compared,
    drift: Drift,
    plan: Plan,
    done: Reverting,
    *,
    named: bool,
) -> Iterator[str]:
    """Yield what the plan leaves, what it includes, and which manifest it is made from if that matters."""
    from entra_config.drift import earlier, reverting
    from entra_config.report import remedies
    from entra_config.report.change_text import title

    for address in done.unchanged:
        yield f"{address}: nothing differs there, so there is nothing to revert"
    for each in done.left:
        why = reverting.why_left(each, plan) if each.revertible else remedies.revert(each, drift).text
        yield Phrase.of("Not reverted: ", each.sentence, ". ", why)
    if done.included:
        listed = ", ".join(title(change, names=named) for change in done.included)
        yield f"Included, because the plan needs it: {listed}"
    if plan.changes and earlier.digest(manifest) != earlier.digest(base.manifest):
        yield (
            f"This plan is made from {base.name}. The files in this checkout declare something else, so an "
            "apply of them may change it again"
        )
