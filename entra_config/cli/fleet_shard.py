"""One shard and what is to be done in it in; its result, and the file of it, out."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from entra_config.cli import wiring
from entra_config.cli.options import Common
from entra_config.cli.output import private
from entra_config.errors import EntraConfigError, UsageError
from entra_config.fleet import deciding
from entra_config.fleet.deciding import Flags
from entra_config.manifest.fleet import choosing, reading, shards

if TYPE_CHECKING:
    from entra_config.manifest.fleet.shards import LoadedShard
    from entra_config.report.fleet_document import FleetKindPart, FleetResultDocument, Verb

LARGEST = 1_000_000  # bytes: what is larger is refused whole, and nothing of it is cut


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done in one shard, in which run, and where its result goes."""

    shard: str
    do: Verb
    run: str
    results: Path
    flags: Flags

    @property
    def file(self) -> Path:
        """Return where the result stands: no name of a tenant or project has a dot."""
        return path_of(self.results, self.shard)


def path_of(folder: Path, shard: str) -> Path:
    """Return where the result of a shard stands."""
    return folder / f"{shard.replace('/', '.')}.json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said of one tenant."""

    code: int
    change: FleetKindPart | None = None
    text: str = ""
    unnamed: str = ""
    digest: str = ""
    error: str = ""


def load(common: Common, name: str) -> LoadedShard:
    """Load one shard of the fleet by its name."""
    assert common.fleet is not None  # the command has a default
    fleet = reading.read(common.fleet)
    return shards.one(fleet, choosing.named(fleet, name))


def done(task: Task, shard: LoadedShard) -> bool:
    """Tell whether this very run has a result of the shard already; an error is tried again."""
    found, _ = read(task.file)
    return (
        found is not None
        and found.code != 1
        and (found.run, found.shard, found.do) == (task.run, task.shard, task.do)
        and found.hash == deciding.digest(shard, task.flags, deciding.tool())
    )


def run(common: Common, task: Task) -> FleetResultDocument:
    """Do it, in this process, and write the result; what goes wrong is a result too."""
    shard = load(common, task.shard)
    placed = shard.placed.shard
    one = Common(
        placed.environment,
        shard.placed.project.root,
        common.cloud,
        common.credential,
        common.output,
        common.session,
        common.fleet,
        placed.tenant,
    )
    try:
        answer = _DO[task.do](one, shard, task)
    except EntraConfigError as error:
        answer = Answer(error.exit_code, error=str(error))
    return write(task, shard, answer)


def write(task: Task, shard: LoadedShard, answer: Answer) -> FleetResultDocument:
    """Write a result, whole or not at all, for its owner alone."""
    found = _document(task, shard, answer)
    text = found.model_dump_json(by_alias=True) + "\n"
    if len(text.encode()) > LARGEST:
        reason = f"its report has more than {LARGEST:,} bytes: nothing of it is cut, so it is refused"
        found = _document(task, shard, Answer(3, error=reason))
        text = found.model_dump_json(by_alias=True) + "\n"
    try:
        task.results.mkdir(parents=True, exist_ok=True)
        private(task.file, text)
    except OSError as error:
        raise UsageError(f"{task.file}: cannot be written: {error.strerror}") from error
    return found


def _document(task: Task, shard: LoadedShard, answer: Answer) -> FleetResultDocument:
    from entra_config.report.fleet_document import FleetResultDocument

    return FleetResultDocument(
        version=1,
        kind="fleetResult",
        run=task.run,
        shard=task.shard,
        tenant_id=shard.manifest.tenant_id,
        owner=shard.manifest.owner,
        do=task.do,
        hash=deciding.digest(shard, task.flags, deciding.tool()),
        allow=sorted(task.flags.allow),
        cloud=task.flags.cloud,
        ended=wiring.now().isoformat(timespec="seconds"),
        code=answer.code,
        error=answer.error,
        digest=answer.digest,
        change=answer.change,
        text=answer.text,
        unnamed=answer.unnamed,
    )


def read(path: Path) -> tuple[FleetResultDocument | None, str]:
    """Return the result in a file, or why it is none; a link, a pipe and what is too large is not read."""
    from pydantic import ValidationError

    from entra_config.report.fleet_document import FleetResultDocument

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
    if len(data) > LARGEST:
        return None, "its result is larger than a result can be"
    try:
        return FleetResultDocument.model_validate_json(data, strict=True), ""
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "it"
        return None, f"its result is none of this version: {where}: {first['msg']}"


def _plan(common: Common, shard: LoadedShard, task: Task) -> Answer:
    from entra_config.cli import plan
    from entra_config.cli.plan_options import PlanOptions
    from entra_config.fleet import classes
    from entra_config.plan import file
    from entra_config.report import fleet_kinds, markdown, text

    made = wiring.run(plan.make(common, PlanOptions(frozenset(task.flags.allow))))
    kind = fleet_kinds.of_plan(made, classes.of_plan(made, shard))
    code = plan.exit_code(made, detailed=True)
    return Answer(
        code,
        kind,
        text.render(made),
        markdown.render(made).replace(f"{markdown.REST}\n\n", ""),
        file.digest(made),
    )


def _drift(common: Common, shard: LoadedShard, task: Task) -> Answer:  # noqa: ARG001  # of one shape with the others
    from entra_config.cli import drift
    from entra_config.report import drift_markdown, drift_text, fleet_kinds

    found = wiring.run(drift.check(common))
    unnamed = drift_markdown.render(found, people=False)
    return Answer(2 if found.drifted else 0, fleet_kinds.of_drift(found), drift_text.render(found), unnamed)


def _lint(common: Common, shard: LoadedShard, task: Task) -> Answer:  # noqa: ARG001  # of one shape with the others
    from entra_config.cli import lint
    from entra_config.lint import plugins
    from entra_config.manifest.environments import source
    from entra_config.report import fleet_kinds, lines, lint_text

    report = lint.held(common, plugins.every(), "regular", live=False, resolve=False)
    shown = lines.plain(lint_text.lines(report, source.texts(common.manifest)))
    return Answer(lint.exit_code(report, "W"), fleet_kinds.of_lint(report), shown, shown)


_DO = {"plan": _plan, "drift": _drift, "lint": _lint}
