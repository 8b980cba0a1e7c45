"""A checkout, a project on GitLab and a tenant in; all that is so of a pipeline there, and what is to be,
out. Nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from entra_config.actual.consented import Consented, consented
from entra_config.bootstrap import checkout, declared, github, gitlab, identities, survey, tool
from entra_config.bootstrap.checkout import Checkout
from entra_config.bootstrap.declared import Kept
from entra_config.bootstrap.gitlab import Project
from entra_config.bootstrap.model import Files, Pipeline
from entra_config.bootstrap.survey import SignIn, Survey
from entra_config.errors import UsageError
from entra_config.manifest import loader

_REMOTE = re.compile(
    r"(?:https://(?:[^@/]+@)?|ssh://git@|git@)(?P<site>[^/:]+)(?::\d+/|[/:])(?P<path>.+?)(?:\.git)?/?"
)


@dataclass(frozen=True, slots=True)
class GitlabRequest:
    """What the command line says."""

    title: str = ""
    wheel: Path | None = None
    image: str = ""
    replace: bool = False


FOLLOWING = "next: set the variables above, commit and push; docs/gitlab.md has what else a project is set to"
UNPINNED = "next: nothing pins the identities: entra-config lock -f {}, then this command again"


async def look(
    where: Checkout, on: Project, request: GitlabRequest, sign_in: SignIn, say: Callable[[str], None]
) -> Survey:
    """Read the repository and the tenant; change nothing."""
    manifests = identities.in_order(loader.load_all(where.manifest))
    names = tuple(each.environment for each in manifests)
    first = manifests[0]
    kept = declared.kept(where.root / where.pipeline, first.project, first.tenant_id)
    survey.check_title(request.title, kept, where)
    async with sign_in(first.tenant_id) as graph:
        who = graph.identity.name or graph.identity.app_id or graph.identity.object_id
        say(f"Entra: {who} in tenant {graph.identity.tenant_id}")
        say(f"GitLab: {on.url}/{on.path}, subjects are {on.subject}")
        principals = await consented(graph, kept.app_ids)
        made = identities.pipeline(
            manifests,
            gitlab.sign_ins(on, names),
            deployers=kept.deployers or (survey.deployer(graph.identity),),
            title=request.title,
            names=kept.names,
        )
    writers = {each.environment: kept.app_ids[each.key] for each in made.writers if each.key in kept.app_ids}
    settings = gitlab.settings(made.tenant_id, kept.app_ids.get(made.reader.key, ""), writers)
    known = len(kept.app_ids) == len(made.identities)
    return Survey(
        where,
        _files(where, made, kept, request, principals, ends=github.has_ends(manifests)),
        "GitLab",
        ", as a maintainer of the project:",
        (),
        tuple(settings) if known else (),
        (),
        tuple(survey.missing(made, principals)),
        FOLLOWING if known else UNPINNED.format(where.pipeline),
    )


def _files(
    where: Checkout,
    made: Pipeline,
    kept: Kept,
    request: GitlabRequest,
    principals: Mapping[str, Consented],
    *,
    ends: bool,
) -> Files:
    """Return all files of the pipeline with what stands there."""
    others = gitlab.files(
        [each.environment for each in made.writers],
        where.manifests,
        where.pipeline,
        own_jobs=(where.root / gitlab.OWN_JOBS).is_file(),
        image=request.image or gitlab.image_of(_ours(where.root / gitlab.CI_FILE)),
        ends=ends,
    )
    others |= tool.files(where.root, gitlab.HOST, version(tool.PACKAGE), request.wheel)
    return survey.files(
        where, made, kept, gitlab.HOST, others, principals=principals, replace=request.replace
    )


def _ours(file: Path) -> str | None:
    """Return the pipeline that an earlier run wrote, if one is there; somebody else's is refused."""
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


def project(root: Path, path: str, url: str) -> Project:
    """Return the project that the command line says, or the remote `origin` of the checkout."""
    if path and url:
        return gitlab.project(path, url)
    found = _REMOTE.fullmatch(checkout.read_origin(root))
    if found is None:
        raise UsageError(
            "which project on GitLab? There is no remote `origin` that says it: say --project "
            "GROUP/NAME and --url"
        )
    return gitlab.project(path or found["path"], url or f"https://{found['site']}")
