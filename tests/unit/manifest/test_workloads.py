"""Federated credentials that name a workload: the words that name one make issuer and subject."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from entra_config.cli import wiring
from entra_config.cli.options import Common
from entra_config.errors import ManifestError, Position
from entra_config.graph import clouds
from entra_config.manifest.sections import workloads
from tests.unit.manifest.conftest import One
from tests.unit.manifest.workload_forms import AWS, ISSUER, MADE, OBJECT, ROLE, TENANT, read


@pytest.mark.parametrize("cloud", clouds.NAMES)
def test_a_managed_identity_s_form_is_of_the_public_cloud(one: One, tmp_path: Path, cloud: str) -> None:
    """Elsewhere another host issues its tokens: each is told at its line, what is written out stands."""
    written = {"issuer": "https://login.microsoftonline.us/t/v2.0", "subject": OBJECT}
    forms = {"own": {"managedIdentity": {"objectId": OBJECT}}, "out": written, "task": {"aws": AWS}}
    one(f"type: daemon, federatedCredentials: {json.dumps(forms)}")
    here = Common(manifest=tmp_path, cloud=cloud)

    if cloud in {"global", "emulator"}:
        assert wiring.manifest(here).applications
        return
    with pytest.raises(ManifestError) as caught:
        wiring.manifest(here)
    (problem,) = caught.value.problems
    assert (problem.position or Position("", 0)).line > 1
    assert f"issuer of the public cloud, https://login.microsoftonline.com/{TENANT}/v2.0" in problem.message
    assert f"this is {cloud}: write `issuer`, `subject` and `audience`" in problem.message


@pytest.mark.parametrize(("node", "issuer", "subject"), MADE)
def test_words_make_issuer_and_subject(one: One, node: dict[str, Any], issuer: str, subject: str) -> None:
    """As the tokens of that workload have them; the audience is Entra's."""
    found = one(f"type: daemon, federatedCredentials: {{ abc: {json.dumps(node)} }}").federated_credentials[
        "abc"
    ]
    assert (found.issuer, found.subject, found.expression) == (issuer, subject, None)
    assert found.audience == "api://AzureADTokenExchange"


def test_an_audience_and_a_description_stand_beside_a_form(one: One) -> None:
    """They say nothing of whose tokens are meant."""
    words = "github: { repository: o/r, branch: main }, audience: x, description: CI"
    found = one(f"type: daemon, federatedCredentials: {{ abc: {{ {words} }} }}").federated_credentials["abc"]
    assert (found.audience, found.description) == ("x", "CI")


