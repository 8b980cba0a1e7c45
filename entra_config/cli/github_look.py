"""A checkout, GitHub and a tenant in; all that is so of a pipeline there, and what is to be, out. Nothing
is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from entra_config.cli import bootstrapping, gh, github_hub, github_way, wiring
from entra_config.cli.bootstrap_flow import HubWrite, Survey
from entra_config.cli.github_hub import Hub, HubName
from entra_config.cli.options import Common
from entra_config.report import escape
from entra_config.report.lines import Line, line

if TYPE_CHECKING:
    from entra_config.bootstrap.github_settings import HubSetting, HubWanted, Reviewer
    from entra_config.bootstrap.model import Pipeline
    from entra_config.cli.bootstrapping import Checkout
    from entra_config.graph.token import Identity


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


async def look(common: Common, request: GithubRequest) -> Survey:
    """Read the repository, GitHub and the tenant; change nothing."""
    from entra_config.actual.consented import consented
    from entra_config.bootstrap import declared, github, github_settings, identities
    from entra_config.manifest import loader

    where = bootstrapping.place(common)
    manifests = identities.in_order(loader.load_all(where.manifest))
    names = tuple(each.environment for each in manifests)
    first = manifests[0]
    hub = github_hub.find(request.repository, where.root)
    kept = declared.kept(where.root / where.pipeline, first.project, first.tenant_id)
    bootstrapping.check_title(request.title, kept, where)
    way = github_way.way(where, hub.repository, manifests, request.calling, request.wheel)
    async with wiring.graph(common, first.tenant_id) as graph:
        _greet(common, hub, graph.identity, where)
        principals = await consented(graph, kept.app_ids)
        made = identities.pipeline(
            manifests,
            way.sign_ins,
            deployers=kept.deployers or (bootstrapping.deployer(graph.identity),),
            title=request.title,
            names=kept.names,
        )
    reviewers = github_hub.reviewers(request.reviewers, where, hub)
    wanted = _wanted(hub, made, reviewers, kept.app_ids, pins=way.pins)
    now = gh.state(hub.admin, hub.repository.name, names) if hub.admin else github_settings.nothing(names)
    owned = bootstrapping.owned(where, first, [f"@{each.name}" for each in reviewers])
    settings = github_settings.settings(wanted, now)
    notes = [*way.notes, *(github_settings.shadowing(wanted, now) if hub.admin else [UNREAD])]
    return Survey(
        where,
        bootstrapping.files(
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
        tuple(_shown(hub, settings, notes)),
        tuple(_steps(hub, settings)),
        tuple(bootstrapping.missing(made, principals)),
        f"next: commit and push; {common.next('doctor', '--pipeline')} checks that all of it stands",
    )


def _shown(hub: Hub, settings: Sequence[HubSetting], notes: Sequence[str]) -> Iterator[Line]:
    if settings:
        yield line(("GitHub", "bold"), f" {hub.repository.name}")
    for each in settings:
        yield line("  ", ("+", "green"), f" {escape.text(each.says)}") if hub.admin else line("  ", each.line)
    for note in notes:
        yield line("  ", ("!", "magenta"), f" {escape.text(note)}")
    if settings or notes:
        yield line()


def _steps(hub: Hub, settings: Sequence[HubSetting]) -> Iterator[HubWrite]:
    """Yield what `gh` sets, where it is signed in as an administrator."""
    if hub.admin is not None:
        for each in settings:
            yield HubWrite(each.says, partial(hub.admin.run, each.words))


def _wanted(
    hub: Hub, made: Pipeline, reviewers: tuple[Reviewer, ...], app_ids: Mapping[str, str], *, pins: bool
) -> HubWanted:
    """Return what GitHub is to be set to."""
    from entra_config.bootstrap.github_settings import HubWanted

    return HubWanted(
        hub.repository.name,
        tuple(each.environment for each in made.writers),
        reviewers,
        made.tenant_id,
        app_ids.get(made.reader.key, ""),
        {each.environment: app_ids[each.key] for each in made.writers if each.key in app_ids},
        pins,
    )


def _greet(common: Common, hub: Hub, identity: Identity, where: Checkout) -> None:
    """Say who is signed in where, before anything is written."""
    who = identity.name or identity.app_id or identity.object_id
    common.output.say(f"Entra: {who} in tenant {identity.tenant_id}")
    name = hub.repository.name
    if hub.admin:
        common.output.say(
            f"GitHub: {hub.login or 'gh'} is an administrator of {name}; `gh` sets it, and its "
            "sign-in stays its own"
        )
    else:
        common.output.say(
            f"GitHub: `gh` is not signed in as an administrator of {name}; what must be set there is "
            "listed as commands"
        )
    common.output.say(f"repository: {where.root}, subjects begin with {hub.repository.prefix}")
