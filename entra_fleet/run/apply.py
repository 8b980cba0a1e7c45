"""An approval and one shard in; its plan made again and carried out if it is the approved one, out.

Every refusal comes before the first write, and is a result of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TextIO

from entra_config.cli import wiring
from entra_config.cli.output import Output
from entra_config.errors import EntraConfigError, RefusedError
from entra_config.plan.options import Options
from entra_config.report.lines import Line, format_lines
from entra_fleet.approval import approval_file
from entra_fleet.run import deciding

if TYPE_CHECKING:
    from pathlib import Path

    from entra_config.cli.options import Common
    from entra_config.manifest.tenants.shards import LoadedShard
    from entra_config.plan.model import Plan
    from entra_fleet.report.approval_document import ApprovedShardPart, FleetApprovalDocument
    from entra_fleet.report.document import FleetResultDocument, Outcome
    from entra_fleet.run.tenant_result import Task, TenantOutcome

_SHOWN = 20_000  # characters of what was said while it was applied
_CODES: dict[Outcome, int] = {"done": 0, "partly": 3, "refused": 3, "stopped": 3}


class NotLetInError(EntraConfigError):
    """What keeps an approved plan from being begun."""

    def __init__(self, came: Outcome, reason: str) -> None:
        self.outcome, self.reason = came, reason
        super().__init__(reason)


@dataclass(slots=True)
class _Notes:
    """Keeps what is known once: what the plan says, and how many steps were begun."""

    sent: int = 0
    made: TenantOutcome | None = None

    def count(self) -> None:
        """Count a step that was begun."""
        self.sent += 1


@dataclass(frozen=True)
class _Heard(Output):
    """An output that keeps what is said, for the result."""

    said: list[str] = field(default_factory=list)

    def _write(self, stream: TextIO, content: list[Line]) -> None:  # noqa: ARG002  # of both streams alike
        self.said.append(format_lines(content))

    @property
    def text(self) -> str:
        """Return the end of it."""
        return "".join(self.said)[-_SHOWN:]


def ended(found: FleetResultDocument | None, document: FleetApprovalDocument) -> bool:
    """Tell whether an apply has ended under an approval: it is never begun again under it, since what a
    colleague took back since has the old digest.
    """
    applied = found.applied if found is not None else None
    if applied is None or applied.approval != document.id:
        return False
    return applied.outcome in {"done", "partly"} or (applied.outcome == "failed" and applied.sent != 0)


def approved(task: Task, shard: LoadedShard) -> ApprovedShardPart:
    """Return the line of the approval that a shard may be applied by now, else NotLetInError."""
    document = task.document
    assert document is not None  # an apply has one
    placed = shard.placed
    found = next((each for each in document.shards if each.shard == task.shard), None)
    if found is None:
        raise NotLetInError("stopped", "not approved: the approval does not have it")
    if (found.tenant_id, found.owner) != (shard.manifest.tenant_id, shard.manifest.owner):
        raise NotLetInError(
            "moved", f"approved for {found.owner} in tenant {found.tenant_id}; nothing was changed"
        )
    if found.hash != deciding.digest(shard, task.flags, deciding.tool()):
        lifted = f" (it was planned with --allow {','.join(found.allow)})" if found.allow else ""
        raise NotLetInError(
            "moved",
            f"what decides it is not what was approved: files, lock file, --allow{lifted}, cloud or tool; "
            "nothing was changed",
        )
    if found.wave != placed.wave:
        message = f"approved in wave {found.wave}, and it is in wave {placed.wave} now; nothing was changed"
        raise NotLetInError("moved", message)
    _check_time(document)
    if not approval_file.is_wave_allowed(task.results, document, found.wave):
        raise NotLetInError(
            "stopped", f"wave {found.wave} is not allowed to start: run `entra-config fleet check` first"
        )
    return found


def _check_time(document: FleetApprovalDocument) -> None:
    if approval_file.ended(document):
        raise NotLetInError("stopped", f"the approval ended at {document.ends}; nothing was changed")


def outcome(common: Common, shard: LoadedShard, task: Task) -> TenantOutcome:
    """Plan again, and carry it out if it is the approved one; whatever keeps it from that is the answer."""
    from entra_fleet.report.document import FleetAppliedPart
    from entra_fleet.run.tenant_result import TenantOutcome

    heard, notes = _Heard(quiet=False, no_color=True), _Notes()
    try:
        line = approved(task, shard)
        code = wiring.run(_apply(replace(common, output=heard), shard, task, line, notes))
        came: Outcome = {0: "done", 3: "partly"}.get(code, "failed")  # type: ignore[assignment]  # two of the words
        # What was said may name people: it stands in the result, for its owner alone.
        why = f"after {notes.sent} steps were begun: `text` of its result says why"
        error = why if came == "failed" else ""
    except NotLetInError as stopped:
        came, error = stopped.outcome, stopped.reason
    except RefusedError as refused:
        came, error = ("failed" if notes.sent else "refused"), str(refused)
    except EntraConfigError as failed:
        came, error = "failed", str(failed)
    document = task.document
    assert document is not None  # an apply has one
    whole = notes.made if notes.made and came in {"done", "partly", "refused", "moved"} else TenantOutcome(1)
    return replace(
        whole,
        code=_CODES.get(came, 1),
        error=error,
        text=f"{whole.text}\n{heard.text}" if whole.text else heard.text,
        applied=FleetAppliedPart(approval=document.id, outcome=came, sent=notes.sent),
    )


async def _apply(
    common: Common,
    shard: LoadedShard,
    task: Task,
    line: ApprovedShardPart,
    notes: _Notes,
) -> int:
    from entra_config.cli.apply import apply_checked
    from entra_fleet.run import rest, tenant_result

    document = task.document
    assert document is not None  # an apply has one

    def begin(plan: Plan) -> Path:
        notes.made = tenant_result.of_plan(plan, shard, 0)
        if notes.made.digest != line.digest:
            raise NotLetInError(
                "moved",
                "the plan moved: the tenant is not what it was when this was approved; nothing was changed",
            )
        # Reading a large tenant takes minutes.
        _check_time(document)
        return rest.kept(task).begin(plan)

    options = Options(frozenset(task.flags.allow))
    code = await apply_checked(common, shard.manifest, options, begin=begin, started=notes.count)
    rest.kept(task).end()
    return code


@contextmanager
def alone(task: Task) -> Iterator[None]:
    """Hold the lock of a tenant in the folder of the results: two writers in one tenant are one too many."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        yield
        return
    task.results.mkdir(parents=True, exist_ok=True)
    path = task.results / f"_lock.{task.shard.partition('/')[0]}"
    with path.open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def unknown(task: Task, why: str) -> TenantOutcome:
    """Return what came of an apply whose process left no result."""
    from entra_fleet.report.document import FleetAppliedPart
    from entra_fleet.run.tenant_result import TenantOutcome

    document = task.document
    assert document is not None  # an apply has one
    return TenantOutcome(
        1, error=why, applied=FleetAppliedPart(approval=document.id, outcome="unknown", sent=None)
    )
