"""What came of one shard in; a file of it out, whole or not at all. And a file in, the result out."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from entra_config.cli import wiring
from entra_config.cli.output import private
from entra_config.errors import UsageError
from entra_fleet.run import deciding
from entra_fleet.run.deciding import Flags

if TYPE_CHECKING:
    from entra_config.manifest.tenants.shards import LoadedShard
    from entra_config.plan.model import Plan
    from entra_fleet.groups.classes import PlanKind
    from entra_fleet.report.approval_document import FleetApprovalDocument
    from entra_fleet.report.document import (
        FleetAppliedPart,
        FleetChangePart,
        FleetKindPart,
        FleetLossPart,
        FleetResultDocument,
        Verb,
    )

LARGEST = 1_000_000  # bytes: what is larger is refused whole, and nothing of it is cut


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done in one shard, in which run, and where its result goes."""

    shard: str
    do: Verb
    run: str
    results: Path
    flags: Flags
    document: FleetApprovalDocument | None = None
    # Of what decides the shard, where whoever asks has another checkout than this one.
    hash: str = ""
    # Where the fleet's file stands as it was, on this machine.
    base: Path | None = None

    def json(self) -> dict[str, Any]:
        """Return it as another process takes it: without where results go and what the cloud is, of an
        approval the line of this shard alone, and a base on this machine only where there is one.
        """
        document = self.document
        if document is not None:
            mine = [each for each in document.shards if each.shard == self.shard]
            document = document.model_copy(update={"shards": mine, "approved": []})
        return {
            "shard": self.shard,
            "do": self.do,
            "run": self.run,
            "allow": list(self.flags.allow),
            "hash": self.hash,
            "approval": document.model_dump(mode="json", by_alias=True) if document is not None else None,
            **({"base": str(self.base)} if self.base is not None else {}),
        }

    @classmethod
    def of_json(cls, found: Mapping[str, Any], results: Path, cloud: str) -> Self:
        """Return what `json` returned, with where results go and what the cloud is here."""
        from entra_fleet.report.approval_document import FleetApprovalDocument

        approval = found["approval"]
        document = FleetApprovalDocument.model_validate(approval) if approval is not None else None
        flags = Flags(tuple(found["allow"]), cloud)
        base = Path(found["base"]) if found.get("base") else None
        task = cls(found["shard"], found["do"], found["run"], results, flags, document)
        return replace(task, hash=found.get("hash", ""), base=base)

    @property
    def file(self) -> Path:
        """Return where the result stands."""
        return path_of(self.results, self.shard, self.document.id if self.document is not None else "")


def path_of(folder: Path, shard: str, approval: str = "") -> Path:
    """Return where the result of a shard stands: no name of a tenant or project has a dot. What came under an
    approval stays, whatever is planned or approved later.
    """
    return folder / f"{shard.replace('/', '.')}{f'.{approval}' if approval else ''}.json"


@dataclass(frozen=True, slots=True)
class TenantOutcome:
    """What a command said of one tenant."""

    code: int
    change: FleetKindPart | None = None
    loss: FleetLossPart | None = None
    applied: FleetAppliedPart | None = None
    text: str = ""
    unnamed: str = ""
    digest: str = ""
    lock: str = ""
    error: str = ""
    changes: tuple[FleetChangePart, ...] = ()


def write(task: Task, shard: LoadedShard, outcome: TenantOutcome) -> FleetResultDocument:
    """Write a result, whole or not at all, for its owner alone."""
    found = _document(task, shard, outcome)
    if _size(found) > LARGEST and outcome.changes:
        # They are in its text too.
        found = _document(task, shard, replace(outcome, changes=()))
    if _size(found) > LARGEST:
        reason = f"its report has more than {LARGEST:,} bytes: nothing of it is cut, so it is refused"
        # What came of an apply is told all the same, without the report.
        bare = replace(outcome, error=reason, text="", unnamed="", change=None, changes=())
        found = _document(
            task, shard, bare if outcome.applied is not None else TenantOutcome(3, error=reason)
        )
    return kept(task, found)


def _size(found: FleetResultDocument) -> int:
    """Return how many bytes the file of a result has."""
    return len(found.model_dump_json(by_alias=True).encode()) + 1


def _document(task: Task, shard: LoadedShard, outcome: TenantOutcome) -> FleetResultDocument:
    from entra_fleet.report.document import FleetResultDocument

    return FleetResultDocument(
        version=3,
        kind="fleetResult",
        run=task.run,
        shard=task.shard,
        tenant_id=shard.manifest.tenant_id,
        owner=shard.manifest.owner,
        do=task.do,
        hash=deciding.digest(shard, task.flags, deciding.tool()),
        allow=sorted(task.flags.allow),
        cloud=task.flags.cloud,
        ended=wiring.now().isoformat(timespec="microseconds"),
        code=outcome.code,
        error=outcome.error,
        digest=outcome.digest,
        change=outcome.change,
        loss=outcome.loss,
        applied=outcome.applied,
        lock=outcome.lock,
        text=outcome.text,
        unnamed=outcome.unnamed,
        changes=list(outcome.changes),
    )


def read(path: Path) -> tuple[FleetResultDocument | None, str]:
    """Return the result in a file, or why it is none; a link, a pipe and what is too large is not read."""
    try:
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(number, "rb") as file:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                return None, "its result is no file"
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        return None, "no result"
    except OSError as error:
        return None, f"its result cannot be read: {error.strerror}"
    return parsed(data)


def parsed(data: object) -> tuple[FleetResultDocument | None, str]:
    """Return the result in some bytes, or why it is none."""
    from pydantic import ValidationError

    from entra_config.documents import is_other_version
    from entra_fleet.report.document import FleetResultDocument

    if not isinstance(data, bytes):
        return None, "its result is no file"
    if len(data) > LARGEST:
        return None, "its result is larger than a result can be"
    try:
        return FleetResultDocument.model_validate_json(data, strict=True), ""
    except ValidationError as error:
        if is_other_version(error):
            advice = "run `entra-config fleet run` again to write a new one"
            return None, f"its result was written by another version of entra-config: {advice}"
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "it"
        return None, f"its result is none of this version: {where}: {first['msg']}"


def kept(task: Task, found: FleetResultDocument) -> FleetResultDocument:
    """Write a result that another process made, whole or not at all, for its owner alone."""
    try:
        task.results.mkdir(parents=True, exist_ok=True)
        private(task.file, found.model_dump_json(by_alias=True) + "\n")
    except OSError as error:
        raise UsageError(f"{task.file}: cannot be written: {error.strerror}") from error
    return found


def of_plan(made: Plan, shard: LoadedShard, code: int, kind: PlanKind | None = None) -> TenantOutcome:
    """Return what a plan says of one tenant; its kind is its own unless another is given."""
    from entra_config.cli import findings
    from entra_fleet.approval import losing
    from entra_fleet.groups import classes
    from entra_fleet.report import kinds
    from entra_fleet.report.document import FleetLossPart
    from entra_fleet.run import ordering

    loss, reported = losing.of_plan(made), findings.of_plan(made)
    after = ordering.waits_for(shard, made)
    return TenantOutcome(
        code,
        kinds.of_plan(made, reported.risk, kind or classes.of_plan(made, shard), after),
        FleetLossPart(people=loss.people, applications=loss.applications, deleted=loss.deleted),
        text=reported.text,
        unnamed=reported.unnamed,
        digest=reported.digest,
        changes=tuple(kinds.changes(reported)),
    )
