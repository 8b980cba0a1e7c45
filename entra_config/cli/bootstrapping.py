"""What the commands of `bootstrap` share: where the repository is, which files are written, what they say
of themselves.
"""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from entra_config.cli import carrying, wiring
from entra_config.cli.options import Common
from entra_config.errors import UsageError
from entra_config.report import escape
from entra_config.report.lines import Line, diffed, line

if TYPE_CHECKING:
    from entra_config.actual.consented import Consented
    from entra_config.bootstrap.declared import Kept
    from entra_config.bootstrap.model import Files, Pipeline
    from entra_config.graph.token import Identity
    from entra_config.manifest.model import Manifest, Named


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


def place(common: Common) -> Checkout:
    """Return where the repository of a manifest is; the manifest must have a folder of its own in it."""
    from entra_config.bootstrap import declared

    file = wiring.root_file(common.manifest)
    folder = file.parent.resolve()
    root = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)
    if root is None:
        raise UsageError(
            f"{folder} is in no git repository: a pipeline runs what a repository has (`git init`)"
        )
    if not file.exists():
        raise UsageError(
            f"{common.manifest}: there is no manifest that a pipeline could be made for; `entra-config init` "
            "writes a start, -f names another place"
        )
    if file.name != declared.ROOT_FILE or folder == root:
        raise UsageError(
            f"{file}: the manifest needs a folder of its own, such as manifests/{declared.ROOT_FILE}"
        )
    above = folder.parent.relative_to(root)
    return Checkout(root, folder, (above / folder.name).as_posix(), (above / declared.FOLDER).as_posix())


def of_all_environments(common: Common) -> None:
    """Refuse an environment: a pipeline is of all of them."""
    if common.environment is not None:
        raise UsageError("a pipeline is of all environments: leave -e (ENTRA_CONFIG_ENVIRONMENT) out")


def pipeline_of(common: Common, where: Checkout) -> Common:
    """Return the options that name the manifest of the pipeline instead."""
    return dataclasses.replace(common, manifest=where.shown(where.pipeline), environment=None)


def check_title(title: str, kept: Kept, where: Checkout) -> None:
    """Refuse a title where the identities are called something already."""
    if title and kept.names:
        raise UsageError(f"--title: the identities have names already, in {where.shown(where.pipeline)}")


def deployer(identity: Identity) -> Named:
    """Return the signed-in administrator, by name and id: a name alone would have to be pinned first."""
    from entra_config.manifest.model import Named

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
    from entra_config.bootstrap import declared, deploying
    from entra_config.bootstrap.model import on_disk

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


def owned(where: Checkout, manifest: Manifest, owners: Sequence[str]) -> dict[str, str]:
    """Return the CODEOWNERS file; what a path restriction bounds has a line of its own."""
    from entra_config.bootstrap import codeowners
    from entra_config.bootstrap.model import text_of
    from entra_config.manifest.environments import source

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
    from entra_config.bootstrap import codeowners

    return next((each for each in codeowners.PLACES if (where.root / each).is_file()), codeowners.PLACES[0])


def show(common: Common, where: Checkout, found: Files) -> None:
    """Write which files are new and which change, and how; nothing is said of those that are as they shall
    be.
    """
    common.output.lines(_lines(where, found))


def _lines(where: Checkout, found: Files) -> Iterator[Line]:
    for path in found.changed:
        new = path not in found.before
        yield line(
            ("+" if new else "~", "green" if new else "yellow"), f" {escape.text(str(where.shown(path)))}"
        )
    if found.diff:
        yield line()
        yield from (diffed(each) for each in found.diff.splitlines())
    if found.changed:
        yield line()
    for each in found.kept:
        yield line(("!", "magenta"), f" {escape.text(each)}")
    if found.kept:
        yield line()


def missing(made: Pipeline, principals: Mapping[str, Consented]) -> list[str]:
    """Return a line for each identity that lacks a consent."""
    from entra_config.graph import privileges

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


def approve(common: Common, question: str, *, auto_approve: bool) -> bool:
    """Ask on the terminal, unless it is approved already; without a terminal it has to be."""
    if auto_approve:
        return True
    if not sys.stdin.isatty():
        raise UsageError(
            "without a terminal to ask on, bootstrap needs --auto-approve; --check only shows what "
            "it would do"
        )
    if carrying.agreed(question, "yes"):
        return True
    common.output.say("Nothing was changed.")
    return False


def next_apply(common: Common, own: Common) -> None:
    """Say that the identities wait for somebody who may make them."""
    applying = own.next("apply", "--allow", "dangerous", online=True)
    common.output.say(f"next, as an administrator: {applying}, then this command again")
