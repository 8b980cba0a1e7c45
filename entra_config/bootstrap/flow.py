"""Make a pipeline in one reviewed step: show all of it, ask once, then write, set and apply it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from entra_config.bootstrap.survey import Survey

if TYPE_CHECKING:
    from entra_config.plan.model import Plan

_PROMPT = "Only `yes` is taken for an answer:"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line says of how it is done."""

    check: bool
    apply: bool


@dataclass(frozen=True, slots=True)
class Actions:
    """The functions of a command: show what was found, plan the identities, ask, apply their plan, report."""

    show: Callable[[Survey], None]
    plan: Callable[[Survey], Plan]
    ask: Callable[[str], bool]
    apply: Callable[[Plan], int]
    say: Callable[[str], None]


def run(look: Callable[[bool], Survey], actions: Actions, choice: Choice, next_apply: str) -> int:
    """Show all of it, ask once, do it; return the exit code. `look` reads, the first time with all that the
    command line says; `next_apply` is the command by which an administrator applies the identities.
    """
    found = look(True)
    actions.show(found)
    for wording in found.lacking:
        actions.say(wording)
    plan = actions.plan(found)
    waits = bool(plan.changes or found.lacking)
    if choice.check:
        return 2 if waits or found.writes else 0
    if plan.blocked:
        actions.say("nothing was written: the plan of the identities is refused")
        return 3
    if not _agreed(actions, found, plan if choice.apply else None):
        return 1
    _do(actions, found)
    following = f"next, as an administrator: {next_apply}, then this command again"
    if not choice.apply:
        actions.say(following if waits else found.following)
        return 0
    code = actions.apply(plan)
    if code not in {0, 3}:
        return code
    # Who the identities are is known now: their pins, and their client ids.
    found = look(False)
    actions.show(found)
    if not _agreed(actions, found, None):
        actions.say("the identities are applied; this command again writes and sets the rest")
        return 1
    _do(actions, found)
    for wording in (*found.lacking, *([following] if found.lacking else ()), found.following):
        actions.say(wording)
    return code


def _agreed(actions: Actions, found: Survey, plan: Plan | None) -> bool:
    """Ask for all that this run writes; `plan` is None where it applies nothing."""
    parts = ["write these files"] if found.files.changed else []
    parts += [f"set this in {found.host}"] if found.steps else []
    if plan is not None and plan.changes:
        parts.append(f"apply this to {plan.tenant.name} ({plan.tenant.id})")
    if not parts:
        return True
    wording = " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)
    return actions.ask(f"{wording[0].upper()}{wording[1:]}? {_PROMPT}")


def _do(actions: Actions, found: Survey) -> None:
    found.files.write(found.place.root)
    if found.files.changed:
        actions.say(f"wrote {len(found.files.changed)} files: review them, commit them")
    for each in found.steps:
        each.do()
        actions.say(f"set: {each.says}")
