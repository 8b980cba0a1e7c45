"""The sorts of workloads that sign in by tokens of their own: what issuers and subjects those have.

They are as the documentation of GitHub, GitLab, HashiCorp, Kubernetes and Azure DevOps on their tokens has
them, and AWS' on outbound identity federation; a managed identity's subject is its object id (Microsoft
Learn, managed identity as a credential). What an expression may ask is Learn's, flexible federated
credentials (2026).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from entra_config.manifest.fields import expression
from entra_config.manifest.fields.workload import ClaimLanguage, FormWord, TokenText, Words, WorkloadForm

_GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_HOST = r"[0-9a-z](?:[0-9a-z.-]*[0-9a-z])?(?::\d{1,5})?"
# No colon, for it parts a subject's words; no star and question mark, for an exact subject has no wildcards.
_WORD = r"[^\s:*?](?:[^:*?\r\n]*[^\s:*?])?"
_SEGMENT = r"[^\s:*?/](?:[^:*?/\r\n]*[^\s:*?/])?"
_REF = r"(?!refs/)[^\s:*?~^\\\[\]]+"
GITHUB = "https://token.actions.githubusercontent.com"
AWS_ROLE = r"arn:aws(?:-cn|-us-gov|-iso[a-z-]*)?:iam::\d{12}:role/(?:[!-.0-~]+/)*[\w+=,.@-]{1,64}"
_HOW_ISSUER = "read it with `aws iam get-outbound-web-identity-federation-info`"
_EQ, _ANY = ("eq",), ("eq", "matches")


def _aws_issuer(value: str) -> str:
    if "amazonaws.com" in value:
        return (
            "STS itself signs nothing that Entra can verify; each account has an issuer of its own, "
            f"{_HOW_ISSUER}"
        )
    return _HOW_ISSUER


def _aws_role(value: str) -> str:
    session = re.fullmatch(
        r"arn:(aws[\w-]*):sts::(\d{12}):assumed-role/([\w+=,.@-]+)/.*", value, re.IGNORECASE
    )
    if session:
        partition, account, name = session.groups()
        right = f"arn:{partition.lower()}:iam::{account}:role/{name}"
        return (
            f"that is a session, and its token names the role: `{right}`, with the role's path if it has one"
        )
    folded = re.fullmatch(r"(arn:aws[\w-]*:iam::\d{12}:role/)(.+)", value, re.IGNORECASE)
    if folded and re.fullmatch(AWS_ROLE, folded[1].lower() + folded[2]):
        return f"Entra compares letter by letter: `{folded[1].lower()}{folded[2]}`"
    return ""


def _repository(value: str) -> str:
    found = (
        re.search(r"([\w.-]+)/([\w.-]+?)(?:\.git)?/?$", value)
        if "://" in value or value.startswith("git@")
        else None
    )
    if found:
        return f"write `{found[1]}/{found[2]}`"
    if "@" in value:
        return "both have their id, `OWNER@ID/REPO@ID`, as GitHub's OIDC page shows it, or neither has"
    return ""


def _ref(value: str) -> str:
    if "*" in value or "?" in value:
        return "an exact subject has no wildcards: `matches` takes them"
    short = re.sub(r"^refs/(heads|tags)/", "", value)
    return f"write `{short}`" if short != value else ""


def _no_wildcard(value: str) -> str:
    return "an exact subject has no wildcards: `matches` takes them" if "*" in value or "?" in value else ""


_BRANCH = FormWord("branch", "The branch that runs.", "main", _REF, "the name of a branch", hint=_ref)
_TAG = FormWord("tag", "The tag that runs.", "v1.2.3", _REF, "the name of a tag", hint=_ref)

FORMS: Mapping[str, WorkloadForm] = {
    form.key: form
    for form in (
        WorkloadForm(
            "aws",
            "A role of AWS: a task, function or build that holds it (outbound identity federation).",
            (
                FormWord(
                    "issuer",
                    "The account's own issuer.",
                    "https://0a1b2c3d-1111-2222-3333-444455556666.tokens.sts.global.api.aws",
                    rf"https://{_GUID}\.tokens\.sts\.global\.api\.aws",
                    "the issuer of an account, `https://UUID.tokens.sts.global.api.aws`",
                    hint=_aws_issuer,
                ),
                FormWord(
                    "role",
                    "The role's ARN, never that of a session.",
                    "arn:aws:iam::123456789012:role/bff",
                    AWS_ROLE,
                    "the ARN of a role, `arn:aws:iam::ACCOUNT:role/NAME`",
                    hint=_aws_role,
                ),
            ),
            (TokenText("{issuer}"),),
            (TokenText("{role}"),),
        ),
        WorkloadForm(
            "github",
            "A workflow of GitHub Actions.",
            (
                FormWord(
                    "repository",
                    "Owner and repository, with their ids where GitHub's OIDC page shows them.",
                    "example@1234/myapp@5678",
                    r"(?:[\w.-]+/[\w.-]+|[\w.-]+@\d+/[\w.-]+@\d+)",
                    "a repository, `OWNER/REPO` or `OWNER@ID/REPO@ID`",
                    hint=_repository,
                ),
                FormWord(
                    "environment",
                    "The environment that its job names.",
                    "prod",
                    r"[^\s:*?](?:[^:*?\r\n]*[^\s:*?])?",
                    "the name of an environment",
                    encoded=True,
                    hint=_no_wildcard,
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
                    hint=_no_wildcard,
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
        ),
        WorkloadForm(
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
                    hint=_no_wildcard,
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
        ),
        WorkloadForm(
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
                    hint=_no_wildcard,
                ),
                FormWord(
                    "project",
                    "The project.",
                    "Default Project",
                    _WORD,
                    "the name of a project",
                    hint=_no_wildcard,
                ),
                FormWord(
                    "workspace",
                    "The workspace.",
                    "myapp-prod",
                    _WORD,
                    "the name of a workspace",
                    hint=_no_wildcard,
                ),
                FormWord(
                    "runPhase",
                    "The phase of the run.",
                    "apply",
                    r"plan|apply",
                    "`plan` or `apply`",
                    hint=_no_wildcard,
                ),
            ),
            (TokenText("https://{host}"),),
            (
                TokenText(
                    "organization:{organization}:project:{project}:workspace:{workspace}:run_phase:{runPhase}"
                ),
            ),
            ClaimLanguage(
                "https://app.terraform.io",
                r"https://app(?:\.eu)?\.terraform\.io",
                {"sub": _ANY},
                (("", ("sub",)),),
                r"organization:[^*?:]+:project:[^*?:]+:workspace:[^*?:]+:",
            ),
        ),
        WorkloadForm(
            "azureDevOps",
            (
                "A service connection of Azure DevOps, with that service's own issuer (which retires in "
                "July 2027)."
            ),
            (
                FormWord(
                    "organizationId",
                    "The id of the organization.",
                    "00000000-0000-0000-0000-000000000001",
                    _GUID,
                    "an id",
                ),
                FormWord(
                    "organization", "The organization.", "example", _SEGMENT, "the name of an organization"
                ),
                FormWord("project", "The project.", "MyApp", _SEGMENT, "the name of a project"),
                FormWord(
                    "serviceConnection", "The connection.", "prod", _SEGMENT, "the name of a connection"
                ),
            ),
            (TokenText("https://vstoken.dev.azure.com/{organizationId}"),),
            (TokenText("sc://{organization}/{project}/{serviceConnection}"),),
        ),
        WorkloadForm(
            "kubernetes",
            "A service account of a cluster.",
            (
                FormWord(
                    "issuer",
                    "The issuer of the cluster's tokens.",
                    "https://westeurope.oic.prod-aks.azure.com/TENANT/ID/",
                    r"https://[^\s/?#]+[^\s?#]*",
                    "an https URL, as `iss` of its tokens has it",
                ),
                FormWord(
                    "namespace",
                    "The namespace.",
                    "default",
                    r"[0-9a-z](?:[0-9a-z-]*[0-9a-z])?",
                    "the name of a namespace",
                ),
                FormWord(
                    "serviceAccount",
                    "The service account.",
                    "myapp",
                    r"[0-9a-z](?:[0-9a-z.-]*[0-9a-z])?",
                    "the name of a service account",
                ),
            ),
            (TokenText("{issuer}"),),
            (TokenText("system:serviceaccount:{namespace}:{serviceAccount}"),),
        ),
        WorkloadForm(
            "managedIdentity",
            "A managed identity of Azure, in the public cloud.",
            (
                FormWord(
                    "objectId",
                    "The object id of the identity (not its client id).",
                    "00000000-0000-0000-0000-000000000002",
                    _GUID,
                    "an id in lower case",
                ),
                FormWord(
                    "tenantId",
                    "The tenant that it is in; absent: the environment's.",
                    "00000000-0000-0000-0000-000000000003",
                    _GUID,
                    "an id in lower case",
                ),
            ),
            (TokenText("https://login.microsoftonline.com/{tenantId}/v2.0"),),
            (TokenText("{objectId}"),),
        ),
    )
}


def recognized(issuer: str, subject: str) -> tuple[str, Words] | None:
    """Return the form that makes just this issuer and subject, and its words; None where none does."""
    for form in FORMS.values():
        of_issuer = _of_issuer(form, issuer)
        for pattern in form.subjects if of_issuer is not None else ():
            of_subject = form.taken(pattern, subject)
            if of_issuer is not None and of_subject is not None:
                return form.key, {**of_issuer, **of_subject}
    return None


def matching(issuer: str, text: str) -> tuple[str, Words] | None:
    """Return the form that takes an expression on tokens of this issuer, and its words; None where none
    does.
    """
    found, language = expression.clauses(text), language_of(issuer)
    form = next((each for each in FORMS.values() if language is not None and each.language is language), None)
    words = _of_issuer(form, issuer) if form else None
    if (
        form is None
        or language is None
        or words is None
        or not found
        or any(expression.refused(found, language))
    ):
        return None
    return form.key, {**words, "matches": text}


def _of_issuer(form: WorkloadForm, issuer: str) -> Words | None:
    return next((words for each in form.issuers if (words := form.taken(each, issuer)) is not None), None)


def language_of(issuer: str) -> ClaimLanguage | None:
    """Return what Entra matches of the tokens of an issuer; None where it matches none, or where nobody
    knows.
    """
    languages = (form.language for form in FORMS.values() if form.language)
    return next((each for each in languages if re.fullmatch(each.issuers, issuer)), None)
