"""Pipelines that sign in by tokens of their own: GitHub Actions, GitLab CI, HCP Terraform, Azure DevOps."""

from __future__ import annotations

import re

from entra_config.manifest.fields import workload_hints
from entra_config.manifest.fields.workload import GUID, ClaimLanguage, FormWord, TokenText, WorkloadForm

_HOST = r"[0-9a-z](?:[0-9a-z.-]*[0-9a-z])?(?::\d{1,5})?"
# No colon, for it parts a subject's words; no star and question mark, for an exact subject has no wildcards.
_WORD = r"[^\s:*?](?:[^:*?\r\n]*[^\s:*?])?"
_SEGMENT = r"[^\s:*?/](?:[^:*?/\r\n]*[^\s:*?/])?"
_REF = r"(?!refs/)[^\s:*?~^\\\[\]]+"
GITHUB = "https://token.actions.githubusercontent.com"
_EQ, _ANY = ("eq",), ("eq", "matches")

_BRANCH = FormWord(
    "branch", "The branch that runs.", "main", _REF, "the name of a branch", hint=workload_hints.ref
)
_TAG = FormWord("tag", "The tag that runs.", "v1.2.3", _REF, "the name of a tag", hint=workload_hints.ref)

GITHUB_ACTIONS = WorkloadForm(
    "github",
    "A workflow of GitHub Actions.",
    (
        FormWord(
            "repository",
            "Owner and repository, with their ids where GitHub's OIDC page shows them.",
            "example@1234/myapp@5678",
            r"(?:[\w.-]+/[\w.-]+|[\w.-]+@\d+/[\w.-]+@\d+)",
            "a repository, `OWNER/REPO` or `OWNER@ID/REPO@ID`",
            hint=workload_hints.repository,
        ),
        FormWord(
            "environment",
            "The environment that its job names.",
            "prod",
            r"[^\s:*?](?:[^:*?\r\n]*[^\s:*?])?",
            "the name of an environment",
            encoded=True,
            hint=workload_hints.no_wildcard,
        ),
        _BRANCH,
        _TAG,
        FormWord(
            "workflow",
            "The workflow, where the repository's subjects name it.",
            "example/myapp/.github/workflows/deploy.yml@refs/heads/main",
            r"[\w.-]+/[\w.-]+/\.github/workflows/[\w./-]+@[^\s:*?]+",
            "a workflow at a ref, `OWNER/REPO/.github/workflows/FILE@refs/heads/BRANCH`",
            absent="",
            hint=workload_hints.no_wildcard,
        ),
        FormWord(
            "enterprise",
            "The enterprise, where it has an issuer of its own.",
            "example-inc",
            r"[0-9A-Za-z-]+",
            "the slug of an enterprise",
            absent="",
        ),
    ),
    (TokenText(GITHUB), TokenText(f"{GITHUB}/{{enterprise}}")),
    # Where the repository's subjects name the workflow too (docs/workflows.md), that comes last.
    tuple(
        TokenText(f"repo:{{repository}}:{context}{more}", *flag)
        for more in (":job_workflow_ref:{workflow}", "")
        for context, *flag in (
            ("environment:{environment}",),
            ("ref:refs/heads/{branch}",),
            ("ref:refs/tags/{tag}",),
            ("pull_request", "pullRequest", "A workflow of a pull request."),
        )
    ),
    ClaimLanguage(
        GITHUB,
        re.escape(GITHUB),
        {"sub": _ANY, "job_workflow_ref": _ANY, "repository_id": _EQ, "repository_owner_id": _EQ},
        (("", ("sub",)), ("", ("repository_id", "repository_owner_id"))),
        r"repo:[^*?:/]+/[^*?:/]+:|job_workflow_ref:[^*?:/]+/[^*?:/]+/",
        "repository_id",
    ),
)

GITLAB = WorkloadForm(
    "gitlab",
    "A job of GitLab CI.",
    (
        FormWord(
            "host",
            "The host of GitLab.",
            "gitlab.example.com",
            _HOST,
            "a host name",
            absent="gitlab.com",
        ),
        FormWord(
            "project",
            "The project with its groups.",
            "group/myapp",
            r"[\w.-]+(?:/[\w.-]+)+",
            "the path of a project, `GROUP/PROJECT`",
            hint=workload_hints.no_wildcard,
        ),
        _BRANCH,
        _TAG,
    ),
    (TokenText("https://{host}"),),
    (
        TokenText("project_path:{project}:ref_type:branch:ref:{branch}"),
        TokenText("project_path:{project}:ref_type:tag:ref:{tag}"),
    ),
    ClaimLanguage(
        "https://gitlab.com",
        r"https://[^/]+\.(?:com|ca)",
        {"sub": _ANY, "project_id": _EQ},
        (("", ("sub",)), ("project_path:", ("project_id",))),
        r"project_path:[^*?:]+:",
        "project_id",
    ),
)

TERRAFORM_CLOUD = WorkloadForm(
    "terraformCloud",
    "A run of HCP Terraform.",
    (
        FormWord(
            "host",
            "The host of HCP Terraform.",
            "app.eu.terraform.io",
            _HOST,
            "a host name",
            absent="app.terraform.io",
        ),
        FormWord(
            "organization",
            "The organization.",
            "example",
            _WORD,
            "the name of an organization",
            hint=workload_hints.no_wildcard,
        ),
        FormWord(
            "project",
            "The project.",
            "Default Project",
            _WORD,
            "the name of a project",
            hint=workload_hints.no_wildcard,
        ),
        FormWord(
            "workspace",
            "The workspace.",
            "myapp-prod",
            _WORD,
            "the name of a workspace",
            hint=workload_hints.no_wildcard,
        ),
        FormWord(
            "runPhase",
            "The phase of the run.",
            "apply",
            r"plan|apply",
            "`plan` or `apply`",
            hint=workload_hints.no_wildcard,
        ),
    ),
    (TokenText("https://{host}"),),
    (TokenText("organization:{organization}:project:{project}:workspace:{workspace}:run_phase:{runPhase}"),),
    ClaimLanguage(
        "https://app.terraform.io",
        r"https://app(?:\.eu)?\.terraform\.io",
        {"sub": _ANY},
        (("", ("sub",)),),
        r"organization:[^*?:]+:project:[^*?:]+:workspace:[^*?:]+:",
    ),
)

AZURE_DEVOPS = WorkloadForm(
    "azureDevOps",
    ("A service connection of Azure DevOps, with that service's own issuer (which retires in July 2027)."),
    (
        FormWord(
            "organizationId",
            "The id of the organization.",
            "00000000-0000-0000-0000-000000000001",
            GUID,
            "an id",
        ),
        FormWord("organization", "The organization.", "example", _SEGMENT, "the name of an organization"),
        FormWord("project", "The project.", "MyApp", _SEGMENT, "the name of a project"),
        FormWord("serviceConnection", "The connection.", "prod", _SEGMENT, "the name of a connection"),
    ),
    (TokenText("https://vstoken.dev.azure.com/{organizationId}"),),
    (TokenText("sc://{organization}/{project}/{serviceConnection}"),),
)
