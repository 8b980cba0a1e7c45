"""`entra-config bootstrap …`: the pipeline of a project, identities and files, in one reviewed step; running
it again changes nothing.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entra_config.cli import carrying, wiring
from entra_config.cli.options import Common, OnlineCommand
from entra_config.cli.plan import Allow
from entra_config.errors import UsageError
from entra_config.plan.options import Options
from entra_config.report import escape
from entra_config.report.lines import Line, diffed, line

if TYPE_CHECKING:
    from entra_config.bootstrap.checkout import Checkout
    from entra_config.bootstrap.flow import Choice
    from entra_config.bootstrap.model import Files
    from entra_config.bootstrap.survey import SignIn, Survey
    from entra_config.plan.model import Plan

app = typer.Typer(
    help="Make the pipeline of a project: identities, workflows, settings.", no_args_is_help=True
)


def _named(name: str, form: str, about: str, variable: str | None = None) -> Any:
    return typer.Option(name, metavar=form, help=about, envvar=variable)


# Of both hosts
Title = Annotated[
    str, _named("--title", "TEXT", "What the identities' names begin with; default: the project.")
]
Wheel = Annotated[
    Path | None,
    _named("--wheel", "FILE", "This version's wheel, as the jobs' index has it: its hash is pinned."),
]
Apply = Annotated[bool, typer.Option("--apply", help="Apply the identities too, after their plan was shown.")]
AutoApprove = Annotated[bool, typer.Option("--auto-approve", help="Do not ask.")]
Replace = Annotated[
    bool, typer.Option("--replace", help="Write over files of these names that bootstrap did not write.")
]
Check = Annotated[
    bool,
    typer.Option(
        "--check", help="Change nothing; exit with 2 when something differs from the desired state."
    ),
]

# Of GitHub
RepositoryName = Annotated[
    str, _named("--repository", "OWNER/NAME", "Default: that of the remote `origin`.", "GITHUB_REPOSITORY")
]
RepositoryId = Annotated[
    str, _named("--repository-id", "ID", "GitHub's number of it; asked of gh.", "GITHUB_REPOSITORY_ID")
]
OwnerId = Annotated[
    str, _named("--owner-id", "ID", "GitHub's number of its owner; likewise.", "GITHUB_REPOSITORY_OWNER_ID")
]
Reviewers = Annotated[
    list[str] | None,
    _named(
        "--reviewer",
        "@NAME",
        "A person or team (@org/team) who approves each apply and owns the guarded files.",
    ),
]
Calling = Annotated[
    str,
    _named(
        "--calling",
        "OWNER/REPO@COMMIT",
        "Write ten lines that call this commit's pipeline.yml, and no workflows; kept when run again.",
    ),
]

# Of GitLab
ProjectPath = Annotated[
    str, _named("--project", "GROUP/NAME", "Default: that of the remote `origin`.", "CI_PROJECT_PATH")
]
ServerUrl = Annotated[
    str, _named("--url", "URL", "The GitLab; default: that of the remote `origin`.", "CI_SERVER_URL")
]
Image = Annotated[
    str, _named("--image", "IMAGE", "What the jobs run in; pinned by its digest, if it has one here.")
]


@app.command(cls=OnlineCommand)
def github(
    context: typer.Context,
    *,
    repository: RepositoryName = "",
    repository_id: RepositoryId = "",
    owner_id: OwnerId = "",
    reviewer: Reviewers = None,
    title: Title = "",
    wheel: Wheel = None,
    replace: Replace = False,
    calling: Calling = "",
    apply: Apply = False,
    allow: Allow = None,
    auto_approve: AutoApprove = False,
    check: Check = False,
) -> int:
    """Make the pipeline of a project in GitHub Actions: identities, `deployers`, workflows, owners,
    settings.
    """
    from entra_config.bootstrap import checkout, flow, github_look
    from entra_config.bootstrap.github_hub import HubName

    common = _read_common(context)
    request = github_look.GithubRequest(
        HubName(repository, repository_id, owner_id), tuple(reviewer or ()), title, wheel, replace, calling
    )
    where = checkout.find(common.manifest)
    doctor = common.next("doctor", "--pipeline")

    def look(first: bool) -> Survey:
        wanted = request if first else dataclasses.replace(request, title="", wheel=None)
        return wiring.run(github_look.look(where, wanted, _sign_in(common), common.output.say, doctor))

    return _run(
        common, where, look, flow.Choice(check, apply), wiring.words(allow), auto_approve=auto_approve
    )


@app.command(cls=OnlineCommand)
def gitlab(
    context: typer.Context,
    *,
    project: ProjectPath = "",
    url: ServerUrl = "",
    image: Image = "",
    title: Title = "",
    wheel: Wheel = None,
    replace: Replace = False,
    apply: Apply = False,
    allow: Allow = None,
    auto_approve: AutoApprove = False,
    check: Check = False,
) -> int:
    """Make the pipeline of a project in GitLab: identities, `deployers`, .gitlab-ci.yml and what it runs."""
    from entra_config.bootstrap import checkout, flow, gitlab_look
    from entra_config.bootstrap.gitlab_look import GitlabRequest

    common = _read_common(context)
    where = checkout.find(common.manifest)
    on = gitlab_look.project(where.root, project, url)

    def look(first: bool) -> Survey:
        request = GitlabRequest(title, wheel, image, replace) if first else GitlabRequest(replace=replace)
        return wiring.run(gitlab_look.look(where, on, request, _sign_in(common), common.output.say))

    return _run(
        common, where, look, flow.Choice(check, apply), wiring.words(allow), auto_approve=auto_approve
    )


def _read_common(context: typer.Context) -> Common:
    """Return the common options; refuse an environment, because a pipeline is of all of them."""
    common = Common.of(context)
    if common.environment is not None:
        raise UsageError("a pipeline is of all environments: leave -e (ENTRA_CONFIG_ENVIRONMENT) out")
    return common


def _sign_in(common: Common) -> SignIn:
    return partial(wiring.graph, common)


def _run(
    common: Common,
    where: Checkout,
    look: Callable[[bool], Survey],
    choice: Choice,
    allow: frozenset[str],
    *,
    auto_approve: bool,
) -> int:
    """Make the pipeline; the identities are those of its own manifest."""
    from entra_config.bootstrap import flow

    own = dataclasses.replace(common, manifest=where.shown(where.pipeline), environment=None)
    actions = flow.Actions(
        show=lambda found: common.output.lines(_lines(found)),
        plan=partial(_plan, own, allow),
        ask=partial(_approve, common, auto_approve=auto_approve),
        apply=partial(_apply, own, allow),
        say=common.output.say,
    )
    return flow.run(look, actions, choice, own.next("apply", "--allow", "dangerous", online=True))


def _plan(own: Common, allow: frozenset[str], found: Survey) -> Plan:
    """Plan the identities as their manifest will be, before it is written, and show the plan."""
    from entra_config.bootstrap.declared import ROOT_FILE
    from entra_config.cli import plan as planning

    # The folder is not there yet where this is the first run.
    drafted = dataclasses.replace(own, manifest=own.manifest / ROOT_FILE)
    contents = found.drafts(own.manifest)
    plan = wiring.run(planning.make(drafted, Options(allow), contents=contents))
    if plan.changes or plan.blocked:
        planning.show(own, plan)
    return plan


def _apply(own: Common, allow: frozenset[str], plan: Plan) -> int:
    """Apply the very plan that was shown."""
    from entra_config.cli import apply as applying
    from entra_config.plan import file

    return applying.run(own, digest=file.digest(plan), allow=allow)


def _approve(common: Common, question: str, *, auto_approve: bool) -> bool:
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


def _lines(found: Survey) -> Iterator[Line]:
    yield from _file_lines(found.place, found.files)
    if found.steps or found.commands:
        yield line((found.host, "bold"), found.heading)
    for step in found.steps:
        yield line("  ", ("+", "green"), f" {escape.text(step.says)}")
    for command in found.commands:
        yield line("  ", command)
    for note in found.notes:
        yield line("  ", ("!", "magenta"), f" {escape.text(note)}")
    if found.steps or found.commands or found.notes:
        yield line()


def _file_lines(where: Checkout, found: Files) -> Iterator[Line]:
    """Yield which files are new and which change, and how."""
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
