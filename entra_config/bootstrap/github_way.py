"""What was asked for and what stands in a checkout in; whose workflows run there, and who signs in, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entra_config.bootstrap.checkout import Checkout
    from entra_config.bootstrap.github import Repository
    from entra_config.bootstrap.github_called import Called
    from entra_config.bootstrap.model import SignIns
    from entra_config.manifest.model import Manifest


@dataclass(frozen=True, slots=True)
class Way:
    """How the jobs run: of workflows that are written here, or of one that is called; `pins` tells whether
    they propose pins, `notes` is what a person must know.
    """

    sign_ins: SignIns
    files: Mapping[str, str]
    pins: bool = True
    notes: tuple[str, ...] = ()


def way(
    where: Checkout, repo: Repository, manifests: Sequence[Manifest], calling: str, wheel: Path | None
) -> Way:
    """Return the way that is asked for, or that the repository went before."""
    from entra_config.bootstrap import checkout, github, github_called
    from entra_config.bootstrap.model import MARK, text_of

    names = [each.environment for each in manifests]
    stands = text_of(where.root / github_called.CALLER)
    wanted = github_called.called(calling) if calling else None
    if wanted is None and MARK in stands:
        wanted = github_called.standing(stands)
    if wanted is None:
        weekly = github.has_weekly(manifests, text_of(where.root / github.WORKFLOW_FOLDER / github.WEEKLY))
        ends = github.has_ends(manifests)
        files = _written(where, repo, names, wheel, weekly=weekly, ends=ends)
        return Way(github.sign_ins(repo, names, weekly=weekly, ends=ends), files)
    before = github_called.standing(checkout.read_on_main(where.root, github_called.CALLER))
    return Way(
        github_called.sign_ins(repo, names, wanted, before),
        github_called.files(wanted, names, where.manifests),
        False,
        tuple(_notes(where, manifests, wanted, before, wheel)),
    )


def _written(
    where: Checkout, repo: Repository, names: Sequence[str], wheel: Path | None, *, weekly: bool, ends: bool
) -> dict[str, str]:
    """Return workflows, actions and scripts, and what they install from."""
    from importlib.metadata import version

    from entra_config.bootstrap import github, tool

    found = github.workflows(repo, names, where.manifests, where.pipeline, weekly=weekly, ends=ends)
    if (where.root / github.ZIZMOR).exists():
        del found[github.ZIZMOR]  # of those who run it themselves, it has more to say
    return {**found, **tool.files(where.root, github.HOST, version(tool.PACKAGE), wheel, sinks=weekly)}


def _notes(
    where: Checkout, manifests: Sequence[Manifest], wanted: Called, before: Called | None, wheel: Path | None
) -> Iterator[str]:
    """Yield what a person must know of a called pipeline in this repository."""
    from entra_config.bootstrap import github

    written = [f"{github.WORKFLOW_FOLDER}/{name}" for name in (*github.WORKFLOWS, github.WEEKLY)]
    if left := [path for path in written if (where.root / path).exists()]:
        yield f"{', '.join(left)} would run beside the called pipeline: take them out"
    if before is not None and before != wanted:
        yield (
            f"main still calls {before.commit}: its jobs sign in too, until this command runs again after "
            "the merge"
        )
    if any(each.secrets for one in manifests for each in one.applications.values()):
        yield "no job of the called pipeline rotates secrets: `entra-config credentials rotate --due` does"
    if wheel is not None:
        yield "--wheel is not needed: the called pipeline installs itself from its own commit"
