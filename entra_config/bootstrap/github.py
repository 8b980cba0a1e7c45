"""A repository on GitHub and a project's environments in; subjects, workflow files and their values out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from entra_config.bootstrap import templates
from entra_config.bootstrap.model import JobSignIn, SignIns, is_ours
from entra_config.errors import UsageError
from entra_config.manifest import ending
from entra_config.manifest.model import Manifest
from entra_config.quoting import yaml

HOST = "github"
ISSUER = "https://token.actions.githubusercontent.com"
MAIN = "refs/heads/main"
WORKFLOW_FOLDER = ".github/workflows"
WORKFLOWS = ("entra-plan.yml", "entra-review.yml", "entra-apply.yml", "entra-drift.yml")
# Only where something of the manifest ends by its `until`.
EXPIRE = "entra-expire.yml"
# Only where the manifest declares secrets with a life, or where it stands already.
WEEKLY = "entra-credentials.yml"
ZIZMOR = ".github/zizmor.yml"
# A GitHub environment of its own, where no identity is: the lock file's pull requests come from there.
PINS = "pins"
# What the subjects of a repository say, in this order; `repo` has the ids of owner and repository where
# GitHub adds them.
CLAIMS = ("repo", "context", "job_workflow_ref")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?/[A-Za-z0-9._-]+")
_ID = re.compile(r"[1-9][0-9]{0,19}")
_TAKEN = {
    "all": "all environments, where somebody starts entra-apply by hand",
    PINS: "the environment of the pins' jobs",
}


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository: `OWNER/NAME`, and how the subjects of its jobs' tokens begin."""

    name: str
    prefix: str

    @property
    def workflows(self) -> str:
        """Return where its workflows stand, as `job_workflow_ref` says it."""
        return f"{self.name}/{WORKFLOW_FOLDER}"


def repository(name: str, owner_id: str, repository_id: str) -> Repository:
    """Return a repository whose subjects have the ids of owner and repository, as GitHub makes them since
    2026-07-15.
    """
    check_name(name)
    for option, value in (("--owner-id", owner_id), ("--repository-id", repository_id)):
        if not _ID.fullmatch(value):
            raise UsageError(
                f"{option} {value}: expected a number, as https://api.github.com/repos/{name} says it"
            )
    owner, _, own = name.partition("/")
    return Repository(name, f"repo:{owner}@{owner_id}/{own}@{repository_id}")


def reported(name: str, prefix: str) -> Repository:
    """Return a repository with the beginning of its subjects that GitHub itself told; one of another name
    is refused.
    """
    check_name(name)
    owner, _, own = name.partition("/")
    parts = re.escape(owner), re.escape(own)
    if not re.fullmatch(rf"repo:{parts[0]}(?:@{_ID.pattern})?/{parts[1]}(?:@{_ID.pattern})?", prefix):
        raise UsageError(
            f"the subjects of {name} begin with `{prefix}`, says GitHub: that is not this repository's name"
        )
    return Repository(name, prefix)


def check_name(name: str) -> None:
    """Refuse what is no OWNER/NAME."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"--repository {name}: expected OWNER/NAME")


def has_weekly(manifests: Sequence[Manifest], there: str) -> bool:
    """Tell whether a repository has the workflow of credentials: its manifest declares secrets or key pairs
    with a life, or an earlier run wrote it.
    """
    declared = any(each.rotating for one in manifests for each in one.applications.values())
    return declared or is_ours(there)


def has_ends(manifests: Iterable[Manifest]) -> bool:
    """Tell whether something of any environment ends by its `until`: a daily workflow takes it away."""
    return any(next(ending.endings(each), None) is not None for each in manifests)


def sign_ins(
    repo: Repository, environments: Sequence[str], *, weekly: bool = False, ends: bool = False
) -> SignIns:
    """Return who may sign in: main's own workflows only, whatever a pull request makes of its copies."""

    def of(context: str, workflow: str) -> str:
        return f"{repo.prefix}:{context}:job_workflow_ref:{repo.workflows}/{workflow}@{MAIN}"

    reader = [
        JobSignIn("pull-request", of("pull_request", "entra-review.yml")),
        *(
            JobSignIn(f"pins-{name}", of(f"ref:{pins_branch(name)}", "entra-review.yml"))
            for name in environments
        ),
        JobSignIn("apply", of(f"ref:{MAIN}", "entra-apply.yml")),
        JobSignIn("drift", of(f"ref:{MAIN}", "entra-drift.yml")),
    ]
    writers = {
        name: [JobSignIn("apply", of(f"environment:{name}", "entra-apply.yml"))] for name in environments
    }
    more = [*([("credentials", WEEKLY)] if weekly else []), *([("expire", EXPIRE)] if ends else [])]
    for sign_in, workflow in more:
        reader.append(JobSignIn(sign_in, of(f"ref:{MAIN}", workflow)))
        for name, ways in writers.items():
            ways.append(JobSignIn(sign_in, of(f"environment:{name}", workflow)))
    return SignIns(ISSUER, tuple(reader), {name: tuple(ways) for name, ways in writers.items()})


def pins_branch(environment: str) -> str:
    """Return the branch on which the pins of an environment are proposed."""
    return f"refs/heads/entra-config/pins-{environment}"


def workflows(
    repo: Repository,
    environments: Sequence[str],
    manifests: str,
    pipeline: str,
    *,
    weekly: bool = False,
    ends: bool = False,
) -> dict[str, str]:
    """Return the workflow files, the actions and the scripts, by path below the repository's root."""
    templates.check_folders("the workflows name", manifests, pipeline)
    for name in environments:
        if name.casefold() in _TAKEN:
            raise UsageError(
                f"environment {name}: this name means {_TAKEN[name.casefold()]} in the workflows"
            )
        if yaml(name) != name:
            raise UsageError(f"environment {name}: this name means a value in a workflow file, and no text")
    before = [f"{step}-{name}" for name in environments for step in ("plan", "apply")]
    values = {
        "repository": repo.name,
        "manifests": manifests,
        "pipeline": pipeline,
        "environments": environments,
        "last_first": environments[::-1],
        # After a push, each environment waits for all that stand before it.
        "stages": [(name, before[: 2 * number]) for number, name in enumerate(environments)],
    }
    names = (*WORKFLOWS, *([WEEKLY] if weekly else []), *([EXPIRE] if ends else []))
    texts = {f"{WORKFLOW_FOLDER}/{name}": templates.fill(HOST, name, **values) for name in names}
    texts[ZIZMOR] = templates.fill(HOST, "zizmor.yml", **values)
    return texts | {f".github/{path}": text for path, text in templates.shipped(HOST).items()}
