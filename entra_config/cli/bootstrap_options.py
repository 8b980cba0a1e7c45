"""What the commands of `bootstrap` take on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer


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
    bool, typer.Option("--check", help="Change nothing; exit with 2 when something is not as it shall be.")
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
