"""`entra-config bootstrap gitlab`: from a manifest to its pipeline in GitLab; running it again changes
nothing.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.cli import apply as applying
from entra_config.cli import bootstrapping, wiring
from entra_config.cli.options import Common
from entra_config.cli.plan import Allow
from entra_config.errors import UsageError
from entra_config.report.lines import Line, line

if TYPE_CHECKING:
    from entra_config.bootstrap.gitlab import Project
    from entra_config.bootstrap.model import Files, Pipeline
    from entra_config.cli.bootstrapping import Checkout

_REMOTE = re.compile(
    r"(?:https://(?:[^@/]+@)?|ssh://git@|git@)(?P<site>[^/:]+)(?::\d+/|[/:])(?P<path>.+?)(?:\.git)?/?"
)


@dataclass(frozen=True, slots=True)
class ProjectSurvey:
    """All that is so of a pipeline, and what is to be: files, variables, the live identities and their
    appIds.
    """

    place: Checkout
    pipeline: Pipeline
    files: Files
    settings: tuple[str, ...]
    app_ids: Mapping[str, str]
    lacking: tuple[str, ...]

    @property
    def drafted(self) -> bool:
        """Tell whether the manifest of the identities is still to be written: there is nothing to plan
        yet.
        """
        return any(path.startswith(f"{self.place.pipeline}/") for path in self.files.changed)


def command(
    context: typer.Context,
    *,
    project: Annotated[
        str,
        typer.Option(
            "--project",
            metavar="GROUP/NAME",
            envvar="CI_PROJECT_PATH",
            help="Default: that of the remote `origin`.",
        ),
    ] = "",
    url: Annotated[
        str,
        typer.Option(
            "--url",
            metavar="URL",
            envvar="CI_SERVER_URL",
            help="The GitLab; default: that of the remote `origin`.",
        ),
    ] = "",
    image: Annotated[
        str,
        typer.Option(
            "--image", metavar="IMAGE", help="What the jobs run in; pinned by its digest, if it has one here."
        ),
    ] = "",
    title: bootstrapping.Title = "",
    wheel: bootstrapping.Wheel = None,
    apply: bootstrapping.Apply = False,
    allow: Allow = None,
    auto_approve: bootstrapping.AutoApprove = False,
    check: bootstrapping.Check = False,
) -> int:
    """Make the pipeline of a project in GitLab: identities, `deployers`, .gitlab-ci.yml and what it runs."""
    common = Common.of(context)
    if common.environment is not None:
        raise UsageError("a pipeline is of all environments: leave -e (ENTRA_CONFIG_ENVIRONMENT) out")
    lifted = wiring.words(allow)
    where = bootstrapping.place(common)
    on = _project(where.root, project, url)
    found = wiring.run(_look(common, where, on, title=title, wheel=wheel, image=image))
    _show(common, found)
    own = bootstrapping.pipeline_of(common, where)
    if check:
        waits = bootstrapping.still_open(own, found.lacking, lifted, drafted=found.drafted)
        return 2 if waits or found.files.changed else 0
    if found.files.changed:
        question = "Write these files? Only `yes` is taken for an answer:"
        if not bootstrapping.approve(common, question, auto_approve=auto_approve):
            return 1
        _write(common, found)
    if not apply:
        if bootstrapping.still_open(own, found.lacking, lifted, drafted=False):
            bootstrapping.next_apply(common, own)
        else:
            _next(common)
        return 0
    code = applying.run(own, auto_approve=auto_approve, allow=lifted)
    if code in {0, 3}:
        # Who they are is known now: their pins, and the variables with their client ids.
        found = wiring.run(_look(common, where, on))
        _show(common, found)
        _write(common, found)
        for said in found.lacking:
            common.output.say(said)
        _next(common)
    return code


async def _look(
    common: Common,
    where: Checkout,
    on: Project,
    *,
    title: str = "",
    wheel: Path | None = None,
    image: str = "",
) -> ProjectSurvey:
    """Read the repository and the tenant; change nothing."""
    from importlib.metadata import version

    from entra_config.actual.consented import consented
    from entra_config.bootstrap import declared, gitlab, identities, tool
    from entra_config.manifest import loader

    manifests = identities.in_order(loader.load_all(where.manifest))
    names = tuple(each.environment for each in manifests)
    first = manifests[0]
    kept = declared.kept(where.root / where.pipeline, first.project, first.tenant_id)
    if title and kept.names:
        raise UsageError(f"--title: the identities have names already, in {where.shown(where.pipeline)}")
    async with wiring.graph(common, first.tenant_id) as graph:
        who = graph.identity.name or graph.identity.app_id or graph.identity.object_id
        common.output.say(f"Entra: {who} in tenant {graph.identity.tenant_id}")
        common.output.say(f"GitLab: {on.url}/{on.path}, subjects are {on.subject}")
        principals = await consented(graph, kept.app_ids)
        made = identities.pipeline(
            manifests,
            gitlab.sign_ins(on, names),
            deployers=kept.deployers or (bootstrapping.deployer(graph.identity),),
            title=title,
            names=kept.names,
        )
    before = _ours(where.root / gitlab.CI_FILE)
    others = gitlab.files(
        names,
        where.manifests,
        where.pipeline,
        own_jobs=(where.root / gitlab.OWN_JOBS).is_file(),
        image=image or gitlab.image_of(before),
    )
    others |= tool.files(where.root, gitlab.HOST, version(tool.PACKAGE), wheel)
    files = bootstrapping.files(where, made, gitlab.HOST, others, principals)
    writers = {each.environment: kept.app_ids[each.key] for each in made.writers if each.key in kept.app_ids}
    settings = gitlab.settings(made.tenant_id, kept.app_ids.get(made.reader.key, ""), writers)
    lacking = bootstrapping.missing(common, made, principals, kept.app_ids)
    return ProjectSurvey(where, made, files, tuple(settings), kept.app_ids, tuple(lacking))


def _ours(file: Path) -> str | None:
    """Return the pipeline that an earlier run wrote, if one is there; somebody else's is refused."""
    from entra_config.bootstrap import gitlab

    if not file.is_file():
        return None
    text = file.read_text(encoding="utf-8", errors="replace")
    if not text.startswith(gitlab.MARK):
        raise UsageError(
            f"{gitlab.CI_FILE} is yours, and bootstrap writes only what it wrote itself: move it to "
            f"{gitlab.OWN_JOBS}, "
            "which the written one includes"
        )
    return text


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


def _write(common: Common, found: ProjectSurvey) -> None:
    found.files.write(found.place.root)
    if found.files.changed:
        common.output.say(f"wrote {len(found.files.changed)} files: review them, commit them")


def _project(root: Path, said: str, url: str) -> Project:
    """Return the project that the command line says, or the remote `origin` of the checkout."""
    from entra_config.bootstrap import gitlab

    if said and url:
        return gitlab.project(said, url)
    asked = ["git", "-C", str(root), "config", "--get", "remote.origin.url"]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603  # a fixed command
    except (OSError, subprocess.SubprocessError):
        done = None
    found = _REMOTE.fullmatch(done.stdout.strip()) if done else None
    if found is None:
        raise UsageError(
            "which project on GitLab? There is no remote `origin` that says it: say --project "
            "GROUP/NAME and --url"
        )
    return gitlab.project(said or found["path"], url or f"https://{found['site']}")
