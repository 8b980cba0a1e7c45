"""A fleet's file in a repository on GitHub in; its workflows out, with jobs for each of its waves."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from entra_config.bootstrap import templates, tool
from entra_config.bootstrap.github import HOST, WORKFLOW_FOLDER
from entra_config.bootstrap.model import Files, on_disk
from entra_config.errors import UsageError

WORKFLOWS = ("entra-fleet.yml", "entra-fleet-drift.yml")
JOBS = 256  # that GitHub starts of one matrix, and that one run may have here
_FEW = 10  # jobs that are none of a matrix, but for the check of each wave
_CHUNKS = 40  # more of them are no faster where a provider has fewer runners


def chunks(waves: int) -> int:
    """Return into how many jobs shards are put: those of the plan and of each wave are in one run."""
    found = (JOBS - _FEW - waves) // (waves + 1)
    if found < 1:
        raise UsageError(f"{waves} waves need more jobs than the {JOBS} of one run")
    return min(_CHUNKS, found)


def workflows(fleet: str, waves: int) -> dict[str, str]:
    """Return the workflow files, the actions and the scripts, by path below the repository's root; `fleet`
    is where the fleet's file stands below it.
    """
    templates.check_folders("the workflows name", fleet)
    folder = fleet.rpartition("/")[0]
    values = {
        "fleet": fleet,
        "folder": f"{folder}/" if folder else "",
        "chunks": chunks(waves),
        "waves": range(1, waves + 1),
        "wave_count": waves,
    }
    texts = {f"{WORKFLOW_FOLDER}/{name}": templates.fill(HOST, name, **values) for name in WORKFLOWS}
    return texts | {f".github/{path}": text for path, text in templates.shipped(HOST).items()}


def find_files(root: Path, fleet: str, waves: int, wheel: Path | None, *, replace: bool) -> Files:
    """Return the files that the jobs run and install from, compared with those in a repository; UsageError if
    one was written by hand and `replace` is False.
    """
    texts = workflows(fleet, waves) | dict(tool.files(root, HOST, version(tool.PACKAGE), wheel))
    found = on_disk(root, texts)
    if not replace:
        found.check(texts)
    return found
