"""A project on GitLab and a project's environments in; subjects, audiences and the files of its pipeline
out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from entra_config import quoting
from entra_config.bootstrap import templates
from entra_config.bootstrap.model import AUDIENCE, JobSignIn, SignIns
from entra_config.errors import UsageError

HOST = "gitlab"
BRANCH = "main"
CI_FILE = ".gitlab-ci.yml"
# The project's own jobs, which the written file includes.
OWN_JOBS = ".gitlab/ci.yml"
MARK = "# Written by `entra-config bootstrap gitlab`"
# Scripts that GitLab's jobs have in common with GitHub's.
_SHARED = ("scripts/counts.py", "scripts/room.py")
_PATH = re.compile(
    r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?(?:/[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?)+"
)
_URL = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._-]+)*")
# An image of Python with git and bash in it, by tag, or by tag and digest.
IMAGE = "python:3.12"
_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]*(?:@sha256:[0-9a-f]{64})?")
_IMAGE_LINE = re.compile(r"^default:\n  image: (\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Project:
    """A project: `GROUP/NAME`, and the GitLab that it is on, which is the issuer of its jobs' tokens."""

    path: str
    url: str

    @property
    def subject(self) -> str:
        """Return what the token of each job of main's pipelines says of it: GitLab has no environment in
        it.
        """
        return f"project_path:{self.path}:ref_type:branch:ref:{BRANCH}"


def project(path: str, url: str) -> Project:
    """Return a project; what can be none is refused, as a subject with a mistake in it opens nothing, or
    another's.
    """
    if not _PATH.fullmatch(path):
        raise UsageError(f"--project {path}: expected GROUP/NAME, as the address of the project has it")
    if not _URL.fullmatch(url.rstrip("/")):
        raise UsageError(f"--url {url}: expected the address of a GitLab, such as https://gitlab.com")
    return Project(path, url.rstrip("/"))


def sign_ins(where: Project, environments: Sequence[str]) -> SignIns:
    """Return who may sign in: jobs of main's pipelines, and as a writer those that ask for its environment's
    audience.

    Subjects say the branch and no more. The audience is what a job asks for in `.gitlab-ci.yml`, which is
    main's: a job that plans what a merge request has written holds no token that a writer opens to.
    """
    reader = (JobSignIn("main", where.subject),)
    writers = {name: (JobSignIn("main", where.subject, audience_of(name)),) for name in environments}
    return SignIns(where.url, reader, writers)


def audience_of(environment: str) -> str:
    """Return the audience of an environment's writer."""
    return f"{AUDIENCE}/{environment}"


def image_of(text: str | None) -> str:
    """Return the image that a written pipeline runs in; where there is none yet, the usual one."""
    found = _IMAGE_LINE.search(text or "")
    return found[1] if found else IMAGE


def files(
    environments: Sequence[str],
    manifests: str,
    pipeline: str,
    *,
    own_jobs: bool,
    image: str = IMAGE,
    ends: bool = False,
) -> dict[str, str]:
    """Return the pipeline and its scripts, by path below the repository's root; `ends`: something of the
    manifest does, and the daily schedule plans what is over.
    """
    templates.check_folders("the pipeline names", manifests, pipeline)
    if not _IMAGE.fullmatch(image):
        raise UsageError(
            f"--image {image}: expected an image, such as {IMAGE}, and its digest (@sha256:…) if it is pinned"
        )
    shared = templates.shipped("github")
    scripts = {**templates.shipped(HOST), **{path: shared[path] for path in _SHARED}}
    text = templates.fill(
        HOST,
        "gitlab-ci.yml",
        manifests=manifests,
        pipeline=pipeline,
        image=image,
        own_jobs=OWN_JOBS if own_jobs else "",
        audience=AUDIENCE,
        environments=environments,
        last_first=" ".join(environments[::-1]),
        writers={name: audience_of(name) for name in environments},
        ends=ends,
    )
    return {CI_FILE: text, **{f".gitlab/{path}": script for path, script in scripts.items()}}


def settings(tenant_id: str, reader: str, writers: Mapping[str, str]) -> list[str]:
    """Return the commands of `glab` that set the variables of a project: each writer's for its environment
    alone.
    """
    found = [("ENTRA_TENANT_ID", tenant_id, "*"), ("ENTRA_READER_CLIENT_ID", reader, "*")]
    found += [("ENTRA_WRITER_CLIENT_ID", app_id, name) for name, app_id in writers.items()]
    return [
        quoting.command(
            "glab",
            "variable",
            "set",
            name,
            value,
            "--protected",
            *(() if scope == "*" else ("--scope", scope)),
        )
        for name, value, scope in found
        if value
    ]
