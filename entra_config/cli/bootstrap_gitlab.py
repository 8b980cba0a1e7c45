"""`entra-config bootstrap gitlab`: from a manifest to its pipeline in GitLab; running it again changes
nothing.
"""

from __future__ import annotations

import typer

from entra_config.cli import bootstrap_flow, bootstrapping, gitlab_look, wiring
from entra_config.cli import bootstrap_options as options
from entra_config.cli.bootstrap_flow import Choice, Survey
from entra_config.cli.gitlab_look import GitlabRequest, look
from entra_config.cli.options import Common
from entra_config.cli.plan import Allow


def command(
    context: typer.Context,
    *,
    project: options.ProjectPath = "",
    url: options.ServerUrl = "",
    image: options.Image = "",
    title: options.Title = "",
    wheel: options.Wheel = None,
    replace: options.Replace = False,
    apply: options.Apply = False,
    allow: Allow = None,
    auto_approve: options.AutoApprove = False,
    check: options.Check = False,
) -> int:
    """Make the pipeline of a project in GitLab: identities, `deployers`, .gitlab-ci.yml and what it runs."""
    common = Common.of(context)
    bootstrapping.of_all_environments(common)
    where = bootstrapping.place(common)
    on = gitlab_look.project(where.root, project, url)

    async def found(first: bool) -> Survey:
        request = GitlabRequest(title, wheel, image, replace) if first else GitlabRequest(replace=replace)
        return await look(common, where, on, request)

    choice = Choice(check, apply, auto_approve, wiring.words(allow))
    return bootstrap_flow.run(common, found, choice)
