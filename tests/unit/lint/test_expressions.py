"""Rules on federated credentials that are written by a form, or match by an expression: the same findings, at the right word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lint.snippets import HEAD, linted, marked

WHOLE = (
    HEAD
    + """\
applications:
  app:
    type: daemon
    displayName: App
    federatedCredentials:
      workload: { %s }
    apiPermissions:
      api: { application: [Writer] }
  api:
    type: api
    displayName: API
    appRoles:
      Writer: { displayName: Writer, description: Writes., allowedMemberTypes: [Application] }
"""
)
BY_ID, BY_OWNER = "claims['repository_id'] eq '5678'", "claims['repository_owner_id'] eq '1234'"
PULL, BRANCH, WIDE = "fic-pull-request-writes", "fic-ref-instead-of-environment", "fic-flexible-wildcard"
FLOW = "claims['job_workflow_ref'] eq 'o/r/.github/workflows/x.yml@refs/heads/main'"


def told(text: str, folder: Path) -> dict[str, tuple[int, int]]:
    """Return where the rules on federated credentials found something."""
    found = linted(text, folder).findings
    return {each.rule: (each.position.line, each.position.column) for each in found if each.rule[:4] == "fic-" and each.position}


@pytest.mark.parametrize(
    ("words", "rules"),
    [
        ("github: { repository: o@1/r@2, pullRequest: «true }", {PULL}),
        ("github: { repository: o@1/r@2, branch: «main }", {BRANCH}),
        ("github: { repository: «o/r, environment: prod }", {"fic-github-old-subject"}),
        ("github: { repository: o@1/r@2, environment: prod }", set()),
        ("github: { repository: o@1/r@2, environment: prod }, audience: «api://x", {"fic-audience-not-default"}),
    ],
)
def test_a_form_is_seen_as_what_it_makes(words: str, rules: set[str], tmp_path: Path) -> None:
    """At the word that makes it so."""
    found = told(WHOLE % words.replace("«", ""), tmp_path)
    assert set(found) == rules
    if rules:
        assert set(found.values()) == {marked(WHOLE % words)[1]}


@pytest.mark.parametrize(
    ("form", "expression", "rules"),
    [
        ("github", f"claims['sub'] matches 'repo:o/r:*' and {BY_ID}", {PULL, BRANCH}),
        ("github", f"claims['sub'] matches 'repo:o/r:*' and {BY_ID} and {FLOW}", set()),
        ("github", f"claims['sub'] matches 'repo:o/r:ref:refs/heads/*' and {BY_ID}", {BRANCH}),
        ("github", f"claims['sub'] matches 'repo:o/r:pull_re*' and {BY_ID}", {PULL}),
        ("github", f"claims['sub'] matches 'repo:o/r:environment:*' and {BY_ID}", set()),
        ("github", f"claims['sub'] eq 'repo:o/r:pull_request' and {BY_ID}", {PULL}),
        ("github", f"claims['sub'] matches 'repo:o/*:environment:prod' and {BY_ID}", set()),
        ("github", f"claims['sub'] matches 'repo:o/*:environment:prod' and {BY_OWNER}", {WIDE}),
        ("github", f"claims['sub'] matches 'repo:o/r*' and {BY_OWNER}", {WIDE}),
        ("github", f"claims['sub'] matches 'repo:o/?:environment:prod' and {BY_OWNER}", {WIDE}),
        ("github", f"claims['sub'] matches '*' and {BY_OWNER}", {WIDE}),
        ("github", f"claims['sub'] matches 'job_workflow_ref:o/r/.github/workflows/x.yml@refs/tags/*' and {BY_OWNER}", set()),
        ("gitlab", "claims['sub'] matches 'project_path:g/*' and claims['project_id'] eq '5'", set()),
        ("gitlab", "claims['sub'] matches '*:ref:main'", {WIDE}),
        ("gitlab", "claims['sub'] eq 'ref:main'", set()),
        ("terraformCloud", "claims['sub'] matches 'organization:o:project:p:workspace:w:run_phase:*'", set()),
        ("terraformCloud", "claims['sub'] matches 'organization:o:project:p:*'", {WIDE}),
    ],
)
def test_an_expression_is_judged_by_what_it_matches(form: str, expression: str, rules: set[str], tmp_path: Path) -> None:
    """Whatever of a pull request, a branch or another repository it lets in."""
    words = f'{form}: {{ matches: «"{expression}" }}'
    found = told(WHOLE % words.replace("«", ""), tmp_path)
    assert set(found) - {"fic-no-workflow-ref"} == rules
    assert set(found.values()) <= {marked(WHOLE % words)[1]}


def test_two_expressions_that_differ_in_case_mean_the_same(tmp_path: Path) -> None:
    """As two subjects do; two different ones do not."""
    one, two = (f"claims['sub'] matches '{sub}' and {BY_ID}" for sub in ("repo:o/r:environment:*", "repo:O/r:environment:*"))
    words = f'github: {{ matches: "{one}" }} }}\n      other: {{ github: {{ matches: "{two}" }}'
    assert "fic-duplicate" in told(WHOLE % words, tmp_path)
    assert "fic-duplicate" not in told(WHOLE % words.replace("O/r", "o/x"), tmp_path)
