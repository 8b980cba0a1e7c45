"""Rules on federated credentials that are written by a form, or match by an expression: the same findings,
at the right word.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from entra_config import reconcile
from entra_config.lint import model, run, table, tenant
from entra_config.manifest import loader
from entra_emulator.embedded import Embedded
from tests.unit.lint.snippets import HEAD, NOW, linted, marked
from tests.world import signed_in

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


def reported(text: str, folder: Path) -> dict[str, tuple[int, int]]:
    """Return where the rules on federated credentials found something."""
    found = linted(text, folder).findings
    return {
        each.rule: (each.position.line, each.position.column)
        for each in found
        if each.rule[:4] == "fic-" and each.position
    }


@pytest.mark.parametrize(
    ("words", "rules"),
    [
        ("github: { repository: o@1/r@2, pullRequest: «true }", {PULL}),
        ("github: { repository: o@1/r@2, branch: «main }", {BRANCH}),
        ("github: { repository: «o/r, environment: prod }", {"fic-github-old-subject"}),
        ("github: { repository: o@1/r@2, environment: prod }", set()),
        (
            "github: { repository: o@1/r@2, environment: prod }, audience: «api://x",
            {"fic-audience-not-default"},
        ),
    ],
)
def test_a_form_is_seen_as_what_it_makes(words: str, rules: set[str], tmp_path: Path) -> None:
    """At the word that makes it so."""
    found = reported(WHOLE % words.replace("«", ""), tmp_path)
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
        (
            "github",
            (
                "claims['sub'] matches 'job_workflow_ref:o/r/.github/workflows/x.yml@refs/tags/*' and "
                f"{BY_OWNER}"
            ),
            set(),
        ),
        ("gitlab", "claims['sub'] matches 'project_path:g/*' and claims['project_id'] eq '5'", set()),
        ("gitlab", "claims['sub'] matches '*:ref:main'", {WIDE}),
        ("gitlab", "claims['sub'] eq 'ref:main'", set()),
        ("terraformCloud", "claims['sub'] matches 'organization:o:project:p:workspace:w:run_phase:*'", set()),
        ("terraformCloud", "claims['sub'] matches 'organization:o:project:p:*'", {WIDE}),
    ],
)
def test_an_expression_is_judged_by_what_it_matches(
    form: str, expression: str, rules: set[str], tmp_path: Path
) -> None:
    """Whatever of a pull request, a branch or another repository it lets in."""
    words = f'{form}: {{ matches: «"{expression}" }}'
    found = reported(WHOLE % words.replace("«", ""), tmp_path)
    assert set(found) - {"fic-no-workflow-ref"} == rules
    assert set(found.values()) <= {marked(WHOLE % words)[1]}


def test_two_expressions_that_differ_in_case_mean_the_same(tmp_path: Path) -> None:
    """As two subjects do; two different ones do not."""
    one, two = (
        f"claims['sub'] matches '{sub}' and {BY_ID}"
        for sub in ("repo:o/r:environment:*", "repo:O/r:environment:*")
    )
    words = f'github: {{ matches: "{one}" }} }}\n      other: {{ github: {{ matches: "{two}" }}'
    assert "fic-duplicate" in reported(WHOLE % words, tmp_path)
    assert "fic-duplicate" not in reported(WHOLE % words.replace("O/r", "o/x"), tmp_path)


@pytest.mark.parametrize(
    ("expressions", "rules"),
    [
        (["claims['sub'] matches 'repo:o/*' and " + BY_OWNER], {WIDE}),
        (
            [
                "claims['sub'] matches 'repo:o/r:*' and " + BY_ID,
                "claims['sub'] matches 'repo:o/x:*' and " + BY_ID,
            ],
            {PULL, BRANCH},
        ),
    ],
)
def test_what_somebody_added_to_the_tenant_is_read_where_it_matches_by_an_expression(
    expressions: list[str], rules: set[str], tmp_path: Path
) -> None:
    """Which only the beta endpoint tells; two of them are two."""

    async def reported() -> set[str]:
        path = tmp_path / "entra-config.yaml"
        path.write_text(WHOLE % "github: { repository: o@1/r@2, environment: prod }", encoding="utf-8")
        loaded = loader.loaded(path)[-1]
        embedded = Embedded.create()
        async with await signed_in(embedded) as graph:
            planned = await reconcile.plan(loaded.manifest, graph, now=NOW)
            outcome = await reconcile.apply(planned, graph, sleep=_at_once)
            assert not outcome.failed
            credentials = embedded.directory.default.federated_identity_credentials
            (row,) = (row for row in credentials if row["subject"] == "repo:o@1/r@2:environment:prod")
            for number, value in enumerate(expressions):
                said = {"subject": None, "claimsMatchingExpression": {"value": value, "languageVersion": 1}}
                credentials.put({**row, **said, "id": f"{number}{row['id'][1:]}", "name": f"other{number}"})
            read = await tenant.read(graph, loaded.manifest)
        requested = model.LintRequest(table.built_in(), NOW, (loaded.manifest.environment,), "regular")
        seen = run.tenant_views(run.manifest_views([loaded], requested), {loaded.manifest.environment: read})[
            0
        ]
        return {each.rule for each in run.findings(seen, "live", requested) if each.rule.startswith("fic-")}

    assert asyncio.run(reported()) - {"fic-no-workflow-ref", "fic-github-old-subject"} == rules


async def _at_once(_: float) -> None:
    """Do not wait."""
