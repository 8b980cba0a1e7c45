"""What a pipeline is, whoever runs its jobs: identities, who may sign in as them, the files that make it."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from entra_config.errors import UsageError
from entra_config.files import write_source
from entra_config.manifest.model import Named

READER = "reader"
AUDIENCE = "api://AzureADTokenExchange"
# The one environment of the manifest `pipeline/`: identities belong to a tenant, not to a stage.
TENANT = "tenant"
# New files whose every line a reviewer decides on.
SHOWN = ("CODEOWNERS", "entra-config.yaml", "identities.yaml", ".lock.yaml")
# What the first lines of each file say that bootstrap may write over.
MARK, MARKED_LINES = "`entra-config bootstrap", 3


@dataclass(frozen=True, slots=True)
class JobSignIn:
    """One way to sign in as an identity: what a job's token says of itself, and what that way is called."""

    name: str
    subject: str
    audience: str = AUDIENCE


@dataclass(frozen=True, slots=True)
class SignIns:
    """Who may sign in as the reader, and as the writer of each environment."""

    issuer: str
    reader: tuple[JobSignIn, ...]
    writers: Mapping[str, tuple[JobSignIn, ...]]


@dataclass(frozen=True, slots=True)
class JobIdentity:
    """An application that jobs sign in as; `environment` is empty for the reader."""

    key: str
    name: str
    environment: str
    permissions: tuple[str, ...]
    sign_ins: tuple[JobSignIn, ...]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A project's pipeline: its identities in one tenant, and who applies the manifest that declares them."""

    project: str
    tenant_id: str
    issuer: str
    identities: tuple[JobIdentity, ...]
    deployers: tuple[Named, ...]

    @property
    def reader(self) -> JobIdentity:
        """Return the identity that plans."""
        return next(each for each in self.identities if not each.environment)

    @property
    def writers(self) -> tuple[JobIdentity, ...]:
        """Return the identities that apply, in the order of their environments."""
        return tuple(each for each in self.identities if each.environment)

    @property
    def permissions(self) -> tuple[str, ...]:
        """Return each permission that an identity needs, once."""
        return tuple(sorted({name for each in self.identities for name in each.permissions}))


@dataclass(frozen=True, slots=True)
class Files:
    """Files of a repository as they shall be, by path below its root, with what stands there now; `kept` says
    what in them somebody added, which stays.
    """

    after: Mapping[str, str]
    before: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()

    @property
    def changed(self) -> tuple[str, ...]:
        """Return the paths that are not as they shall be."""
        return tuple(sorted(path for path, text in self.after.items() if self.before.get(path) != text))

    @property
    def diff(self) -> str:
        """Return what is written, as a unified diff; of new files those that a reviewer decides on by their
        lines: who applies, which permissions, whose jobs, who owns what, what a name means.
        """
        lines: list[str] = []
        for path in self.changed:
            if path in self.before or path.endswith(SHOWN):
                old, new = (
                    text.splitlines(keepends=True) for text in (self.before.get(path, ""), self.after[path])
                )
                lines += difflib.unified_diff(old, new, path if path in self.before else "/dev/null", path)
        return "".join(lines)

    def check(self, paths: Collection[str]) -> None:
        """Refuse to write over those of some paths that bootstrap did not write."""
        others = [
            path
            for path in self.changed
            if path in paths and path in self.before and not is_ours(self.before[path])
        ]
        if others:
            raise UsageError(
                f"{', '.join(others)}: bootstrap did not write this, and would write over it: rename it, or "
                "say --replace"
            )

    def write(self, root: Path) -> None:
        """Write the desired files that differ, each file whole or not at all: half a one is nobody's, and in
        the way of the next run.
        """
        for path in self.changed:
            file = root / path
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                write_source(file, self.after[path])
            except OSError as error:
                raise UsageError(f"{file}: cannot be written: {error.strerror}") from error


def on_disk(root: Path, after: Mapping[str, str], kept: Sequence[str] = ()) -> Files:
    """Return files with what is below a repository's root now; nothing is read or written through a link."""
    before = {}
    for path in after:
        parts = Path(path).parts
        for length in range(1, len(parts) + 1):
            if (link := root.joinpath(*parts[:length])).is_symlink():
                raise UsageError(f"{link} is a link: bootstrap writes through none")
        if (root / path).is_file():
            before[path] = text_of(root / path)
    return Files(after, before, tuple(kept))


def is_ours(text: str) -> bool:
    """Tell whether the text of a file says that bootstrap wrote it."""
    return MARK in "\n".join(text.splitlines()[:MARKED_LINES])


def text_of(file: Path) -> str:
    """Return the text of a file, empty where there is none."""
    try:
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{file}: cannot be read as text: {getattr(error, 'strerror', None) or 'not UTF-8'}"
        ) from error
