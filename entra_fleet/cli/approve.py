"""Results that somebody read in; an approval of some or all of them, within the fleet's limits, out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.cli import wiring
from entra_config.cli.options import Common
from entra_config.errors import RefusedError, UsageError
from entra_fleet.cli.selection import Folder, Kinds, RunId, Whole

if TYPE_CHECKING:
    from entra_fleet.report.approval_document import ApprovedShardPart, FleetApprovalDocument
    from entra_fleet.run.run_results import FleetResults, ReadResult

_HOURS = {"m": 1 / 60, "h": 1, "d": 24}
_LONGEST = 30 * 24  # hours

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
    from entra_fleet.approval import approval_file
    from entra_fleet.cli import selection

    common, hours = Common.of(context), _hours(lasting)
    results, found = selection.read(common, folder, "plan", run, ids=kinds, whole=report)
    _check(results, found)
    made = _document(results, found, kinds or [str(report)], hours)
    approval_file.write(out, made)
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


def _check(results: FleetResults, chosen: Iterable[ReadResult]) -> None:
    """Refuse what is over the limits of the fleet, all of it together."""
    from entra_fleet.approval import losing

    losses = [
        losing.Loss(each.result.loss.people, each.result.loss.applications, each.result.loss.deleted)
        if each.result is not None and each.result.loss is not None
        else losing.Loss(None)
        for each in chosen
    ]
    if reasons := list(losing.over(results.fleet.limits, losses)):
        listed = "\n".join(f"  {each}" for each in reasons)
        raise RefusedError(f"over the limits of {results.fleet.path}, and nothing is approved\n{listed}")


def _document(
    results: FleetResults, chosen: list[ReadResult], approved: list[str], hours: float
) -> FleetApprovalDocument:
    from entra_fleet.approval import approval_file
    from entra_fleet.report.approval_document import FleetApprovalDocument, FleetLimitsPart

    now, limits = wiring.now(), results.fleet.limits
    return approval_file.identified(
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
    from entra_fleet.report.approval_document import ApprovedShardPart

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
