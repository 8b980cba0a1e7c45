"""A plan that was shown in; asked for, carried out with progress, its outcome told, and an exit code out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Container, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from entra_config.cli import progress, signals, wiring
from entra_config.cli.output import Output
from entra_config.cli.progress import Form
from entra_config.errors import RefusedError
from entra_config.report import escape
from entra_config.report import outcome as outcomes
from entra_config.report.headed import headed

if TYPE_CHECKING:
    from entra_config.apply.events import Event, Observer, Outcome
    from entra_config.graph.client import Graph
    from entra_config.plan.model import Plan
    from entra_config.reconcile import Following


@dataclass(frozen=True, slots=True)
class Carrying:
    """How a plan is carried out: whether somebody is asked, whether the end waits for Graph, how progress is
    shown.

    `notes` takes note of what happens, besides. The journal stays unless all was done and nobody asked for it
    (`kept`); it names the plan by `digest`, the plan's own where that is empty. `snapshots` is the folder for
    what is read before and after.
    """

    confirm: bool = False
    wait: bool = True
    events: Form = "text"
    journal: Path | None = None
    kept: bool = True
    digest: str = ""
    notes: Callable[[Event], None] | None = None
    snapshots: Path | None = None


Again = Callable[[], Awaitable["Plan"]]


async def carry_out(
    plan: Plan,
    graph: Graph,
    how: Carrying,
    output: Output,
    *,
    question: str,
    phrase: str,
    again: Again | None = None,
) -> int:
    """Carry a plan out unless it is refused or empty; `answer` is what a person must type to the question.

    `again` makes the plan anew after each restore, so that what was announced to follow can follow.
    """
    from entra_config.plan.selection import restores

    if plan.blocked:
        raise RefusedError(refused(plan))
    if plan.changes:
        if how.confirm and not agreed(question, phrase):
            output.say("Nothing was changed.")
            return 1
        with _noted(plan, how, output) as (noting, complete):
            outcome = await _run(plan, graph, noting, output)
            if not outcome.complete:
                return 1
            if again is not None and (plan.following or restores(plan)):
                code = await _follow(plan, outcome, again, graph=graph, how=noting, output=output)
                complete(code != 1)
                return code
            complete(True)
    return _end(output, plan)


@contextmanager
def _noted(plan: Plan, how: Carrying, output: Output) -> Iterator[tuple[Carrying, Callable[[bool], None]]]:
    """Note in the journal that a plan is begun, and whether all of it was done; give what says so. Where a
    journal that nobody asked for cannot be written, there is none, and it is said.
    """
    from entra_config.apply.journal import Journal
    from entra_config.plan import file

    done = False

    def complete(all_: bool) -> None:
        nonlocal done
        done = all_

    digest = how.digest or file.digest(plan)
    try:
        if how.journal is not None:
            with Journal.open(how.journal) as journal:
                journal.began(digest, len(plan.steps))
    except OSError as error:
        if how.kept:
            raise
        output.say(
            f"{how.journal}: cannot be written ({error.strerror}): should this die, nobody knows how far"
        )
        how = replace(how, journal=None)
    try:
        yield how, complete
    finally:
        if how.journal is not None:
            with Journal.open(how.journal) as journal:
                journal.ended(digest, complete=done)
            if done and not how.kept:
                how.journal.unlink(missing_ok=True)


async def _follow(
    first: Plan, outcome: Outcome, again: Again, *, graph: Graph, how: Carrying, output: Output
) -> int:
    """Carry out what the first plan announced and the tenant does not have, one plan after each restore:
    after that of applications, and after that of their service principals. Name what else came to light.
    """
    from entra_config import reconcile
    from entra_config.plan.selection import restores

    known, shown = dict(outcome.known), {*first.withheld, *first.warnings}
    restored, live = restores(first), set[str]()
    async for following in reconcile.follow(first, known, again):
        later, rest = following.later, following.rest
        _report_read(following, shown, output)
        shown |= set(later.withheld)
        live |= {address.key for address in following.live}
        if rest.blocked:
            raise RefusedError(f"restored; what was to follow did not: {refused(rest)}")
        if rest.steps:
            output.say("restored and read; now what the plan announced to follow")
            done = await _run(rest, graph, how, output)
            if not done.complete:
                return 1
            known |= done.known
        restored |= restores(rest)
    undeclared = [
        each
        for each in later.warnings
        if each.watched
        and each.address
        and each.address.key in restored
        # What keeps a service principal deleted was shown as withheld.
        and (each not in shown or each.address.key in live)
    ]
    for notice in undeclared:
        output.say(f"restored with it: {notice.message}")
    if left := len(later.changes) - len(rest.changes):
        output.say(
            f"{left} more to change came to light by the restore; it was not announced, so nothing "
            "of it was done: plan again"
        )
    code = _end(output, first, later)
    return 3 if later.protected and (undeclared or left) else code


def _report_read(following: Following, shown: Container[object], output: Output) -> None:
    """Print what a plan made after a restore found: what is live although it was to be restored, and what is
    withheld.
    """
    for address in following.live:
        output.say(
            f"{address} is live already, because another administrator restored it: whoever can act as it "
            "gets tokens now"
        )
    for withheld in following.later.withheld:
        if withheld not in shown:
            output.say(f"withheld: {withheld.message}. {withheld.remedy}")


def _end(output: Output, *plans: Plan) -> int:
    """Return 3 where a policy left something out, or a protected environment holds something back: it
    needs a human.
    """
    last = plans[-1]
    if last.withheld:
        output.say(
            f"Withheld: {len(last.withheld)}. Everything else is done. The plan shows how to resolve each."
        )
    return 3 if any(plan.refusals for plan in plans) or (last.protected and last.withheld) else 0


def refused(plan: Plan) -> str:
    """Return why nothing is applied, and the way forward."""
    blocking = [refusal for refusal in plan.refusals if refusal.blocks]
    words = sorted({refusal.word for refusal in blocking if refusal.word})
    ways = f"; if that is intended: {' '.join(f'--allow {word}' for word in words)}" if words else ""
    reasons = "\n".join(
        f"  {'' if refusal.address else '-: '}{headed(refusal.address, refusal.message)}"
        for refusal in blocking
    )
    return f"the plan is refused, and nothing was changed{ways}\n{reasons}"


def agreed(question: str, phrase: str) -> bool:
    """Ask on the terminal; only the very answer counts."""
    typer.echo(escape.text(question), err=True, nl=False)
    typer.echo(" ", err=True, nl=False)
    return input().strip() == phrase


async def _run(plan: Plan, graph: Graph, how: Carrying, output: Output) -> Outcome:
    from entra_config import reconcile
    from entra_config.apply.journal import Journal
    from entra_config.graph.clock import check_clock

    check_clock(graph)
    with (
        signals.stop_on_interrupt(output) as stop,
        Journal.open(how.journal) if how.journal else nullcontext() as journal,
        progress.shown(plan, output, how.events) as observe,
    ):
        outcome = await reconcile.apply(
            plan,
            graph,
            observe=_both(observe, how.notes),
            wait=how.wait,
            journal=journal,
            stop=stop,
            now=wiring.now,
        )
    if how.events == "json":
        progress.end(outcome, output)
    output.lines(outcomes.lines(outcome, plan), talk=how.events == "json")
    return outcome


def _both(shows: Observer, notes: Observer | None) -> Observer:
    """Return an observer that notes first: what is known once must not be lost by how it is shown."""
    if notes is None:
        return shows

    def observe(event: Event) -> None:
        notes(event)
        shows(event)

    return observe
