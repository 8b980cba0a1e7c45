"""The access tests of the worked example: all hold, and each refusal rests on a line of the manifest."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from entra_config.testing import reading, runs
from entra_config.testing.results import Results

EXAMPLE = Path(__file__).parents[2] / "manifests"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
GRID = "gives everybody the roles of the access model, and nobody another"
WIDER = ("access.yaml", "Reader: { groups: [All Staff] }")
SUBJECT = 'subject: "repo:example/myapp:environment:${environment}"'
API, CLIENTS = "applications/api.yaml", "applications/clients.yaml"

# What is refused: the line of the manifest that refuses it, and as what it no longer does.
MUTATIONS = {
    f"{GRID}: ivan@contoso.com": (*WIDER, "Reader: { groups: [All Staff, Visitors] }"),
    f"{GRID}: judy@contoso.com": (*WIDER, "Reader: { groups: [All Staff, On call] }"),
    f"{GRID}: li@contoso.com": (*WIDER, "Reader: { groups: [All Staff, MyApp Developers] }"),
    f"{GRID}: mallory@contoso.com": (*WIDER, "Reader: { groups: [All Staff], users: [mallory@contoso.com] }"),
    "keeps strangers out": (API, "assignmentRequired: true", "assignmentRequired: false"),
    "keeps strangers out of the terminal too": (API, "assignmentRequired: true", "assignmentRequired: false"),
    "keeps the administrators of prod out of dev": (
        "entra-config.yaml",
        "groups: [MyApp Developers]",
        "groups: [MyApp Admins]",
    ),
    "lets nobody administer through the page": (
        API,
        "spa: [user.read, user.write]",
        "spa: [user.read, user.write, user.admin]",
    ),
    "offers no scope that deletes": (
        API,
        "    appRoles:\n",
        (
            "      user.delete: { displayName: Delete, description: Deletes., whoCanConsent: admins }\n  "
            "  appRoles:\n"
        ),
    ),
    "lets the page read no profiles of Microsoft Graph": (
        CLIENTS,
        "delegated: [openid, profile, offline_access]",
        "delegated: [openid, profile, offline_access, User.Read]",
    ),
    "sends no code to another site": (
        CLIENTS,
        "      - ${spaUrl}/auth/callback\n",
        "      - ${spaUrl}/auth/callback\n      - https://app.example.net/\n",
    ),
    "sends no code to a developer's machine from prod": (
        "entra-config.yaml",
        "      settings: { spas: { spa: { awsStack: aws.json } } }",
        (
            '      applications: { spa: { redirectUris: ["${spaUrl}/", "${spaUrl}/auth/callback", '
            '"${spaUrl}/redirect.html", "https://localhost:5173/"] } }\n'
            "      settings: { spas: { spa: { awsStack: aws.json } } }"
        ),
    ),
    "gives the page no token of its own, even with a secret": (
        API,
        "assignmentRequired: true",
        "assignmentRequired: false",
    ),
    "asks for consent before anybody administers in dev": (
        API,
        "devClient: [user.read, user.write]",
        "devClient: [user.read, user.write, user.admin]",
    ),
    "lets nobody administer through the API's own page": (
        API,
        "docs: [user.read, user.write]",
        "docs: [user.read, user.write, user.admin]",
    ),
    "signs nobody in on the API's own page in prod": (
        CLIENTS,
        "    only: [dev]\n    displayName: MyApp API Docs",
        "    displayName: MyApp API Docs",
    ),
    "has no developers' client in prod": (
        CLIENTS,
        "    only: [dev]\n    displayName: MyApp Dev Client",
        "    displayName: MyApp Dev Client",
    ),
    "keeps the workflow of dev out of prod": (
        CLIENTS,
        SUBJECT,
        'subject: "repo:example/myapp:environment:dev"',
    ),
    "keeps a branch without an environment out": (
        CLIENTS,
        SUBJECT,
        'subject: "repo:example/myapp:ref:refs/heads/main"',
    ),
    "keeps another repository out": (
        CLIENTS,
        SUBJECT,
        'subject: "repo:example/other:environment:${environment}"',
    ),
    "keeps another issuer out": (
        CLIENTS,
        "https://token.actions.githubusercontent.com",
        "https://gitlab.com",
    ),
    "keeps a token for somebody else out": (
        CLIENTS,
        f"{SUBJECT} }}",
        f"{SUBJECT}, audience: sts.amazonaws.com }}",
    ),
    "lets the API ask Microsoft Graph for nobody": (
        API,
        "    enterpriseApplication:",
        (
            "    apiPermissions: { Microsoft Graph: { delegated: [User.Read], adminConsent: true } }\n   "
            " enterpriseApplication:"
        ),
    ),
}


def run(folder: Path, name: str = "") -> Results:
    """Run the tests of a copy of the example: one, or all."""
    return asyncio.run(runs.run(folder, now=NOW, wanted=lambda test: name in ("", test.name)))


def test_the_worked_example_has_forty_tests_that_hold() -> None:
    """Forty at least, among them a grid of twelve people and three roles, and each refusal has a mutation
    below.
    """
    tests = [test for suite in reading.load(EXAMPLE) for test in suite.tests]
    found = run(EXAMPLE)

    assert len(tests) >= 40
    assert sum(test.name.startswith(GRID) for test in tests) == 12
    assert found.failed == ()
    assert found.notes == ()
    assert {test.name for test in tests if test.expected.refused} == set(MUTATIONS)
    assert {result.test.name for result in found.results} == {test.name for test in tests}


@pytest.mark.parametrize("name", MUTATIONS)
def test_each_refusal_rests_on_one_line_of_the_manifest(name: str, tmp_path: Path) -> None:
    """That line changed, the test is red."""
    file, old, new = MUTATIONS[name]
    folder = tmp_path / "manifests"
    shutil.copytree(EXAMPLE, folder)
    text = (folder / file).read_text()
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new))

    assert run(folder, name).failed != ()
