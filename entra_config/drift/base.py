"""A git revision and a manifest's folder in, that revision's manifest out, its places being those of the
repository.

Nothing is checked out: the files are read from git's own archive, into a folder that goes away.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from entra_config.errors import ManifestError, Position, UsageError
from entra_config.files import find_work_tree
from entra_config.manifest import loader
from entra_config.manifest.environments.shard import Shard
from entra_config.manifest.model import Manifest
from entra_config.manifest.tenants import choosing, reading


@contextmanager
def manifest_at(path: Path, revision: str) -> Iterator[tuple[Path, str]]:
    """Yield where the manifest of a revision stands, and the commit that the revision names."""
    folder = path if path.is_dir() else path.parent
    top, commit = _top(folder), commit_of(path, revision)
    relative = folder.resolve().relative_to(top).as_posix()
    archive = _git(top, "archive", "--format=tar", commit, "--", relative)
    with tempfile.TemporaryDirectory(prefix="entra-config-base-") as temporary:
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(temporary, filter="data")
        # It is read as the checkout that it is of: what is outside the repository is outside of this too.
        (Path(temporary) / ".git").mkdir()
        there = Path(temporary) / relative
        yield (there if path.is_dir() else there / path.name), commit


def manifest_of(path: Path, revision: str, now: Manifest, shard: Shard | None = None) -> tuple[Manifest, str]:
    """Return the manifest that a revision has of the same environment, and what to call it; of a shard as the
    revision's fleet has it.

    Where that environment was not declared yet nothing was deployed there: the manifest is empty.
    """
    path = path if shard is None else shard.fleet
    with manifest_at(path, revision) as (there, commit):
        name, folder = f"{revision} ({commit[:12]})", str(there if path.is_dir() else there.parent)
        given = str(path if path.is_dir() else path.parent)
        try:
            before = _of_environment(there, now) if shard is None else _of_shard(there, shard)
        except ManifestError as error:
            raise UsageError(str(error).replace(folder, f"{revision}:{given}")) from error
    if before is None:
        what = now.environment if shard is None else shard.name
        return now.undeployed(), f"{name}, before {what} was declared"
    return _placed(before, f"{folder}/", "" if given == "." else f"{given}/"), name


def _of_environment(path: Path, now: Manifest) -> Manifest | None:
    return loader.load(path, now.environment) if now.environment in loader.environments(path) else None


def _of_shard(path: Path, shard: Shard) -> Manifest | None:
    was = choosing.as_it_was(reading.read(path), shard) if path.is_file() else None
    return loader.load(was.project.root, shard=was.shard) if was is not None else None


def commit_of(path: Path, revision: str) -> str:
    """Return the commit that a revision names."""
    top = _top(path if path.is_dir() else path.parent)
    named = f"{revision}^{{commit}}"
    return _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", named).decode().strip()


def is_ancestor(path: Path, commit: str) -> bool | None:
    """Tell whether a commit is in the history of what is checked out; None where the clone has it not."""
    top = _top(path if path.is_dir() else path.parent)
    return {0: True, 1: False}.get(_run(top, "merge-base", "--is-ancestor", commit, "HEAD").returncode)


def is_shallow(path: Path) -> bool:
    """Tell whether a clone lacks older commits."""
    top = _top(path if path.is_dir() else path.parent)
    return _run(top, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"


def head(path: Path) -> str:
    """Return which commit a manifest in hand is of, and whether it has changes that no commit has; nothing
    outside of git, or where no commit is yet.
    """
    folder = path if path.is_dir() else path.parent
    try:
        top = _top(folder)
        found = _run(top, "rev-parse", "--verify", "--quiet", "HEAD")
        # It only looks: no lock is taken, and no program that watches the files is started.
        looking = ("--no-optional-locks", "-c", "core.fsmonitor=false")
        edited = _run(top, *looking, "status", "--porcelain", "--", str(folder.resolve()))
    except UsageError:
        return ""
    if found.returncode:
        return ""
    return found.stdout.decode()[:12] + (", with changes that are in no commit" if edited.stdout else "")


def _placed(value: Any, folder: str, given: str) -> Any:
    """Return a manifest whose places are below the folder that was given, not below the one that goes
    away.
    """

    def place(each: Any) -> Any:
        match each:
            case Position():
                return each._replace(file=each.file.replace(folder, given, 1))
            case str() if each.startswith(folder):
                return each.replace(folder, given, 1)
            case _:
                return each

    return rebuilt(value, place)


def rebuilt(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return a manifest with each value in it replaced by what a function makes of it, inner values first."""
    match value:
        case Position():
            return change(value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            inner = {
                each.name: rebuilt(getattr(value, each.name), change) for each in fields(value) if each.init
            }
            return change(replace(value, **inner))
        case Mapping():
            return {rebuilt(key, change): rebuilt(each, change) for key, each in value.items()}
        case tuple():
            return tuple(rebuilt(each, change) for each in value)
        case _:
            return change(value)


def _top(folder: Path) -> Path:
    """Return the work tree that a folder is in."""
    found = find_work_tree(folder)
    if found is None:
        raise UsageError(f"--base: {folder} is in no work tree of git")
    return found


def _git(folder: Path, *arguments: str) -> bytes:
    done = _run(folder, *arguments)
    if done.returncode:
        message = done.stderr.decode(errors="replace").strip() or f"git {arguments[0]} found nothing"
        raise UsageError(f"--base: {message} (in {folder})")
    return done.stdout


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)  # noqa: S603, S607  # git
    except FileNotFoundError as error:
        raise UsageError(
            "--base needs git on this machine; without --base the current manifest is compared"
        ) from error
