"""`entra-config bootstrap github`: from a manifest to its pipeline in GitHub Actions; running it again
changes nothing.
"""

from __future__ import annotations

import dataclasses

import typer

from entra_config.cli import bootstrap_flow, bootstrapping, wiring
from entra_config.cli import bootstrap_options as options
from entra_config.cli.bootstrap_flow import Choice, Survey
from entra_config.cli.github_hub import HubName
from entra_config.cli.github_look import GithubRequest, look
from entra_config.cli.options import Common
from entra_config.cli.plan import Allow


def command(
    context: typer.Context,
    *,
    repository: options.RepositoryName = "",
    repository_id: options.RepositoryId = "",
    owner_id: options.OwnerId = "",
    reviewer: options.Reviewers = None,
    title: options.Title = "",
    wheel: options.Wheel = None,
    replace: options.Replace = False,
    calling: options.Calling = "",
    apply: options.Apply = False,
    allow: Allow = None,
    auto_approve: options.AutoApprove = False,
    check: options.Check = False,
) -> int:
    """Make the pipeline of a project in GitHub Actions: identities, `deployers`, workflows, owners,
    settings.
    """
    common = Common.of(context)
    bootstrapping.of_all_environments(common)
    request = GithubRequest(
        HubName(repository, repository_id, owner_id), tuple(reviewer or ()), title, wheel, replace, calling
    )

    async def found(first: bool) -> Survey:
        return await look(common, request if first else dataclasses.replace(request, title="", wheel=None))

    choice = Choice(check, apply, auto_approve, wiring.words(allow))
    return bootstrap_flow.run(common, found, choice)
