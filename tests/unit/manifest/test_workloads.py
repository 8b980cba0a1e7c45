"""Federated credentials that name a workload: the words that name one, issuer and subject, and back again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entra_config.cli import wiring
from entra_config.cli.options import Common
from entra_config.errors import ManifestError, Position
from entra_config.graph import clouds
from entra_config.manifest.fields import expression
from entra_config.manifest.fields.pipeline_workloads import GITHUB
from entra_config.manifest.fields.workload import Words, WorkloadForm
from entra_config.manifest.fields.workloads import FORMS, recognized
from entra_config.manifest.reading import yaml
from entra_config.manifest.reading.problems import Problems as Found
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sections import workloads
from tests.unit.manifest.conftest import One, Problems

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


@pytest.mark.parametrize(("node", "issuer", "subject"), MADE)
def test_issuer_and_subject_are_recognized(node: dict[str, Any], issuer: str, subject: str) -> None:
    """What import writes is what somebody would have written by hand."""
    ((key, words),) = node.items()
    found = recognized(issuer, subject)
    assert found is not None
    assert found[0] == key
    assert {"tenantId": TENANT, **found[1]} == {"tenantId": TENANT, **words}


WORD = {
    "repository": st.from_regex(
        r"[a-zA-Z0-9._-]{1,9}/[a-zA-Z0-9._-]{1,9}|[a-z]{1,3}@[0-9]{1,3}/[a-z]{1,3}@[0-9]{1,3}", fullmatch=True
    ),
    "environment": st.from_regex(
        r"[^\s*?%\x00-\x1f\x7f-\x9f](:?[^\s*?%\x00-\x1f\x7f-\x9f]){0,9}", fullmatch=True
    ),
    "branch": st.from_regex(r"[a-z0-9/._-]{1,12}", fullmatch=True),
    "tag": st.from_regex(r"[a-z0-9/._+-]{1,12}", fullmatch=True),
    "role": st.from_regex(
        r"arn:aws:iam::[0-9]{12}:role/([a-z]{1,4}/)?[A-Za-z0-9_+=,.@-]{1,12}", fullmatch=True
    ),
    "objectId": st.uuids().map(str),
    "tenantId": st.uuids().map(str),
    "organizationId": st.uuids().map(str),
    "host": st.sampled_from(["git.example.com", "app.example.com:8443"]),
    "project": st.from_regex(r"[a-z]{1,5}/[a-z]{1,5}", fullmatch=True),
    "runPhase": st.sampled_from(["plan", "apply"]),
    "workflow": st.just("o/r/.github/workflows/x.yml@refs/tags/v1"),
    "enterprise": st.from_regex(r"[a-z-]{1,9}", fullmatch=True),
    "issuer": st.just(ISSUER),
}
NAME = st.from_regex(r"[a-z][a-z0-9-]{0,9}[a-z0-9]", fullmatch=True)


@st.composite
def named(draw: st.DrawFn) -> tuple[WorkloadForm, Words]:
    """Draw a workload of any form, with one of its choices and some of what need not be said."""
    form = FORMS[draw(st.sampled_from(sorted(FORMS)))]
    optional = [each.key for each in form.parts if each.absent == ""]
    keys = [
        *form.of_issuer,
        *form.shared,
        *optional,
        *([draw(st.sampled_from(form.choices))] if form.choices else []),
    ]
    flags = {each.flag for each in form.subjects}
    words: dict[str, str | bool] = {}
    for key in keys:
        if key in flags:
            words[key] = True
        elif form.part(key).absent is None or draw(st.booleans()):
            slashes = form.key != "gitlab" and key == "project"
            words[key] = draw(NAME if slashes else WORD.get(key, NAME))
    return form, words


@given(named())
def test_what_is_made_is_recognized_as_itself(drawn: tuple[WorkloadForm, Words]) -> None:
    """Words, issuer and subject, and the same words again: nothing is lost and nothing taken for something else."""
    form, words = drawn
    workload, problems = read({form.key: words})
    assert problems == []
    found = recognized(workload.issuer, workload.subject)
    assert found is not None
    again, problems = read({found[0]: found[1]})
    assert problems == []
    assert (again.issuer, again.subject) == (workload.issuer, workload.subject)
    assert (found[0], found[1]) == (form.key, words)


@given(
    st.sampled_from(
        [*(issuer for _, issuer, _ in MADE), "https://sts.amazonaws.com", f"{GITHUB}/", "https://i.example"]
    ),
    st.sampled_from([subject for _, _, subject in MADE]),
    st.integers(0, 60),
    st.sampled_from(["", ":", "*", "/", "A", "%3A", "%3a", " ", "\n", "@1", "ж"]),
)
def test_whatever_is_recognized_is_made_of_its_words_to_the_letter(
    issuer: str, subject: str, at: int, put: str
) -> None:
    """Mangled subjects too: import never writes words that make another credential."""
    mangled = subject[:at] + put + subject[at:]
    found = recognized(issuer, mangled)
    if found is not None:
        again, problems = read({found[0]: found[1]})
        assert problems == []
        assert (again.issuer, again.subject) == (issuer, mangled)


AWS = {"issuer": ISSUER, "role": ROLE}


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
        ({"aws": {**AWS, "account": "1"}}, "`account` is no key of `aws`. Known: `issuer` and `role`."),
        ({"aws": AWS, "issuer": ISSUER}, "`issuer` stands beside `aws`: a federated credential names one workload"),
        ({"aws": AWS, "github": {"repository": "o/r", "tag": "v"}}, "`github` stands beside `aws`"),
        ({"github": {"repository": "o/r"}}, "`github` needs one of `environment`, `branch`, `tag`, `pullRequest` or `matches`"),
        ({"github": {"environment": "prod"}}, "`repository` of `github` is missing: a repository, `OWNER/REPO` or `OWNER@ID/REPO@ID`, such as `example@1234/myapp@5678`"),
        ({"github": {"repository": "o/r", "branch": "a", "tag": "b"}}, "`tag` stands beside `branch`: a subject has one of them"),
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
        ({"github": {"matches": "x", "repository": "o/r"}}, "`repository` stands beside `matches`"),
        ({"github": {"matches": "claims['sub'] eq 'x'", "enterprise": "acme"}}, "Entra matches no expressions with tokens of https://token.actions.githubusercontent.com/acme"),
        ({"gitlab": {"matches": "claims['sub'] matches 'project_path:g/p:*'"}}, "without `project_id`"),
        ({"gitlab": {"matches": "claims['sub'] matches 'x:*'", "host": "gitlab.example.org"}}, "Entra matches no expressions with tokens of https://gitlab.example.org"),
        ({"aws": {**AWS, "matches": "x"}}, "`matches` is no key of `aws`"),
        ({"issuer": "https://i.example", "subject": "s", "matches": "claims['a'] eq 'b'"}, "`subject` stands beside `matches`: Graph takes one"),
        ({"issuer": "https://i.example", "matches": "x"}, "`matches`: expected"),
        ({"issuer": "https://i.example"}, "`subject` of it is missing"),
    ],
)  # fmt: skip
def test_wrong_words_are_told_with_the_right_ones(node: dict[str, Any], message: str) -> None:
    """Where they stand, and what to write."""
    found, problems = read(node)
    assert any(message in line for line in problems), problems
    assert found == workloads.WorkloadIdentity() or "issuer" in node


def test_an_error_stands_at_its_word(problems: Problems) -> None:
    """Not at the credential."""
    text = (
        "applications:\n  a:\n    type: daemon\n    displayName: A\n    federatedCredentials:\n      abc:\n"
        "        aws:\n          issuer: https://sts.amazonaws.com\n          role: arn:aws:sts::123456789012:assumed-role/a/b\n"
    )
    lines = problems(text)
    assert [line.partition(" ")[0].rpartition("yaml:")[2] for line in lines] == ["10:19:", "11:17:"]


def test_null_takes_a_word_or_a_form_away() -> None:
    """So an override names another branch, or another sort of workload."""
    found, problems = read(
        {"github": {"repository": "o/r", "environment": None, "pullRequest": None, "branch": "main"}}
    )
    assert (found.subject, problems) == ("repo:o/r:ref:refs/heads/main", [])
    found, problems = read({"github": None, "subject": None, "aws": AWS})
    assert (found.subject, problems) == (ROLE, [])


MATCHES = "claims['sub'] matches 'repo:o/r:ref:refs/heads/*' and claims['repository_id'] eq '56'"


@pytest.mark.parametrize(
    ("node", "issuer"),
    [
        ({"github": {"matches": MATCHES}}, GITHUB),
        ({"gitlab": {"matches": "claims['sub'] matches 'project_path:g/p:*' and claims['project_id'] eq '5'"}}, "https://gitlab.com"),
        ({"gitlab": {"matches": "claims['sub'] matches 'x:*'", "host": "git.example.ca"}}, "https://git.example.ca"),
        ({"terraformCloud": {"matches": "claims['sub'] matches 'organization:o:*'"}}, "https://app.terraform.io"),
        ({"terraformCloud": {"matches": "claims['sub'] eq 'x'", "host": "app.eu.terraform.io"}}, "https://app.eu.terraform.io"),
        ({"issuer": "https://i.example", "matches": "claims['x'] matches 'y*'"}, "https://i.example"),
    ],
)  # fmt: skip
def test_an_expression_stands_for_the_subject(node: dict[str, Any], issuer: str) -> None:
    """Of the issuers that Entra matches expressions of; written out, of any."""
    found, problems = read(node)
    assert problems == []
    ((_, words),) = node.items() if len(node) == 1 else ((None, node),)
    assert (found.issuer, found.subject, found.expression) == (issuer, "", words["matches"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MATCHES, [("sub", "matches", "repo:o/r:ref:refs/heads/*"), ("repository_id", "eq", "56")]),
        ("claims['sub'] eq 'it''s and claims[''x'']'", [("sub", "eq", "it's and claims['x']")]),
        ("claims['sub']  eq 'x'", None),
        ("claims['sub'] eq 'x' and ", None),
        ("claims['sub'] eq 'x' or claims['sub'] eq 'y'", None),
        ("claims['sub'] EQ 'x'", None),
        ("claims[sub] eq 'x'", None),
        ("claims['sub'] eq 'x' ", None),
        ("", None),
    ],
)
def test_an_expression_is_read(text: str, said: list[tuple[str, str, str]] | None) -> None:
    """As strictly as Microsoft describes the language."""
    found = expression.clauses(text)
    assert (found if found is None else [(each.claim, each.operator, each.value) for each in found]) == said
