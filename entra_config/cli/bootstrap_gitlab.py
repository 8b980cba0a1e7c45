"""`entra-config bootstrap gitlab`: from a manifest to its pipeline in GitLab; running it again changes
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import typer

from entra_config.cli import apply as applying
from entra_config.cli import bootstrap_options as options
from entra_config.cli import bootstrapping, gitlab_look, wiring
from entra_config.cli.gitlab_look import Asked, ProjectSurvey, look
from entra_config.cli.options import Common
from entra_config.cli.plan import Allow
from entra_config.report.lines import Line, line


def command(
    context: typer.Context,
    *,
    project: options.ProjectPath = "",
    url: options.ServerUrl = "",
    image: options.Image = "",
    title: options.Title = "",
    wheel: options.Wheel = None,
    apply: options.Apply = False,
    allow: Allow = None,
    auto_approve: options.AutoApprove = False,
    check: options.Check = False,
) -> int:
    """Make the pipeline of a project in GitLab: identities, `deployers`, .gitlab-ci.yml and what it runs."""
    common = Common.of(context)
    bootstrapping.of_all_environments(common)
    lifted = wiring.words(allow)
    where = bootstrapping.place(common)
    on = gitlab_look.project(where.root, project, url)
    found = wiring.run(look(common, where, on, Asked(title, wheel, image)))
    _show(common, found)
    own = bootstrapping.pipeline_of(common, where)
    if check:
        waits = bootstrapping.still_open(own, found.lacking, lifted, drafted=found.drafted)
        return 2 if waits or found.files.changed else 0
    if found.files.changed:
        question = "Write these files? Only `yes` is taken for an answer:"
        if not bootstrapping.approve(common, question, auto_approve=auto_approve):
            return 1
        bootstrapping.write(common, where, found.files)
    if not apply:
        if bootstrapping.still_open(own, found.lacking, lifted, drafted=False):
            bootstrapping.next_apply(common, own)
        else:
            _next(common)
        return 0
    code = applying.run(own, auto_approve=auto_approve, allow=lifted)
    if code in {0, 3}:
        # Who they are is known now: their pins, and the variables with their client ids.
        found = wiring.run(look(common, where, on, Asked()))
        _show(common, found)
        bootstrapping.write(common, where, found.files)
        for said in found.lacking:
            common.output.say(said)
        _next(common)
    return code


def _show(common: Common, found: ProjectSurvey) -> None:
    bootstrapping.show(common, found.place, found.files)
    common.output.lines(_variables(found))


def _variables(found: ProjectSurvey) -> Iterator[Line]:
    if len(found.app_ids) == len(found.pipeline.identities):
        yield line(("GitLab", "bold"), ", as a maintainer of the project:")
        for each in found.settings:
            yield line("  ", each)
        yield line()


def _next(common: Common) -> None:
    common.output.say(
        "next: set the variables above, commit and push; docs/gitlab.md has what else a project is set to"
    )