@pytest.mark.parametrize(
    ("node", "message"),
    [
        ({"aws": {**AWS, "role": "arn:aws:sts::123456789012:assumed-role/bff/i-0"}}, "that is a session, and its token names the role: `arn:aws:iam::123456789012:role/bff`"),
        ({"aws": {**AWS, "role": "ARN:AWS:IAM::123456789012:Role/Bff"}}, "Entra compares letter by letter: `arn:aws:iam::123456789012:role/Bff`"),
        ({"aws": {**AWS, "role": "bff"}}, "`role`: `bff` is not the ARN of a role, `arn:aws:iam::ACCOUNT:role/NAME`"),
        ({"aws": {**AWS, "role": "arn:aws:iam::123456789012:role/*"}}, "is not the ARN of a role"),
        ({"aws": {**AWS, "issuer": "https://sts.amazonaws.com"}}, "STS itself signs nothing that Entra can verify; each account has an issuer of its own, read it with `aws iam get-outbound"),
        ({"aws": {**AWS, "issuer": f"{ISSUER}/"}}, "is not the issuer of an account"),
        ({"aws": {"role": ROLE}}, "`issuer` of `aws` is missing: the issuer of an account"),
        ({"aws": {**AWS, "account": "1"}}, "`account` is not a key of `aws`. Known: `issuer` and `role`."),
        ({"aws": AWS, "issuer": ISSUER}, "`issuer` cannot be set next to `aws`: a federated credential names one workload"),
        ({"aws": AWS, "github": {"repository": "o/r", "tag": "v"}}, "`github` cannot be set next to `aws`"),
        ({"github": {"repository": "o/r"}}, "`github` needs one of `environment`, `branch`, `tag`, `pullRequest` or `matches`"),
        ({"github": {"environment": "prod"}}, "`repository` of `github` is missing: a repository, `OWNER/REPO` or `OWNER@ID/REPO@ID`, such as `example@1234/myapp@5678`"),
        ({"github": {"repository": "o/r", "branch": "a", "tag": "b"}}, "`tag` cannot be set next to `branch`: a subject has one of them"),
        ({"github": {"repository": "https://github.com/o/r.git", "tag": "b"}}, "write `o/r`"),
        ({"github": {"repository": "o@1/r", "tag": "b"}}, "both have their id"),
        ({"github": {"repository": "o/*", "tag": "b"}}, "is not a repository"),
        ({"github": {"repository": "o/r", "branch": "refs/heads/main"}}, "write `main`"),
        ({"github": {"repository": "o/r", "branch": "release/*"}}, "an exact subject has no wildcards: `matches` takes them"),
        ({"github": {"repository": "o/r", "environment": "*"}}, "an exact subject has no wildcards"),
        ({"github": {"repository": "o/r", "tag": "v", "workflow": "plan.yml"}}, "is not a workflow at a ref"),
        ({"github": {"repository": "o/r", "workflow": "o/r/.github/workflows/x.yml@refs/tags/v1"}}, "`github` needs one of `environment`, `branch`"),
        ({"github": {"repository": "o/r", "pullRequest": False}}, "`pullRequest` is true, or not written"),
        ({"github": {"repository": "o/r", "environment": "x" * 600}}, "makes a subject of 621 characters; Graph takes 600"),
        ({"gitlab": {"project": "p", "tag": "v"}}, "is not the path of a project, `GROUP/PROJECT`"),
        ({"gitlab": {"project": "g/p", "tag": "v", "host": "https://gitlab.com"}}, "is not a host name"),
        ({"kubernetes": {"issuer": "http://i", "namespace": "n", "serviceAccount": "s"}}, "is not an https URL"),
        ({"managedIdentity": {"objectId": OBJECT.replace("2", "A")}}, "is not an id in lower case"),
        ({"terraformCloud": {"organization": "o", "project": "p", "workspace": "w", "runPhase": "*"}}, "is not `plan` or `apply`: an exact subject has no wildcards: `matches` takes them"),
        ({"github": {"matches": "sub matches 'x'"}}, "`matches`: expected `claims['NAME'] eq 'TEXT'`"),
        ({"github": {"matches": "claims['sub'] like 'x'"}}, "`matches`: expected"),
        ({"github": {"matches": "claims['sub'] matches 'repo:o/r:*'"}}, "without `repository_id` or `repository_owner_id`"),
        ({"github": {"matches": "claims['repository_id'] eq '1'"}}, "without `sub`"),
        ({"github": {"matches": "claims['sub'] matches 'repo:o/r:*' and claims['repository_id'] matches '1'"}}, "`repository_id` is compared by `eq` alone"),
        ({"github": {"matches": "claims['sub'] eq 'repo:o/r:*' and claims['repository_id'] eq '1'"}}, "`eq` has no wildcards, `matches` has"),
        ({"github": {"matches": "claims['actor'] eq 'me'"}}, "Entra compares no claim `actor` of these tokens, but `sub`, `job_workflow_ref`"),
        ({"github": {"matches": "x", "repository": "o/r"}}, "`repository` cannot be set next to `matches`"),
        ({"github": {"matches": "claims['sub'] eq 'x'", "enterprise": "acme"}}, "Entra matches no expressions with tokens of https://token.actions.githubusercontent.com/acme"),
        ({"gitlab": {"matches": "claims['sub'] matches 'project_path:g/p:*'"}}, "without `project_id`"),
        ({"gitlab": {"matches": "claims['sub'] matches 'x:*'", "host": "gitlab.example.org"}}, "Entra matches no expressions with tokens of https://gitlab.example.org"),
        ({"aws": {**AWS, "matches": "x"}}, "`matches` is not a key of `aws`"),
        ({"issuer": "https://i.example", "subject": "s", "matches": "claims['a'] eq 'b'"}, "`subject` and `matches` are both set, but Graph accepts only one"),
        ({"issuer": "https://i.example", "matches": "x"}, "`matches`: expected"),
        ({"issuer": "https://i.example"}, "`subject` of it is missing"),
    ],
)  # fmt: skip
def test_wrong_words_are_told_with_the_right_ones(node: dict[str, Any], message: str) -> None:
    """Where they stand, and what to write."""
    found, problems = read(node)
    assert any(message in line for line in problems), problems
    assert found == workloads.WorkloadIdentity() or "issuer" in node


def test_null_takes_a_word_or_a_form_away() -> None:
    """So an override names another branch, or another sort of workload."""
    found, problems = read(
        {"github": {"repository": "o/r", "environment": None, "pullRequest": None, "branch": "main"}}
    )
    assert (found.subject, problems) == ("repo:o/r:ref:refs/heads/main", [])
    found, problems = read({"github": None, "subject": None, "aws": AWS})
    assert (found.subject, problems) == (ROLE, [])
