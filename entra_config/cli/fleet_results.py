"""A fleet and a folder of results in; the report on the whole, each shard once, out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from entra_config.cli import fleet_shard
from entra_config.errors import UsageError
from entra_config.fleet import deciding
from entra_config.fleet.deciding import Flags
from entra_config.manifest.fleet import choosing, left, shards
from entra_config.manifest.fleet.model import Fleet
from entra_config.manifest.fleet.shards import LoadedShard
from entra_config.report.fleet_document import (
    FleetGroupPart,
    FleetMemberPart,
    FleetReportDocument,
    FleetResultDocument,
)
from entra_config.report.fleet_kinds import ORDER
from entra_config.report.fleet_wording import stopped

_WORST = (1, 3, 2, 0)


@dataclass(frozen=True, slots=True)
class _Read:
    """A shard with its result, or why it has none."""

    shard: LoadedShard
    result: FleetResultDocument | None
    reason: str

    def member(self) -> FleetMemberPart:
        """Return it as a report tells it."""
        placed = self.shard.placed
        change = self.result.change if self.result is not None else None
        return FleetMemberPart(
            shard=placed.shard.name,
            tenant_id=placed.shard.tenant_id,
            wave=placed.wave,
            code=self.result.code if self.result is not None else None,
            reason=self.reason or (self.result.error if self.result is not None else ""),
            taken_out=change.taken_out if change is not None else [],
        )


def of_folder(
    fleet: Fleet, folder: Path, run: str | None, tenant: str | None, *, names: bool
) -> FleetReportDocument:
    """Return the report on the results in a folder; people are named where that is wanted."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder")
    if tenant is not None:
        choosing.tenant(fleet, tenant)
    wanted = [each for each in fleet.placed() if tenant in {None, each.shard.tenant}]
    loaded = shards.chosen(fleet, wanted)
    files = [fleet_shard.read(fleet_shard.path_of(folder, each.placed.shard.name)) for each in loaded]
    latest = max(
        (found for found, _ in files if found is not None), key=lambda each: each.ended, default=None
    )
    name = run or (latest.run if latest is not None else "")
    every = [_read(each, found, why, name) for each, (found, why) in zip(loaded, files, strict=True)]
    verbs = sorted({each.result.do for each in every if each.result is not None})
    if len(verbs) > 1:
        raise UsageError(
            f"run {name} did {' and '.join(verbs)} in this folder: give each verb a run of its own"
        )
    without = [each.member() for each in every if each.result is None]
    return FleetReportDocument(
        version=1,
        kind="fleetReport",
        run=name,
        do=verbs[0] if verbs else "",
        shards=len(every),
        code=_code(every),
        groups=_groups(every, names=names),
        failed=[each.member() for each in every if each.result is not None and each.result.change is None],
        without=without,
        left=[path.as_posix() for path in left.lock_files(fleet)] if tenant is None else [],
    )


def _read(shard: LoadedShard, found: FleetResultDocument | None, why: str, run: str) -> _Read:
    """Return a shard with its result; one of another run, tenant, shard or hash is none."""
    if found is None:
        return _Read(shard, None, why)
    placed = shard.placed.shard
    if found.run != run:
        return _Read(shard, None, "no result: there is one of another run")
    if (found.shard, found.tenant_id) != (placed.name, placed.tenant_id):
        return _Read(shard, None, "no result: there is one of another shard or tenant")
    if found.hash != deciding.digest(shard, Flags(tuple(found.allow), found.cloud), deciding.tool()):
        return _Read(shard, None, "no result: what decides it is not what it was then")
    return _Read(shard, found, "")


def _code(every: Iterable[_Read]) -> int:
    codes = {each.result.code if each.result is not None else 1 for each in every}
    return next((code for code in _WORST if code in codes), 1 if codes else 0)


def _groups(every: Iterable[_Read], *, names: bool) -> list[FleetGroupPart]:
    """Return the kinds: what is refused or held back first, then by risk, of one risk the rarest."""
    found: dict[str, list[_Read]] = {}
    for each in every:
        if each.result is not None and each.result.change is not None:
            found.setdefault(each.result.change.id, []).append(each)
    groups = [_group(members, names=names) for members in found.values()]
    return sorted(
        groups, key=lambda each: (not stopped(each), ORDER.index(each.risk), len(each.members), each.id)
    )


def _group(members: list[_Read], *, names: bool) -> FleetGroupPart:
    first = members[0].result
    assert first is not None  # only results are grouped
    assert first.change is not None  # by their kind
    return FleetGroupPart(
        id=first.change.id,
        risk=first.change.risk,
        headline=first.change.headline,
        text=first.text if names else first.unnamed,
        members=[each.member() for each in members],
    )
