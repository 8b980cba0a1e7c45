"""Results that somebody read in; an approval of some or all of them, within the fleet's limits, out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.cli import wiring
from entra_config.cli.fleet_report import Folder, RunId
from entra_config.cli.options import Common
from entra_config.errors import RefusedError, StalePlanError, UsageError

if TYPE_CHECKING:
    from entra_config.cli.fleet_results import FleetResults, ReadResult
    from entra_config.report.fleet_approval_document import ApprovedShardPart, FleetApprovalDocument
    from entra_config.report.fleet_document import FleetGroupPart

_HOURS = {"m": 1 / 60, "h": 1, "d": 24}
_LONGEST = 30 * 24  # hours

Kinds = Annotated[
    list[str] | None, typer.Option("--class", metavar="ID", help="A kind of change, by its id in the report.")
]
Whole = Annotated[
    str | None, typer.Option("--report", metavar="ID", help="All of a report that can be approved.")
]
Lasting = Annotated[
    str, typer.Option("--for", metavar="TIME", help="How long an apply may begin: 30m, 24h, 3d; 30d at most.")
]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the approval goes.")]


def command(
    context: typer.Context,
    folder: Folder,
    *,
    kinds: Kinds = None,
    report: Whole = None,
    run: RunId = None,
    lasting: Lasting = "24h",
    out: Out = Path("approval.json"),
) -> int:
    """Approve plans that were read, by the ids of the report; its own id is on stdout."""
    from entra_config.cli import fleet_approval, fleet_results
    from entra_config.manifest.fleet import reading

    common = Common.of(context)
    assert common.fleet is not None  # the option has a default
    if bool(kinds) == (report is not None):
        raise UsageError("say which plans: --class ID, as often as needed, or --report ID")
    hours = _hours(lasting)
    results = fleet_results.of_folder(reading.read(common.fleet), folder, run)
    if results.do != "plan":
        raise UsageError(
            f"{folder}: only plans are approved, and run {results.run} did {results.do or 'nothing'}"
        )
    found = chosen(common, results, kinds or [], report)
    _check(results, found)
    made = _document(results, found, kinds or [str(report)], hours)
    fleet_approval.write(out, made)
    common.output.data(f"{made.id}\n")
    tenants = len({each.tenant_id for each in made.shards})
    common.output.say(f"wrote {out}: {len(made.shards)} shards in {tenants} tenants, until {made.ends}")
    return 0


def _hours(text: str) -> float:
    found = re.fullmatch(r"([1-9]\d{0,3})([mhd])", text)
    hours = int(found[1]) * _HOURS[found[2]] if found else 0
    if not 0 < hours <= _LONGEST:
        raise UsageError(f"--for {text}: say minutes, hours or days, such as 30m, 24h or 3d; 30d at most")
    return hours


def chosen(common: Common, results: FleetResults, ids: list[str], whole: str | None) -> list[ReadResult]:
    """Return the results that are meant; a folder that changed since it was read has none of that id."""
    from entra_config.report import fleet_wording

    known, (_, done) = results.kinds(), fleet_wording.TAKES[results.do]
    groups = {each.id: each for each in results.report(None, names=False).groups}
    if whole is not None:
        if whole != results.id:
            raise StalePlanError(f"--report {whole}: this folder is {results.id}: it is not what was read")
        left = [each for each in groups.values() if fleet_wording.unapproved(each)]
        for each in left:
            common.output.say(f"not {done}: {_named(each)}: {fleet_wording.unapproved(each)}")
        ids = [each.id for each in groups.values() if each not in left]
    for id_ in ids:
        if id_ not in known:
            raise StalePlanError(
                f"--class {id_}: no kind in this folder: it is not what was read, or no such id"
            )
        if why := fleet_wording.unapproved(groups[id_]):
            raise RefusedError(f"--class {id_}: {_named(groups[id_])}: {why}")
    if not ids:
        raise RefusedError(f"nothing of this report can be {done}")
    return [each for id_ in dict.fromkeys(ids) for each in known[id_]]


def _named(group: FleetGroupPart) -> str:
    from entra_config.report import fleet_wording

    return fleet_wording.members(group)


def _check(results: FleetResults, chosen: Iterable[ReadResult]) -> None:
    """Refuse what is over the limits of the fleet, all of it together."""
    from entra_config.fleet import losing

    losses = [
        losing.Loss(each.result.loss.people, each.result.loss.applications, each.result.loss.deleted)
        if each.result is not None and each.result.loss is not None
        else losing.Loss(None)
        for each in chosen
    ]
    if reasons := list(losing.over(results.fleet.limits, losses)):
        told = "\n".join(f"  {each}" for each in reasons)
        raise RefusedError(f"over the limits of {results.fleet.path}, and nothing is approved\n{told}")


def _document(
    results: FleetResults, chosen: list[ReadResult], approved: list[str], hours: float
) -> FleetApprovalDocument:
    from entra_config.cli import fleet_approval
    from entra_config.report.fleet_approval_document import FleetApprovalDocument, FleetLimitsPart

    now, limits = wiring.now(), results.fleet.limits
    return fleet_approval.identified(
        FleetApprovalDocument(
            version=1,
            kind="fleetApproval",
            id="",
            approved=sorted(set(approved)),
            run=results.run,
            made=now.isoformat(timespec="seconds"),
            ends=(now + timedelta(hours=hours)).isoformat(timespec="seconds"),
            limits=FleetLimitsPart(
                failed_tenants=limits.failed_tenants,
                people=limits.people,
                applications=limits.applications,
                deleted=limits.deleted,
            ),
            shards=sorted(map(_line, chosen), key=lambda each: (each.wave, each.shard)),
        )
    )


def _line(each: ReadResult) -> ApprovedShardPart:
    from entra_config.report.fleet_approval_document import ApprovedShardPart

    result = each.result
    assert result is not None  # it has a kind
    return ApprovedShardPart(
        shard=result.shard,
        tenant_id=result.tenant_id,
        owner=result.owner,
        wave=each.shard.placed.wave,
        digest=result.digest,
        hash=result.hash,
        allow=result.allow,
        cloud=result.cloud,
    )
