"""What became of an apply in, the closing lines of its report out: done, failed, not tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from entra_config.apply.events import Outcome
from entra_config.errors import GraphError, Position
from entra_config.plan.model import Change, Plan, address_of, subject_of
from entra_config.plan.steps import Step
from entra_config.report import escape, step_names
from entra_config.report.lines import Line, counted, line, signed
from entra_config.resource import Address

_SHOWN = 20


def lines(outcome: Outcome, plan: Plan) -> Iterator[Line]:
    """Yield what failed and why, what was not tried, and the counts."""
    places, name = _places(plan), step_names.names(plan)
    for step, error in outcome.failed:
        yield from _failed(step, name(step), error, places)
    for step, because in outcome.not_attempted[:_SHOWN]:
        yield line(("not tried ", "yellow"), escape.text(name(step)), (f"  {escape.text(because)}", "dim"))
    if len(outcome.not_attempted) > _SHOWN:
        yield line(("not tried ", "yellow"), f"and {len(outcome.not_attempted) - _SHOWN} more")
    for step in outcome.unconfirmed:
        yield signed(0, "!", f"{escape.text(name(step))} is done, and Graph does not show it yet")
    for step, moved in outcome.differs:
        yield line(("differs ", "bold red"), escape.text(name(step)))
        yield line(f"       {escape.text(moved)}")
        yield line(
            "       It was written; somebody else has changed it since, or Graph shows what was "
            "before. Run plan again."
        )
    if outcome.failed or outcome.not_attempted or outcome.unconfirmed or outcome.differs:
        yield line()
    yield _counts(outcome)
    if outcome.failed or outcome.not_attempted:
        yield line("Run apply again: it goes on from what the tenant is now.")


def _counts(outcome: Outcome) -> Line:
    done, failed, left = len(outcome.done), len(outcome.failed), len(outcome.not_attempted)
    usage = outcome.usage
    spent = f"{counted(usage.requests, 'request')} in {counted(usage.calls, 'call')}, depth {usage.depth}"
    head = (
        ("Applied:", "bold green")
        if outcome.complete
        else ("Stopped:" if outcome.stopped else "Failed:", "bold red")
    )
    changed = f", {len(outcome.differs)} changed since" if outcome.differs else ""
    return line(head, f" {done} done, {failed} failed, {left} not tried{changed}.   {spent}.")


def _failed(step: Step, name: str, error: GraphError, places: Mapping[Address, Position]) -> Iterator[Line]:
    place = next((places[address] for address in step.carries if address in places), None)
    yield line(("failed ", "bold red"), escape.text(name), right=place)
    for each in str(error).splitlines():
        yield line(f"       {escape.text(each)}")
    if error.request_id:
        yield line(
            (
                (
                    f"       status {error.status}, code {escape.text(error.code)}, request id "
                    f"{error.request_id}"
                ),
                "dim",
            )
        )
    if error.advice:
        yield line(f"       {escape.text(error.advice)}")


def _places(plan: Plan) -> dict[Address, Position]:
    return {
        address_of(change): position for change in plan.changes if (position := _position(change)) is not None
    }


def _position(change: Change) -> Position | None:
    return subject_of(change).position
