"""What `bootstrap` finds of a pipeline in a repository, at its host and in the tenant, and what is to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from entra_config.actual.consented import Consented
from entra_config.bootstrap import declared, deploying
from entra_config.bootstrap.checkout import Checkout
from entra_config.bootstrap.declared import Kept
from entra_config.bootstrap.model import Files, Pipeline, on_disk
from entra_config.errors import UsageError
from entra_config.graph import privileges
from entra_config.graph.client import Graph
from entra_config.graph.token import Identity
from entra_config.manifest.model import Named

# Signs in to a tenant.
SignIn = Callable[[str], AbstractAsyncContextManager[Graph]]


@dataclass(frozen=True, slots=True)
class HubWrite:
    """Something that this run may set at the host of the repository, and what does it."""

    says: str
    do: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Survey:
    """What a pipeline is and is to be: its files, what this run sets at the host (`steps`), what people set
    there (`commands`), notes for people, lacking consents, and what comes next.
    """

    place: Checkout
    files: Files
    host: str
    heading: str
    steps: tuple[HubWrite, ...]
    commands: tuple[str, ...]
    notes: tuple[str, ...]
    lacking: tuple[str, ...]
    following: str

    @property
    def writes(self) -> bool:
        """Tell whether this run has something to write: files, or what it may set at the host."""
        return bool(self.files.changed or self.steps)

    def drafts(self, folder: Path) -> Mapping[Path, str]:
        """Return the desired manifest of the identities, by path as a command in here would say it."""
        below = f"{self.place.pipeline}/"
        return {
            folder / path.removeprefix(below): text
            for path, text in self.files.after.items()
            if path.startswith(below)
        }


def check_title(title: str, kept: Kept, where: Checkout) -> None:
    """Refuse a title where the identities are called something already."""
    if title and kept.names:
        raise UsageError(f"--title: the identities have names already, in {where.shown(where.pipeline)}")


def deployer(identity: Identity) -> Named:
    """Return the signed-in administrator, by name and id: a name alone would have to be pinned first."""
    return Named(identity.name or identity.object_id, identity.object_id)


def files(
    where: Checkout,
    made: Pipeline,
    stands: Kept,
    host: str,
    others: Mapping[str, str],
    *,
    principals: Mapping[str, Consented],
    shared: Mapping[str, str] = MappingProxyType({}),
    replace: bool = False,
) -> Files:
    """Return all files of a pipeline with what stands there: its manifest, the main one's `deployers` and
    pins, the host's; `shared` are those of which somebody else's lines stay. What bootstrap did not write is
    refused, unless it is to be replaced.
    """
    texts, notices = declared.again(made, host, stands)
    own = {f"{where.pipeline}/{name}": text for name, text in texts.items()}
    edit = deploying.named(where.manifest, made)
    pins = deploying.locked(where.manifest, made, {key: each.id for key, each in principals.items()})
    edited = {
        path.resolve().relative_to(where.root).as_posix(): text
        for path, text in (*edit.after.items(), *pins.items())
    }
    found = on_disk(where.root, {**own, **edited, **others, **shared}, notices)
    if not replace:
        found.check(own.keys() | others.keys())
    return found


def missing(made: Pipeline, principals: Mapping[str, Consented]) -> list[str]:
    """Return a line for each identity that lacks a consent."""
    lines = []
    for each in made.identities:
        if each.key not in principals:
            continue
        if lacks := privileges.lacking(each.permissions, principals[each.key].permissions):
            lines.append(
                f"{each.name} lacks consent to {', '.join(lacks)}: an administrator gives it by applying "
                "the identities"
            )
    return lines
