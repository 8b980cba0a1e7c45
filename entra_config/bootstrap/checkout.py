"""The repository on disk that a pipeline is made for: its folders, its remote, its owners."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from entra_config.bootstrap import codeowners, declared
from entra_config.bootstrap.model import text_of
from entra_config.errors import UsageError
from entra_config.manifest.environments import source
from entra_config.manifest.model import Manifest


@dataclass(frozen=True, slots=True)
class Checkout:
    """A repository on disk: its root, and below it the manifest's folder and that of the pipeline's
    manifest.
    """

    root: Path
    manifest: Path
    manifests: str
    pipeline: str

    def shown(self, path: str) -> Path:
        """Return a path below the root as somebody here would type it."""
        return Path(os.path.relpath(self.root / path))


def find(manifest: Path) -> Checkout:
    """Return where the repository of a manifest is; the manifest must have a folder of its own in it."""
    file = source.locate(manifest)
    folder = file.parent.resolve()
    root = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)
    if root is None:
        raise UsageError(
            f"{folder} is in no git repository: a pipeline runs what a repository has (`git init`)"
        )
    if not file.exists():
        raise UsageError(
            f"{manifest}: there is no manifest that a pipeline could be made for; `entra-config init` "
            "writes a start, -f names another place"
        )
    if file.name != declared.ROOT_FILE or folder == root:
        raise UsageError(
            f"{file}: the manifest needs a folder of its own, such as manifests/{declared.ROOT_FILE}"
        )
    above = folder.parent.relative_to(root)
    return Checkout(root, folder, (above / folder.name).as_posix(), (above / declared.FOLDER).as_posix())


def read_origin(root: Path) -> str:
    """Return the address of the remote `origin` of a checkout; empty where there is none, or no git."""
    command = ["git", "-C", str(root), "config", "--get", "remote.origin.url"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603  # a fixed command
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def read_on_main(root: Path, path: str) -> str:
    """Return a file as main has it, of the remote where that is known; empty where it has none."""
    for branch in ("refs/remotes/origin/main", "refs/heads/main"):
        command = ["git", "-C", str(root), "show", f"{branch}:{path}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603  # a fixed command
        if done.returncode == 0:
            return done.stdout
    return ""


def owned(where: Checkout, manifest: Manifest, owners: Sequence[str]) -> dict[str, str]:
    """Return the CODEOWNERS file; what a path restriction bounds has a line of its own."""
    path_restrictions = {
        Path(file): [key for each in patterns for key in each]
        for file, patterns in manifest.path_restrictions.items()
        if patterns
    }
    for file, (_, bounds) in source.access_tests(where.manifest).items():
        if bounds:
            path_restrictions[file] = [
                key for path_restriction in bounds for key in path_restriction.patterns
            ]
    below = {
        file.resolve().relative_to(where.root).as_posix(): keys for file, keys in path_restrictions.items()
    }
    path = owners_file(where)
    text = text_of(where.root / path)
    guards = codeowners.guarded(where.manifests, where.pipeline, below)
    return {path: codeowners.written(text, guards, owners)}


def owners_file(where: Checkout) -> str:
    """Return the CODEOWNERS file that GitHub reads, or would."""
    return next((each for each in codeowners.PLACES if (where.root / each).is_file()), codeowners.PLACES[0])
