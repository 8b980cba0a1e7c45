"""Ids of a report in; the results in a folder that they are of, or why they are none, out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.errors import RefusedError, StalePlanError, UsageError

if TYPE_CHECKING:
    from entra_config.cli.options import Common
    from entra_fleet.report.document import FleetGroupPart
    from entra_fleet.run.run_results import FleetResults, ReadResult

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder that `fleet run --results` wrote.")]
RunId = Annotated[str | None, typer.Option("--run", metavar="ID", help="The run; default: the latest.")]
Kinds = Annotated[
    list[str] | None, typer.Option("--class", metavar="ID", help="A kind of change, by its id in the report.")
]
Whole = Annotated[
    str | None, typer.Option("--report", metavar="ID", help="All of a report that can be approved.")
]
ApprovalId = Annotated[
    str | None, typer.Option("--approval-id", metavar="ID", help="Only if the approval has this id.")
]
# What results of each verb are called.
_NOUNS = {"plan": "plans", "lock": "pins"}


def read(
    common: Common, folder: Path, do: str, run: str | None, *, ids: list[str] | None, whole: str | None
) -> tuple[FleetResults, list[ReadResult]]:
    """Return the results of a run that did `do`, and those of them that are meant; a folder that changed
    since it was read has none of that id.
    """
    from entra_config.manifest.tenants import reading
    from entra_fleet.report import wording
    from entra_fleet.run import run_results

    assert common.fleet is not None  # the option has a default
    noun, (_, done) = _NOUNS[do], wording.TAKES[do]
    if bool(ids) == (whole is not None):
        raise UsageError(f"say which {noun}: --class ID, as often as needed, or --report ID")
    results = run_results.of_folder(reading.read(common.fleet), folder, run)
    if results.do != do:
        ran = f"run {results.run} did {results.do or 'nothing'}"
        raise UsageError(f"{folder}: only {noun} are {done}, and {ran}")
    return results, _meant(common, results, ids or [], whole)


def _meant(common: Common, results: FleetResults, ids: list[str], whole: str | None) -> list[ReadResult]:
    from entra_fleet.report import wording

    known, (_, done) = results.kinds(), wording.TAKES[results.do]
    groups = {each.id: each for each in results.report(None, names=False).groups}
    if whole is not None:
        if whole != results.id:
            raise StalePlanError(f"--report {whole}: this folder is {results.id}: it is not what was read")
        left = [each for each in groups.values() if wording.unapproved(each)]
        for each in left:
            common.output.say(f"not {done}: {_named(each)}: {wording.unapproved(each)}")
        ids = [each.id for each in groups.values() if each not in left]
    for id_ in ids:
        if id_ not in known:
            raise StalePlanError(
                f"--class {id_}: no kind in this folder: it is not what was read, or no such id"
            )
        if why := wording.unapproved(groups[id_]):
            raise RefusedError(f"--class {id_}: {_named(groups[id_])}: {why}")
    if not ids:
        raise RefusedError(f"nothing of this report can be {done}")
    return [each for id_ in dict.fromkeys(ids) for each in known[id_]]


def _named(group: FleetGroupPart) -> str:
    from entra_fleet.report import wording

    return wording.members(group)
