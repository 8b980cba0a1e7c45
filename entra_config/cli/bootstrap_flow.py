"""What a command of `bootstrap` found in; shown with the plan of the identities, asked for, then written,
set and applied.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entra_config.cli import apply as applying
from entra_config.cli import bootstrapping, wiring
from entra_config.cli import plan as planning
from entra_config.cli.options import Common
from entra_config.cli.plan_options import PlanOptions
from entra_config.report.lines import Line

if TYPE_CHECKING:
    from entra_config.bootstrap.model import Files
    from entra_config.cli.bootstrapping import Checkout
    from entra_config.plan.model import Plan

_PROMPT = "Only `yes` is taken for an answer:"


@dataclass(frozen=True, slots=True)
class HubWrite:
    """Something that this run may set at the host of the repository, and what does it."""

    says: str
    do: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Survey:
    """All that is so of a pipeline, and what is to be: files, what is shown of the host, what is set there,
    which consents are missing, what is left for people.
    """

    place: Checkout
    files: Files
    host: str
    shown: tuple[Line, ...]
    steps: tuple[HubWrite, ...]
    lacking: tuple[str, ...]
    following: str

    @property
    def writes(self) -> bool:
        """Tell whether this run has something to write: files, or what it may set at the host."""
        return bool(self.files.changed or self.steps)

    def drafts(self, folder: Path) -> Mapping[Path, str]:
        """Return the manifest of the identities as it shall be, by path as a command in here would say it."""
        below = f"{self.place.pipeline}/"
        return {
            folder / path.removeprefix(below): text
            for path, text in self.files.after.items()
            if path.startswith(below)
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line says of how it is done."""

    check: bool
    apply: bool
    auto_approve: bool
    allow: frozenset[str]


Look = Callable[[bool], Coroutine[Any, Any, Survey]]


def run(common: Common, look: Look, choice: Choice) -> int:
    """Show all of it, ask once, do it; `look` reads, the first time with all that the command line says."""
    found = wiring.run(look(True))
    own = bootstrapping.pipeline_of(common, found.place)
    _show(common, found)
    plan = _planned(own, found, choice.allow)
    waits = bool(plan.changes or found.lacking)
    if choice.check:
        return 2 if waits or found.writes else 0
    if plan.blocked:
        common.output.say("nothing was written: the plan of the identities is refused")
        return 3
    if not _agreed(common, found, plan if choice.apply else None, choice):
        return 1
    _do(common, found)
    if choice.apply:
        return _applied(common, own, look, choice, plan)
    if waits:
        bootstrapping.next_apply(common, own)
    else:
        common.output.say(found.following)
    return 0


def _show(common: Common, found: Survey) -> None:
    bootstrapping.show(common, found.place, found.files)
    common.output.lines(found.shown)


def _planned(own: Common, found: Survey, allow: frozenset[str]) -> Plan:
    """Show what somebody who may consent has to apply of the identities, before their manifest is written."""
    for wording in found.lacking:
        own.output.say(wording)
    from entra_config.bootstrap.declared import ROOT_FILE

    # The folder is not there yet where this is the first run.
    drafted = replace(own, manifest=own.manifest / ROOT_FILE)
    contents = found.drafts(own.manifest)
    plan = wiring.run(planning.make(drafted, PlanOptions(allow), contents=contents))
    if plan.changes or plan.blocked:
        planning.show(own, plan, "text")
    return plan


def _agreed(common: Common, found: Survey, plan: Plan | None, choice: Choice) -> bool:
    """Ask for all that this run writes; `plan` is None where it applies nothing."""
    parts = ["write these files"] if found.files.changed else []
    parts += [f"set this in {found.host}"] if found.steps else []
    if plan is not None and plan.changes:
        parts.append(f"apply this to {plan.tenant.name} ({plan.tenant.id})")
    if not parts:
        return True
    wording = " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)
    question = f"{wording[0].upper()}{wording[1:]}? {_PROMPT}"
    return bootstrapping.approve(common, question, auto_approve=choice.auto_approve)


def _do(common: Common, found: Survey) -> None:
    found.files.write(found.place.root)
    if found.files.changed:
        common.output.say(f"wrote {len(found.files.changed)} files: review them, commit them")
    for each in found.steps:
        each.do()
        common.output.say(f"set: {each.says}")


def _applied(common: Common, own: Common, look: Look, choice: Choice, plan: Plan) -> int:
    """Apply the very plan that was shown; then who they are is known: their pins, and their client ids."""
    from entra_config.plan import file

    code = applying.run(own, digest=file.digest(plan), allow=choice.allow)
    if code in {0, 3}:
        found = wiring.run(look(False))
        _show(common, found)
        if not _agreed(common, found, None, choice):
            common.output.say("the identities are applied; this command again writes and sets the rest")
            return 1
        _do(common, found)
        for wording in found.lacking:
            common.output.say(wording)
        if found.lacking:
            bootstrapping.next_apply(common, own)
        common.output.say(found.following)
    return code
