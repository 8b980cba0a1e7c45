"""What each form of a workload means, and a federated credential read out of JSON."""

from __future__ import annotations

import json
from typing import Any

from entra_config.manifest.fields.pipeline_workloads import GITHUB
from entra_config.manifest.reading import yaml
from entra_config.manifest.reading.problems import Problems as Found
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sections import workloads

TENANT = "11111111-1111-1111-1111-111111111111"
ISSUER = "https://0a1b2c3d-1111-2222-3333-444455556666.tokens.sts.global.api.aws"
ROLE = "arn:aws:iam::123456789012:role/bff"
OBJECT = "22222222-2222-2222-2222-222222222222"
# What each form means, written out by hand from the issuers' documentation.
MADE = [
    ({"aws": {"issuer": ISSUER, "role": ROLE}}, ISSUER, ROLE),
    ({"aws": {"issuer": ISSUER, "role": "arn:aws:iam::123456789012:role/team/Bff"}}, ISSUER, "arn:aws:iam::123456789012:role/team/Bff"),
    ({"github": {"repository": "o/r", "environment": "prod"}}, GITHUB, "repo:o/r:environment:prod"),
    ({"github": {"repository": "o/r", "environment": "eu:prod west"}}, GITHUB, "repo:o/r:environment:eu%3Aprod west"),
    ({"github": {"repository": "o/r", "branch": "release/1"}}, GITHUB, "repo:o/r:ref:refs/heads/release/1"),
    ({"github": {"repository": "o/r", "tag": "v1"}}, GITHUB, "repo:o/r:ref:refs/tags/v1"),
    ({"github": {"repository": "o@1/r@22", "pullRequest": True}}, GITHUB, "repo:o@1/r@22:pull_request"),
    ({"github": {"repository": "o/r", "tag": "v1", "enterprise": "acme"}}, f"{GITHUB}/acme", "repo:o/r:ref:refs/tags/v1"),
    (
        {"github": {"repository": "o/r", "pullRequest": True, "workflow": "o/r/.github/workflows/plan.yml@refs/heads/main"}},
        GITHUB,
        "repo:o/r:pull_request:job_workflow_ref:o/r/.github/workflows/plan.yml@refs/heads/main",
    ),
    ({"gitlab": {"project": "g/s/p", "branch": "main"}}, "https://gitlab.com", "project_path:g/s/p:ref_type:branch:ref:main"),
    ({"gitlab": {"project": "g/p", "tag": "v1", "host": "git.example.org"}}, "https://git.example.org", "project_path:g/p:ref_type:tag:ref:v1"),
    (
        {"terraformCloud": {"organization": "o", "project": "Default Project", "workspace": "w", "runPhase": "apply"}},
        "https://app.terraform.io",
        "organization:o:project:Default Project:workspace:w:run_phase:apply",
    ),
    (
        {"azureDevOps": {"organization": "o", "organizationId": OBJECT, "project": "My App", "serviceConnection": "prod"}},
        f"https://vstoken.dev.azure.com/{OBJECT}",
        "sc://o/My App/prod",
    ),
    (
        {"kubernetes": {"issuer": "https://oidc.example.com/id/", "namespace": "default", "serviceAccount": "myapp"}},
        "https://oidc.example.com/id/",
        "system:serviceaccount:default:myapp",
    ),
    ({"managedIdentity": {"objectId": OBJECT}}, f"https://login.microsoftonline.com/{TENANT}/v2.0", OBJECT),
    ({"managedIdentity": {"objectId": OBJECT, "tenantId": OBJECT}}, f"https://login.microsoftonline.com/{OBJECT}/v2.0", OBJECT),
]  # fmt: skip


def read(node: Any) -> tuple[workloads.WorkloadIdentity, list[str]]:
    """Read a federated credential that is written as JSON, which YAML is too."""
    problems = Found()
    reader = Reader(problems)
    fields = reader.map(yaml.read(json.dumps(node, ensure_ascii=False), "a.yaml"), "it")
    return workloads.read(fields, "it", reader, TENANT), [str(each) for each in problems.found]


AWS = {"issuer": ISSUER, "role": ROLE}
