"""What a restricted file brings about stays in its fence: stories of teams that share one manifest."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.manifest import loader
from tests.unit.manifest.conftest import HEAD, TENANT, Load, Problems, Write

OTHER = "5c1b2f7e-0000-4000-8000-000000000001"
FENCE = "applications/billing-*, appRoleAssignments/billing-*, enterpriseApplications/billing-*"
MAIN = """\
applications:
  api:
    type: api
    displayName: MyApp API
    scopes: { user.read: Read }
    appRoles: { Admin: { description: All., allowedMemberTypes: [User, Application] }, Writer: { description: W., allowedMemberTypes: [Application] } }
  old-tool: { type: daemon, displayName: Old tool }
"""
DAEMON = "{{ type: daemon, displayName: Billing, apiPermissions: {{ api: {{ application: [{}], adminConsent: {} }} }} }}"


def restricted(more: str = "") -> str:
    """Return a root file with a team's file behind its fence."""
    return HEAD + f"files:\n  - main.yaml\n  - {{ path: team.yaml, mayDeclare: [{FENCE}{more}] }}\n"


@pytest.mark.parametrize("named", ["MyApp API", "{ displayName: myapp api }", f"{{ appId: {OTHER} }}"])
def test_an_application_of_ours_is_no_enterprise_application(
    problems: Problems, write: Write, named: str
) -> None:
    """Story 5: a file with a key of its own names our API, and would make its author an administrator of it."""
    Path("entra-config.dev.lock.yaml").write_text(
        f"tenantId: {TENANT}\napplications:\n  api:\n    appId: {OTHER}\n"
    )
    team = (
        f"enterpriseApplications:\n  billing-invoices: {named}\n"
        "appRoleAssignments: { billing-invoices: { Admin: { users: [mallory@contoso.com] } } }\n"
    )
    for root in (restricted(), HEAD + "files: [main.yaml, team.yaml]\n"):
        found = problems(root, main=MAIN, team=team)
        assert found == [
            "team.yaml:2:3: enterprise application `billing-invoices` is `api` of this project: refer to it by that key"
        ]


def test_an_app_id_takes_what_the_lock_file_gives_it(load: Load, problems: Problems) -> None:
    """Story 6: a restricted file takes an attacker's or another team's application only where a reviewed pin says so."""
    team = f"applications:\n  billing-tool: {{ type: daemon, displayName: Billing, appId: {OTHER} }}\n"
    found = problems(restricted(), main=MAIN, team=team)
    assert found[0].startswith("team.yaml:2:55: `appId` of `billing-tool` stands in a file with `mayDeclare`")
    lock = Path("entra-config.dev.lock.yaml")
    lock.write_text(f"tenantId: {TENANT}\napplications:\n  old-tool:\n    appId: {OTHER}\n")
    assert "does not pin it to `billing-tool`" in problems(restricted(), main=MAIN, team=team)[0]
    lock.write_text(f"tenantId: {TENANT}\napplications:\n  billing-tool:\n    appId: {OTHER}\n")
    assert load(restricted(), main=MAIN, team=team).applications["billing-tool"].app_id == OTHER


def test_a_former_key_is_in_the_fence_too(load: Load, problems: Problems) -> None:
    """Story 6: `previously` takes no application of a key outside."""
    main = MAIN.replace("  old-tool: { type: daemon, displayName: Old tool }\n", "")
    team = "applications:\n  billing-tool: {{ type: daemon, displayName: Billing, previously: {} }}\n"
    found = problems(restricted(), main=main, team=team.format("old-tool"))
    assert found[0].startswith(
        "team.yaml:2:55: `previously: old-tool` is outside of what this file may declare"
    )
    assert (
        load(restricted(), main=main, team=team.format("billing-job")).applications["billing-tool"].previously
        == "billing-job"
    )


@pytest.mark.parametrize("consent", ["true", "[Admin]", "{ application: [Admin] }", "{ application: true }"])
def test_a_consent_at_an_api_of_ours_is_given_by_its_fence(
    load: Load, problems: Problems, consent: str
) -> None:
    """Story 7: a team's daemon gets a role of our API where its fence lists that consent, and no other."""
    team = "applications:\n  billing-job: " + DAEMON.format("Admin", consent) + "\n"
    for more in ("", ", consents/api/Writer", ", consents/other/Admin"):
        found = problems(restricted(more), main=MAIN, team=team)
        assert any(
            "the consent to `api/Admin` counts only where the path restriction" in line for line in found
        )
        assert all(line.startswith("team.yaml:2:") for line in found)
    permission = (
        load(restricted(", consents/api/Ad*"), main=MAIN, team=team)
        .applications["billing-job"]
        .api_permissions["api"]
    )
    assert permission.application_consent == {"Admin"}


def test_a_request_without_consent_needs_no_fence(load: Load) -> None:
    """To ask is free, and at others' APIs `policy.consent` decides as ever."""
    asks = "{ api: { application: [Admin] }, Microsoft Graph: { application: [User.Read.All], adminConsent: true } }"
    team = f"applications: {{ billing-job: {{ type: daemon, displayName: B, apiPermissions: {asks} }} }}\n"
    assert "billing-job" in load(restricted(), main=MAIN, team=team).applications


def test_an_override_of_the_root_file_is_no_fenced_word(load: Load) -> None:
    """What the root file says of a team's application is the root file's."""
    root = restricted().replace(
        f"tenantId: {TENANT} }}",
        f"tenantId: {TENANT}, overrides: {{ applications: {{ billing-job: {{ apiPermissions: {{ api: "
        "{ application: [Admin], adminConsent: true } } } } } }",
    )
    team = "applications: { billing-job: { type: daemon, displayName: B } }\n"
    assert load(root, main=MAIN, team=team).applications["billing-job"].api_permissions[
        "api"
    ].application_consent == {"Admin"}


def test_validate_reads_every_environment(write: Write) -> None:
    """A consent that one environment alone would give is noted too."""
    root = restricted().replace("environments: {", f"environments: {{ prod: {{ tenantId: {TENANT} }},")
    write(
        root,
        main=MAIN,
        team="applications: { billing-job: { type: daemon, displayName: B, only: [prod] } }\n",
    )
    assert [manifest.environment for manifest in loader.load_all(Path("entra-config.yaml"))] == [
        "prod",
        "dev",
    ]
