"""A checkout, GitHub and a tenant in; all that is so of a pipeline there, and what is to be, out. Nothing
is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from entra_config.actual.consented import consented
from entra_config.bootstrap import (
    checkout,
    declared,
    gh,
    github,
    github_called,
    github_hub,
    github_settings,
    identities,
    survey,
    tool,
)
from entra_config.bootstrap.checkout import Checkout
from entra_config.bootstrap.github import Repository
from entra_config.bootstrap.github_called import Called
from entra_config.bootstrap.github_hub import Hub, HubName
from entra_config.bootstrap.github_settings import HubSetting, HubWanted, Reviewer
from entra_config.bootstrap.model import MARK, Pipeline, SignIns, text_of
from entra_config.bootstrap.survey import HubWrite, SignIn, Survey
from entra_config.graph.token import Identity
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest

# Said where nobody could look at what stands in GitHub.
UNREAD = (
    "what stands there was not read: a command for an environment that has reviewers, a wait or branches "
    "already replaces them, so add those to it"
)


@dataclass(frozen=True, slots=True)
class GithubRequest:
    """What the command line says."""

    repository: HubName
    reviewers: tuple[str, ...]
    title: str
    wheel: Path | None
    replace: bool = False
    calling: str = ""


async def look(
    where: Checkout, request: GithubRequest, sign_in: SignIn, say: Callable[[str], None], doctor: str
) -> Survey:
    """Read the repository, GitHub and the tenant; change nothing. `doctor` is the command that checks all."""
    manifests = identities.in_order(loader.load_all(where.manifest))
    names = tuple(each.environment for each in manifests)
    first = manifests[0]
    hub = github_hub.find(request.repository, where.root)
    kept = declared.kept(where.root / where.pipeline, first.project, first.tenant_id)
    survey.check_title(request.title, kept, where)
    way = _find_way(where, hub.repository, manifests, request.calling, request.wheel)
    async with sign_in(first.tenant_id) as graph:
        _greet(say, hub, graph.identity, where)
        principals = await consented(graph, kept.app_ids)
        made = identities.pipeline(
            manifests,
            way.sign_ins,
            deployers=kept.deployers or (survey.deployer(graph.identity),),
            title=request.title,
            names=kept.names,
        )
    reviewers = github_hub.reviewers(request.reviewers, where, hub)
    wanted = _wanted(hub, made, reviewers, kept.app_ids, pins=way.pins)
    now = gh.state(hub.admin, hub.repository.name, names) if hub.admin else github_settings.nothing(names)
    owned = checkout.owned(where, first, [f"@{each.name}" for each in reviewers])
    settings = github_settings.settings(wanted, now)
    notes = [*way.notes, *(github_settings.shadowing(wanted, now) if hub.admin else [UNREAD])]
    return Survey(
        where,
        survey.files(
            where,
            made,
            kept,
            github.HOST,
            way.files,
            principals=principals,
            shared=owned,
            replace=request.replace,
        ),
        "GitHub",
        f" {hub.repository.name}",
        tuple(_steps(hub, settings)),
        () if hub.admin else tuple(each.line for each in settings),
        tuple(notes),
        tuple(survey.missing(made, principals)),
        f"next: commit and push; {doctor} checks that all of it stands",
    )


def _steps(hub: Hub, settings: Sequence[HubSetting]) -> Iterator[HubWrite]:
    """Yield what `gh` sets, where it is signed in as an administrator."""
    if hub.admin is not None:
        for each in settings:
            yield HubWrite(each.says, partial(hub.admin.run, each.words))


def _wanted(
    hub: Hub, made: Pipeline, reviewers: tuple[Reviewer, ...], app_ids: Mapping[str, str], *, pins: bool
) -> HubWanted:
    """Return what GitHub is to be set to."""
    return HubWanted(
        hub.repository.name,
        tuple(each.environment for each in made.writers),
        reviewers,
        made.tenant_id,
        app_ids.get(made.reader.key, ""),
        {each.environment: app_ids[each.key] for each in made.writers if each.key in app_ids},
        pins,
    )


def _greet(say: Callable[[str], None], hub: Hub, identity: Identity, where: Checkout) -> None:
    """Say who is signed in where, before anything is written."""
    who = identity.name or identity.app_id or identity.object_id
    say(f"Entra: {who} in tenant {identity.tenant_id}")
    name = hub.repository.name
    if hub.admin:
        say(
            f"GitHub: {hub.login or 'gh'} is an administrator of {name}; `gh` sets it, and its "
            "sign-in stays its own"
        )
    else:
        say(
            f"GitHub: `gh` is not signed in as an administrator of {name}; what must be set there is "
            "listed as commands"
        )
    say(f"repository: {where.root}, subjects begin with {hub.repository.prefix}")


@dataclass(frozen=True, slots=True)
class _Way:
    """How the jobs run: of workflows that are written here, or of one that is called; `pins` tells whether
    they propose pins, `notes` is what a person must know.
    """

    sign_ins: SignIns
    files: Mapping[str, str]
    pins: bool = True
    notes: tuple[str, ...] = ()


def _find_way(
    where: Checkout, repo: Repository, manifests: Sequence[Manifest], calling: str, wheel: Path | None
) -> _Way:
    """Return the way that is asked for, or that the repository went before."""
    names = [each.environment for each in manifests]
    stands = text_of(where.root / github_called.CALLER)
    wanted = github_called.called(calling) if calling else None
    if wanted is None and MARK in stands:
        wanted = github_called.standing(stands)
    if wanted is None:
        weekly = github.has_weekly(manifests, text_of(where.root / github.WORKFLOW_FOLDER / github.WEEKLY))
        ends = github.has_ends(manifests)
        files = _written_files(where, repo, names, wheel, weekly=weekly, ends=ends)
        return _Way(github.sign_ins(repo, names, weekly=weekly, ends=ends), files)
    before = github_called.standing(checkout.read_on_main(where.root, github_called.CALLER))
    return _Way(
        github_called.sign_ins(repo, names, wanted, before),
        github_called.files(wanted, names, where.manifests),
        False,
        tuple(_describe_calling(where, manifests, wanted, before, wheel)),
    )


def _written_files(
    where: Checkout, repo: Repository, names: Sequence[str], wheel: Path | None, *, weekly: bool, ends: bool
) -> dict[str, str]:
    """Return workflows, actions and scripts, and what they install from."""
    found = github.workflows(repo, names, where.manifests, where.pipeline, weekly=weekly, ends=ends)
    if (where.root / github.ZIZMOR).exists():
        del found[github.ZIZMOR]  # of those who run it themselves, it has more to say
    return {**found, **tool.files(where.root, github.HOST, version(tool.PACKAGE), wheel, sinks=weekly)}


def _describe_calling(
    where: Checkout, manifests: Sequence[Manifest], wanted: Called, before: Called | None, wheel: Path | None
) -> Iterator[str]:
    """Yield what a person must know of a called pipeline in this repository."""
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
