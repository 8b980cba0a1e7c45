"""A git revision and a manifest's folder in, a folder with that revision's manifest out.

Nothing is checked out: the files are read from git's own archive, into a folder that goes away.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from entra_config.errors import UsageError


@contextmanager
def manifest_at(path: Path, revision: str) -> Iterator[tuple[Path, str]]:
    """Yield where the manifest of a revision stands, and the commit that the revision names."""
    folder = path if path.is_dir() else path.parent
    top = Path(_git(folder, "rev-parse", "--show-toplevel").decode().strip())
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").decode().strip()
    relative = folder.resolve().relative_to(top.resolve()).as_posix()
    archive = _git(top, "archive", "--format=tar", commit, "--", relative)
    with tempfile.TemporaryDirectory(prefix="entra-config-base-") as temporary:
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(temporary, filter="data")
        there = Path(temporary) / relative
        yield (there if path.is_dir() else there / path.name), commit


def _git(folder: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)  # noqa: S603, S607  # git
    except FileNotFoundError as error:
        raise UsageError("--base needs git on this machine; without --base the manifest in hand is compared") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip() or f"git {arguments[0]} found nothing"
        raise UsageError(f"--base: {said} (in {folder})")
    return done.stdout
