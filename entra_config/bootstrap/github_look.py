"""A checkout, GitHub and a tenant in; all that is so of a pipeline there, and what is to be, out. Nothing
is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from entra_config.actual.consented import consented
from entra_config.bootstrap import (
    checkout,
    declared,
    gh,
    github,
    github_hub,
    github_settings,
    github_way,
    identities,
    survey,
)
from entra_config.bootstrap.checkout import Checkout
from entra_config.bootstrap.github_hub import Hub, HubName
from entra_config.bootstrap.github_settings import HubSetting, HubWanted, Reviewer
from entra_config.bootstrap.model import Pipeline
from entra_config.bootstrap.survey import HubWrite, SignIn, Survey
from entra_config.graph.token import Identity
from entra_config.manifest import loader

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
    way = github_way.way(where, hub.repository, manifests, request.calling, request.wheel)
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
