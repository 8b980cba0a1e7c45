"""A called workflow and a project's environments in; the lines that call it, and its jobs' subjects, out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from entra_config.bootstrap import templates
from entra_config.bootstrap.github import HOST, ISSUER, MAIN, Repository
from entra_config.bootstrap.model import JobSignIn, SignIns
from entra_config.errors import UsageError

CALLER = ".github/workflows/entra.yml"
WORKFLOW = ".github/workflows/pipeline.yml"
# The stages that the called workflow has.
MOST = 3
# So much of a commit names what it opens.
SHORT = 12
_CALLED = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?/[A-Za-z0-9._-]+)@([0-9a-f]{40})")
_USES = re.compile(rf"(?m)^    uses: ([^/\s]+/[^/\s]+)/{re.escape(WORKFLOW)}@([0-9a-f]{{40}})$")
_SUBJECT = re.compile(rf":job_workflow_ref:[^:]+/{re.escape(WORKFLOW)}@[0-9a-f]{{40}}")
_WAY = re.compile(rf"(?:pull-request|main|apply)-[0-9a-f]{{{SHORT}}}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Called:
    """The repository of this tool, or a copy of it, and the one commit of it that is trusted."""

    repository: str
    commit: str

    @property
    def workflow(self) -> str:
        """Return the workflow, as `uses:` and the tokens of its jobs name it."""
        return f"{self.repository}/{WORKFLOW}@{self.commit}"

    def __str__(self) -> str:
        """Return it as the command line says it."""
        return f"{self.repository}@{self.commit}"


def called(text: str) -> Called:
    """Read OWNER/REPO@COMMIT; a tag or a branch is refused, as whoever moves it would sign in."""
    if not (found := _CALLED.fullmatch(text)):
        raise UsageError(
            f"--calling {text}: expected OWNER/REPO@COMMIT, the commit of a release in 40 characters: the "
            "identities trust that very commit, and a tag or a branch is moved"
        )
    return Called(found[1], found[2])


def standing(text: str) -> Called | None:
    """Return what a written file calls; None where it calls no pipeline by its commit."""
    found = _USES.findall(text)
    return Called(*found[0]) if len(found) == 1 else None


def sign_ins(
    repo: Repository, environments: Sequence[str], wanted: Called, before: Called | None = None
) -> SignIns:
    """Return who may sign in: the jobs of the called workflow's commit, in this repository.

    `before` is what main still calls: until the new line is merged, its jobs sign in beside the new ones.
    """
    ways = [wanted] if before in {None, wanted} else [wanted, before]

    def of(name: str, context: str) -> tuple[JobSignIn, ...]:
        # By its commit: what main calls keeps its name, and so is not touched when another comes beside it.
        return tuple(
            JobSignIn(
                f"{name}-{each.commit[:SHORT]}", f"{repo.prefix}:{context}:job_workflow_ref:{each.workflow}"
            )
            for each in ways
            if each is not None
        )

    reader = (*of("pull-request", "pull_request"), *of("main", f"ref:{MAIN}"))
    return SignIns(ISSUER, reader, {name: of("apply", f"environment:{name}") for name in environments})


def files(wanted: Called, environments: Sequence[str], manifests: str) -> dict[str, str]:
    """Return the one file of the repository, by its path."""
    templates.check_folders("the workflow names", manifests)
    if len(environments) > MOST:
        raise UsageError(
            f"{', '.join(environments)}: the called pipeline applies {MOST} environments at most; leave "
            "--calling out, and the workflows are written here"
        )
    for name in environments:
        if not _NAME.fullmatch(name):
            raise UsageError(
                f"environment {name}: the called pipeline takes letters, digits and hyphens, a letter first"
            )
    text = templates.fill(
        HOST,
        "entra.yml",
        called=wanted,
        workflow=wanted.workflow,
        manifests=manifests,
        environments=environments,
    )
    return {CALLER: text}


def is_way(name: str) -> bool:
    """Tell whether this is what a way to sign in is called that an earlier run wrote for some commit."""
    return bool(_WAY.fullmatch(name))


def is_called(subjects: Iterable[str]) -> bool:
    """Tell whether identities are those of a called pipeline, by what opens them."""
    return any(_SUBJECT.search(each) for each in subjects)
