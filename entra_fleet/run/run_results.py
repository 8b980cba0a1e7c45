"""A fleet and a folder of results in; the report on the whole, each shard once, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from entra_config.errors import UsageError
from entra_config.manifest.tenants import choosing, shards
from entra_config.manifest.tenants.model import Fleet, PlacedShard, Wave
from entra_config.manifest.tenants.shards import LoadedShard
from entra_fleet.groups.classes import HOST, identified
from entra_fleet.report.approval_document import FleetApprovalDocument
from entra_fleet.report.document import (
    FleetGroupPart,
    FleetLimitPart,
    FleetMemberPart,
    FleetReportDocument,
    FleetResultDocument,
)
from entra_fleet.report.kinds import ORDER
from entra_fleet.report.wording import stopped, unapproved
from entra_fleet.run import deciding, left, tenant_result, unchanged
from entra_fleet.run.deciding import Flags

if TYPE_CHECKING:
    from entra_config.drift.fleet_base import FleetBase

_WORST = (1, 3, 2, 0)
_ID = 32  # hex digits: 128 bits of a hash, so that nobody finds two folders with one id


@dataclass(frozen=True, slots=True)
class ReadResult:
    """A shard with its result, or why it has none; `as_at`: what it is like, so that nobody planned it."""

    shard: LoadedShard
    result: FleetResultDocument | None
    reason: str
    as_at: str = ""

    def member(self) -> FleetMemberPart:
        """Return it as a report tells it."""
        placed = self.shard.placed
        change = self.result.change if self.result is not None else None
        return FleetMemberPart(
            shard=placed.shard.name,
            tenant_id=placed.shard.tenant_id,
            wave=placed.wave,
            code=self.result.code if self.result is not None else None,
            place=str(placed.shard.position),
            reason=f"nothing that decides it has changed since {self.as_at}"
            if self.as_at
            else self.reason or (self.result.error if self.result is not None else ""),
            digest=self.result.digest if self.result is not None else "",
            counts=change.counts if change is not None else [],
            not_compared=change.not_compared if change is not None else [],
        )

    @property
    def read(self) -> list[Any]:
        """Return all that somebody could read of it, for an id: whatever differs is another one."""
        result = self.result.model_dump(mode="json") if self.result is not None else None
        return [self.shard.placed.shard.name, self.shard.placed.wave, self.reason, result]


@dataclass(frozen=True, slots=True)
class FleetResults:
    """The results of one run in a folder, a row a shard."""

    fleet: Fleet
    run: str
    do: str
    every: list[ReadResult]
    guards: tuple[str, ...] = ()

    def kinds(self) -> dict[str, list[ReadResult]]:
        """Return the shards that have a kind, by the id of it and of all their results."""
        found: dict[tuple[str, ...], list[ReadResult]] = {}
        for each in self.every:
            if each.result is not None and each.result.change is not None:
                came = each.result.applied.outcome if each.result.applied is not None else ""
                obstacle = f"{each.result.change.obstacle} {each.result.change.after}"
                found.setdefault((each.result.change.id, obstacle, came), []).append(each)
        return {_id("c", members): members for members in found.values()}

    def since(self, base: FleetBase) -> Self:
        """Return these where nobody planned what is as it was; what has a result all the same keeps it."""
        same = unchanged.find_unchanged(base, (each.shard for each in self.every if each.result is None))
        every = [
            replace(each, as_at=base.name) if each.shard.placed.shard.name in same else each
            for each in self.every
        ]
        return replace(self, every=every, guards=base.lowered(self.fleet))

    def report(self, tenant: str | None, *, names: bool) -> FleetReportDocument:
        """Return the report; people are named where that is wanted."""
        unplaced = [path.as_posix() for path in left.lock_files(self.fleet)] if tenant is None else []
        without = [each for each in self.every if each.result is None]
        kinds = self.kinds()
        distinct = _distinct(kinds)
        groups = [_group(id_, members, distinct[id_], names=names) for id_, members in kinds.items()]
        ranked = sorted(
            groups,
            key=lambda each: (not stopped(each), ORDER.index(each.risk), len(each.members), each.kind),
        )
        return FleetReportDocument(
            version=3,
            kind="fleetReport",
            id=self.id,
            run=self.run,
            do=self.do,
            shards=len(self.every),
            code=_code(self.every, found=bool(unplaced)),
            groups=ranked,
            failed=[
                each.member() for each in self.every if each.result is not None and each.result.change is None
            ],
            without_result=[each.member() for each in without if not each.as_at],
            not_planned=[each.member() for each in without if each.as_at],
            lock_files_without_tenant=unplaced,
            guards=list(self.guards) if tenant is None else [],
            waves=list(map(_wave, self.fleet.waves)) if tenant is None else [],
            limits=self._limits(ranked) if tenant is None and self.do == "plan" else [],
        )

    def _limits(self, groups: list[FleetGroupPart]) -> list[FleetLimitPart]:
        """Return what the approval of all that can be approved would take away, and how much it may."""
        open_ = [each.members for each in groups if not unapproved(each)]
        approvable = {each.shard for each in chain.from_iterable(open_)}
        results = [each.result for each in self.every if each.shard.placed.shard.name in approvable]
        losses = [each.loss for each in filter(None, results) if each.loss is not None]
        people = [each.people for each in losses if each.people is not None]
        limits = self.fleet.limits
        return [
            FleetLimitPart(
                unit="people",
                losses=sum(people) if len(people) == len(losses) else None,
                limit=limits.people,
            ),
            FleetLimitPart(
                unit="applications",
                losses=sum(each.applications for each in losses),
                limit=limits.applications,
            ),
            FleetLimitPart(
                unit="deleted applications",
                losses=sum(each.deleted for each in losses),
                limit=limits.deleted,
            ),
        ]

    @property
    def id(self) -> str:
        """Return the id of all that a report on these is about."""
        return _id("r", self.every)


def of_folder(fleet: Fleet, folder: Path, run: str | None, tenant: str | None = None) -> FleetResults:
    """Read the results in a folder: of a run, else of the latest."""
    loaded = shards.chosen(fleet, _wanted(fleet, folder, tenant))
    files = [tenant_result.read(tenant_result.path_of(folder, each.placed.shard.name)) for each in loaded]
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
    return FleetResults(fleet, name, verbs[0] if verbs else "", every)


def of_approval(
    fleet: Fleet, folder: Path, document: FleetApprovalDocument, tenant: str | None = None
) -> FleetResults:
    """Read what came of an approval, in whatever runs: its shards alone."""
    names = {each.shard for each in document.shards}
    wanted = [each for each in _wanted(fleet, folder, tenant) if each.shard.name in names]
    every = []
    for shard in shards.chosen(fleet, wanted):
        name = shard.placed.shard.name
        found, why = tenant_result.read(tenant_result.path_of(folder, name, document.id))
        of_it = found is not None and found.applied is not None and found.applied.approval == document.id
        if found is not None and not (of_it and _whose(shard, found)):
            found, why = None, "no result: there is one of another shard, tenant or approval"
        every.append(ReadResult(shard, found, why))
    return FleetResults(fleet, document.id, "apply", every)


def _wanted(fleet: Fleet, folder: Path, tenant: str | None) -> list[PlacedShard]:
    if not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder")
    if tenant is not None:
        choosing.tenant(fleet, tenant)
    return [each for each in fleet.placed() if tenant in {None, each.shard.tenant}]


def _whose(shard: LoadedShard, found: FleetResultDocument) -> bool:
    placed = shard.placed.shard
    return (found.shard, found.tenant_id) == (placed.name, placed.tenant_id)


def _read(shard: LoadedShard, found: FleetResultDocument | None, why: str, run: str) -> ReadResult:
    """Return a shard with its result; one of another run, tenant, shard or hash is none."""
    if found is None:
        return ReadResult(shard, None, why)
    if found.run != run:
        return ReadResult(shard, None, "no result: there is one of another run")
    if not _whose(shard, found):
        return ReadResult(shard, None, "no result: there is one of another shard or tenant")
    if found.hash != deciding.digest(shard, Flags(tuple(found.allow), found.cloud), deciding.tool()):
        return ReadResult(shard, None, "no result: what decides it is not what it was then")
    return ReadResult(shard, found, "")


def _code(every: Iterable[ReadResult], *, found: bool) -> int:
    """Return the worst code; a lock file whose tenant left is a finding, as drift is one."""
    codes = {each.result.code if each.result is not None else 1 for each in every if not each.as_at} | (
        {2} if found else set()
    )
    return next((code for code in _WORST if code in codes), 1 if codes else 0)


def _wave(wave: Wave) -> str:
    """Return who is in a wave, in words."""
    if wave.percent:
        return f"then {wave.percent} %"
    return f"tag {' or '.join(sorted(wave.tags))}" if wave.tags else "the rest"


def _id(letter: str, members: Iterable[ReadResult]) -> str:
    read = sorted((each.read for each in members), key=lambda each: str(each[0]))
    return f"{letter}-{identified(read)[:_ID]}"


def _distinct(kinds: Mapping[str, list[ReadResult]]) -> dict[str, list[str]]:
    """Return the lines of each kind that no other one has, whatever variables filled; none where it shares
    nothing with any other.
    """
    lines = {
        id_: {_unfilled(line, members[0]): line for line in _headline(members[0])}
        for id_, members in kinds.items()
    }
    count = Counter(unfilled for each in lines.values() for unfilled in each)
    return {
        id_: [line for unfilled, line in own.items() if count[unfilled] == 1]
        if any(count[unfilled] > 1 for unfilled in own)
        else []
        for id_, own in lines.items()
    }


def _headline(result: ReadResult) -> list[str]:
    change = result.result.change if result.result is not None else None
    return change.headline if change is not None else []


def _unfilled(line: str, result: ReadResult) -> str:
    """Return a line with what the manifest says in place of what was taken out; hosts stay, as in a kind."""
    change = result.result.change if result.result is not None else None
    if change is None or line.startswith(HOST):
        return line
    for each in change.not_compared:
        line = line.replace(each.value, each.declared) if each.value else line
    return line


def _group(id_: str, members: list[ReadResult], distinct: list[str], *, names: bool) -> FleetGroupPart:
    first = members[0].result
    assert first is not None  # only results are grouped
    assert first.change is not None  # by their kind
    return FleetGroupPart(
        id=id_,
        kind=first.change.id,
        outcome=first.applied.outcome if first.applied is not None else None,
        obstacle=first.change.obstacle,
        after=first.change.after,
        risk=first.change.risk,
        headline=first.change.headline,
        distinct=distinct,
        counts=first.change.counts,
        text=first.text if names else first.unnamed,
        changes=first.changes,
        members=[each.member() for each in members],
    )
