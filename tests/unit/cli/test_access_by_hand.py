"""What `access` marks as given by hand, and applications of others that are named like ours."""

from __future__ import annotations

import json
import re
from pathlib import Path

from entra_config.cli.demo import tampering
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.access_rows import app, principal
from tests.unit.cli.example import APPLY
from tests.unit.cli.ran import Run


def test_whose_access_it_is_and_what_was_made_is_undeclared(run: Run, tenant: Embedded) -> None:
    """Tenant, time and who read it stand first; what is not declared is marked everywhere, and counted."""
    run(*APPLY)
    assert "By hand" not in run("access", "-e", "dev").out
    tampering.tamper(tenant)
    shown = run("access", "-e", "dev").out.splitlines()
    assert shown[0].startswith("Access of myapp/dev · contoso.onmicrosoft.com (")
    assert re.fullmatch(r"read \d{4}-\d\d-\d\d \d\d:\d\d UTC as Emulator deployer", shown[1])
    (hand,) = [each for each in shown if each.endswith(", not in the manifest")]
    assert hand.split()[0] == "dave@contoso.com"
    assert "Not in the manifest: 1. Drift shows who made it." in shown
    document = json.loads(run("access", "-e", "dev", "--format", "json").out)
    assert [each["name"] for each in document["holders"] if each["undeclared"]] == ["dave@contoso.com"]
    assert (document["readBy"], document["tenant"]["name"]) == (
        "Emulator deployer",
        "contoso.onmicrosoft.com",
    )
    page = run("access", "-e", "dev", "--format", "html").out
    assert page.count(">not in the manifest<") == 1
    assert "<dt>Read</dt>" in page


def planted(tenant: Embedded, name: str, app_id: str) -> str:
    """Let an application of others hold Writer at the API, under a name of ours; return its object id."""
    directory = tenant.directory.default
    made = seed.add_service_principal(directory, seed.add_application(directory, name, app_id=app_id))
    role = next(each["id"] for each in app(tenant, "API")["appRoles"] if each["value"] == "Writer")
    seed.assign(directory, {**made, "type": "ServicePrincipal"}, principal(tenant, "API"), role)
    grant = {
        "id": "grant-of-the-planted",
        "clientId": made["id"],
        "consentType": "AllPrincipals",
        "resourceId": principal(tenant, "API")["id"],
        "principalId": None,
        "scope": "user.read",
    }
    directory.oauth2_permission_grants.put(grant)
    return str(made["id"])


def test_an_application_named_like_ours_is_told_apart_and_marked(
    run: Run, tenant: Embedded, folder: Path
) -> None:
    """Ours stands by its request's line; the other in quotes with its id, by hand, until acknowledged."""
    app_id = "dead0000-0000-4000-8000-00000000beef"
    run(*APPLY)
    planted(tenant, "MyApp Nightly (dev)", app_id)
    explained = run("access", "-e", "dev", "--explain").out.splitlines()
    lines = [each for each in explained if "MyApp Nightly (dev)" in each and " owns " not in each]
    (ours,) = [each for each in lines if '"MyApp' not in each]
    assert ours.endswith("manifests/applications/clients.yaml:36")
    assert "by hand" not in ours
    others = [each for each in lines if each != ours]
    assert len(others) == 2, "the role and the consent"
    for each in others:
        assert '"MyApp Nightly (dev)" (dead0000…)' in each
        assert "not in the manifest" in each
    assert "Not in the manifest: 2." in "\n".join(explained)
    document = json.loads(run("access", "-e", "dev", "--format", "json").out)
    found = {
        (each["undeclared"], each["through"]) for each in document["holders"] if "Nightly" in each["name"]
    }
    assert found == {(False, "consent"), (True, "consent"), (True, "consent for everybody")}

    root = folder / "manifests/entra-config.yaml"
    known = f"{{ id: {app_id}, application: [Writer], delegated: [user.read] }}"
    dev = "  dev:\n"
    root.write_text(root.read_text().replace(dev, f"{dev}    acknowledged: {{ api: [{known}] }}\n", 1))
    reported = run("access", "-e", "dev", "--explain")
    assert "by hand" not in reported.out, reported.err
    assert len(re.findall(r"dead0000….*manifests/entra-config\.yaml:9\n", reported.out)) == 2


def test_what_our_client_has_and_does_not_request_is_is_undeclared(run: Run, tenant: Embedded) -> None:
    """A consent that somebody gave ours in the portal is none of the manifest."""
    run(*APPLY)
    spa = principal(tenant, "SPA")
    role = next(each["id"] for each in app(tenant, "API")["appRoles"] if each["value"] == "Writer")
    seed.assign(tenant.directory.default, {**spa, "type": "ServicePrincipal"}, principal(tenant, "API"), role)
    shown = run("access", "-e", "dev").out.splitlines()
    (line,) = [each for each in shown if "MyApp SPA (dev)" in each and "application, " in each]
    assert line.endswith(", not in the manifest")


def test_no_command_calls_an_undeclared_application_with_our_tags_external(
    run: Run, tenant: Embedded
) -> None:
    """It may be a key that left the manifest, and its tags are what the commands know of it."""
    run(*APPLY)
    planted(tenant, "Former Job", "dead0000-0000-4000-8000-00000000beef")
    tags = ["entra-config:owner=myapp/dev", "entra-config:key=formerJob"]
    for table in (tenant.directory.default.applications, tenant.directory.default.service_principals):
        table.put({**next(row for row in table if row["displayName"] == "Former Job"), "tags": tags})
    shown = {
        words: run(*words.split(), "-e", "dev").out
        for words in (
            "plan",
            "plan --format markdown",
            "drift",
            "drift --format markdown",
            "access --explain",
            "access --format json",
            "credentials list",
            "lint --live",
            "list",
        )
    }
    named = {words for words, text in shown.items() if "Former Job" in text or "formerJob" in text}
    assert named >= {"plan", "drift", "access --explain", "access --format json", "list"}
    for words, text in shown.items():
        for called in ("not ours", "foreign", "a stranger", "external", "another organization"):
            assert not any(
                called in line for line in text.splitlines() if "Former Job" in line or "formerJob" in line
            ), (words, called)
