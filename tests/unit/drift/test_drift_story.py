"""Twenty changes made by hand, by three actors: the report names each of them, who did it and when, and
nothing else.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from entra_config.drift import check
from entra_config.drift.model import Drift, Finding
from entra_config.emulator import seed
from entra_config.emulator.callers import Caller
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.manifest import loader
from entra_config.manifest.model import Named
from entra_config.report import drift_html, drift_json, drift_markdown, drift_sarif, drift_text
from tests.unit.drift.edited import GRAPH, MANIFESTS, Tenant

REQUIRED = "requiredResourceAccess"


async def _twenty_changes(tenant: Tenant) -> None:
    api, api_principal = await tenant.named("API")
    spa, spa_principal = await tenant.named("SPA")
    client, _ = await tenant.named("Dev Client")
    nightly, nightly_principal = await tenant.named("Nightly")
    apps = {
        each: f"/applications/{app['id']}"
        for each, app in {"api": api, "spa": spa, "client": client, "nightly": nightly}.items()
    }
    uris = spa["spa"]["redirectUris"]
    kept = [uri for uri in uris if not uri.endswith("/redirect.html")]

    await tenant.change(
        "alice",
        "added redirect URI https://evil.example/cb",
        "PATCH",
        apps["spa"],
        {"spa": {"redirectUris": [*uris, "https://evil.example/cb"]}},
    )
    await tenant.change(
        "grace",
        "removed redirect URI https://localhost:5173/redirect.html",
        "PATCH",
        apps["spa"],
        {"spa": {"redirectUris": [*kept, "https://evil.example/cb"]}},
    )
    await tenant.change(
        "alice",
        "changed displayName of devClient",
        "PATCH",
        apps["client"],
        {"displayName": "Somebody's client"},
    )
    scopes = api["api"]["oauth2PermissionScopes"]
    more = {**scopes[0], "id": "5c0be000-0000-4000-8000-000000000001", "value": "user.delete"}
    await tenant.change(
        "grace",
        "added scope user.delete",
        "PATCH",
        apps["api"],
        {"api": {"oauth2PermissionScopes": [*scopes, more]}},
    )
    await tenant.change(
        "alice",
        "added identifier URI api://",
        "PATCH",
        apps["api"],
        {"identifierUris": [*api["identifierUris"], f"api://{seed.CONTOSO}/old"]},
    )
    await tenant.change(
        "Emulator admin",
        "changed web.implicitGrantSettings.enableIdTokenIssuance of spa",
        "PATCH",
        apps["spa"],
        {"web": {"implicitGrantSettings": {"enableIdTokenIssuance": True}}},
    )
    await tenant.change(
        "alice",
        "added secret backdoor",
        "POST",
        f"{apps['spa']}/addPassword",
        {"passwordCredential": {"displayName": "backdoor"}},
    )
    bob = seed.fixed_id(seed.CONTOSO, "user", "bob@contoso.com")
    await tenant.change(
        "grace",
        "added owner bob@contoso.com",
        "POST",
        f"{apps['api']}/owners/$ref",
        {"@odata.id": f"{GRAPH}/directoryObjects/{bob}"},
    )
    user_read = {
        "resourceAppId": seed.GRAPH_APP_ID,
        "resourceAccess": [{"id": "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "type": "Scope"}],
    }
    await tenant.change(
        "Emulator admin",
        "added requested permission Microsoft Graph/User.Read",
        "PATCH",
        apps["client"],
        {REQUIRED: [*client[REQUIRED], user_read]},
    )
    await _changes_of_links(tenant, apps, api_principal, spa_principal, nightly_principal)
    await _changes_of_parts(tenant, apps, api)


async def _changes_of_links(tenant: Tenant, apps: dict[str, str], api: Any, spa: Any, nightly: Any) -> None:
    roles = {role["value"]: role["id"] for role in api["appRoles"]}
    bob = seed.fixed_id(seed.CONTOSO, "user", "bob@contoso.com")
    held = f"/servicePrincipals/{api['id']}/appRoleAssignedTo"
    await tenant.change(
        "alice",
        'added api/Admin assigned to user "',
        "POST",
        held,
        {"principalId": bob, "resourceId": api["id"], "appRoleId": roles["Admin"]},
    )
    entries = (await tenant.read(held))["value"]
    staff = next(entry["id"] for entry in entries if entry["principalDisplayName"] == "All Staff")
    await tenant.change(
        "grace", 'removed api/Reader taken from group "All Staff"', "DELETE", f"{held}/{staff}"
    )
    robot = next(entry["id"] for entry in entries if entry["principalId"] == nightly["id"])
    await tenant.change(
        "Emulator admin", "removed api/Writer taken from nightly", "DELETE", f"{held}/{robot}"
    )
    grants = (await tenant.read(f"/oauth2PermissionGrants?$filter=clientId eq '{spa['id']}'"))["value"]
    graph_grant, api_grant = sorted(grants, key=lambda grant: grant["resourceId"] == api["id"])
    await tenant.change(
        "alice",
        "added admin consent to email given",
        "PATCH",
        f"/oauth2PermissionGrants/{graph_grant['id']}",
        {"scope": graph_grant["scope"] + " email"},
    )
    await tenant.change(
        "Emulator admin",
        "removed admin consent to user.write taken away",
        "PATCH",
        f"/oauth2PermissionGrants/{api_grant['id']}",
        {"scope": "user.read"},
    )
    await tenant.change(
        "grace",
        "changed appRoleAssignmentRequired of api",
        "PATCH",
        f"/servicePrincipals/{api['id']}",
        {"appRoleAssignmentRequired": False},
    )


async def _changes_of_parts(tenant: Tenant, apps: dict[str, str], api: Any) -> None:
    credentials = f"{apps['nightly']}/federatedIdentityCredentials"
    (github,) = (await tenant.read(credentials))["value"]
    await tenant.change(
        "alice",
        "changed subject of nightly/github",
        "PATCH",
        f"{credentials}/{github['id']}",
        {"subject": "repo:evil/repo:ref:x"},
    )
    other = {
        "name": "other",
        "issuer": "https://evil.example",
        "subject": "me",
        "audiences": ["api://AzureADTokenExchange"],
    }
    await tenant.change("grace", "added federated credential nightly/other", "POST", credentials, other)
    await tenant.change(
        "Emulator admin",
        "changed signInAudience of devClient",
        "PATCH",
        apps["client"],
        {"signInAudience": "AzureADMultipleOrgs"},
    )
    roles = [{**role, "isEnabled": role["value"] != "Reader"} for role in api["appRoles"]]
    for role in roles:
        role.pop("origin", None)
    await tenant.change(
        "alice",
        "changed app role Reader of api changed (isEnabled)",
        "PATCH",
        apps["api"],
        {"appRoles": roles},
    )
    left = [
        entry
        for entry in api["api"]["preAuthorizedApplications"]
        if entry["appId"] != (await tenant.read(apps["client"]))["appId"]
    ]
    await tenant.change(
        "grace",
        "removed authorized client devClient → api",
        "PATCH",
        apps["api"],
        {"api": {"preAuthorizedApplications": left}},
    )


@pytest.fixture(scope="module")
def story() -> tuple[Tenant, Drift]:
    """Return the tenant after the twenty changes, and its drift an hour later."""

    async def tell() -> tuple[Tenant, Drift]:
        tenant = Tenant()
        await tenant.deploy()
        await _twenty_changes(tenant)
        tenant.clock.advance(3_600)
        return tenant, await tenant.check()

    return asyncio.run(tell())


def _of(drift: Drift, sentence: str) -> list[Finding]:
    return [finding for finding in drift.findings if finding.sentence.startswith(sentence)]


def test_every_change_is_one_finding_and_nothing_else_is(story: tuple[Tenant, Drift]) -> None:
    """Twenty changes, twenty findings, each told as what was done."""
    tenant, drift = story

    assert len(tenant.expected) == 20
    for _, sign, sentence in tenant.expected:
        assert [finding.sign for finding in _of(drift, sentence)] == [sign], sentence
    assert len(drift.findings) == 20, [finding.sentence for finding in drift.findings]


def test_every_finding_names_who_and_when(story: tuple[Tenant, Drift]) -> None:
    """The audit log proves each of them: actor and minute. Which flag, and which audience, it does not."""
    tenant, drift = story

    for who, _, sentence in tenant.expected:
        (finding,) = _of(drift, sentence)
        found = finding.attribution
        expected = who if who == "Emulator admin" else f"{who}@contoso.com"
        grade = "likely" if sentence.startswith(("web.implicitGrantSettings", "signInAudience")) else "exact"
        assert (found.grade, found.actor.name) == (grade, expected), (sentence, found)
        assert found.when is not None
        assert abs(found.when - tenant.times[sentence]) < timedelta(seconds=60), sentence


def test_every_finding_has_its_line_in_the_manifest(story: tuple[Tenant, Drift]) -> None:
    """What is declared, or its application, has a line to point to."""
    _, drift = story

    missing = [
        finding.sentence for finding in drift.findings if finding.position is None and finding.sign != "added"
    ]
    assert missing == []


def test_what_is_not_applied_yet_is_no_drift() -> None:
    """A change of the manifest that nobody applied stands apart, and the tenant is as it was deployed."""

    async def tell() -> Drift:
        tenant = Tenant()
        await tenant.deploy()
        deployed = tenant.manifest
        tenant.manifest = replace(loader.load(MANIFESTS, "dev"), deployers=None)
        roles = tenant.manifest.assignments
        object.__setattr__(
            tenant.manifest,
            "assignments",
            {key: value for key, value in roles.items() if key != ("api", "Reader")},
        )
        return await tenant.check(deployed)

    drift = asyncio.run(tell())

    assert not drift.drifted
    assert [change.before.address.key.split("/")[1] for change in drift.pending] == ["Reader"]


def test_unmanaged_registrations_are_listed_on_request() -> None:
    """Registrations without anybody's marks are named when somebody asks."""

    async def tell() -> Drift:
        tenant = Tenant()
        await tenant.deploy()
        return await tenant.check(unmanaged=True)

    assert [name.split(" (")[0] for name in asyncio.run(tell()).unmanaged] == [
        "Emulator admin",
        "Emulator deployer",
        "Emulator reader",
        "MyApp Writer",
        "MyApp Writer",
    ]


def test_an_unreadable_log_accuses_nobody() -> None:
    """Without AuditLog.Read.All the drift is told all the same, by unknown."""

    async def tell() -> Drift:
        tenant = Tenant()
        # Who reads is not who deploys: the manifest says who does.
        deployer = Named("Emulator deployer", tenant.embedded.app_caller().oid)
        tenant.manifest = replace(tenant.manifest, deployers=(deployer,))
        await tenant.deploy()
        spa, _ = await tenant.named("SPA")
        await tenant.send("alice", "PATCH", f"/applications/{spa['id']}", {"displayName": "x"})
        caller = tenant.embedded.app_caller(seed.READER_APP_ID)
        blind = Caller(
            caller.kind, caller.tid, caller.oid, caller.appid, roles=caller.roles - {"AuditLog.Read.All"}
        )
        token = FixedToken(tenant.embedded.token(blind), Identity(blind.tid, blind.oid, blind.appid))
        async with await connect(
            "emulator", credential=token, transport=tenant.embedded.transport()
        ) as graph:
            return await check.run(
                tenant.manifest,
                tenant.manifest,
                graph,
                now=tenant.clock.now(),
                base="HEAD",
                since=tenant.good_at,
            )

    (finding,) = asyncio.run(tell()).findings
    assert (finding.attribution.grade, finding.attribution.reason) == ("none", "no_access")


class TestReports:
    """The same drift in every format."""

    def test_text_tells_each_finding(self, story: tuple[Tenant, Drift]) -> None:
        """Each sentence and each actor is there."""
        text = drift_text.render(story[1])

        assert all(finding.sentence in text for finding in story[1].findings)
        assert "by alice@contoso.com" in text

    def test_json_is_versioned_and_holds_no_secret(self, story: tuple[Tenant, Drift]) -> None:
        """A consumer can tell what it reads."""
        document = json.loads(drift_json.render(story[1]))

        assert (document["version"], document["drifted"], len(document["findings"])) == (1, True, 20)
        assert "secretText" not in json.dumps(document)

    def test_json_is_as_its_published_schema_says(self, story: tuple[Tenant, Drift]) -> None:
        """What other programs read is valid under docs/schemas/drift.schema.json."""
        schema = json.loads(Path("docs/schemas/drift.schema.json").read_text(encoding="utf-8"))
        validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())

        validator.validate(json.loads(drift_json.render(story[1])))

    def test_markdown_names_people_only_when_asked(self, story: tuple[Tenant, Drift]) -> None:
        """An issue is read by more people than the audit log is."""
        assert "alice@contoso.com" not in drift_markdown.render(story[1])
        assert "alice@contoso.com" in drift_markdown.render(story[1], people=True)

    def test_markdown_names_the_role_and_the_application_of_an_assignment(
        self, story: tuple[Tenant, Drift]
    ) -> None:
        """Who reads the issue sees what was given, and two users as two."""
        given = [each for each in story[1].findings if each.rule == "assignment-added"]

        assert given
        for finding in given:
            role = finding.sentence.partition(" assigned to ")[0]
            assert f"{role} assigned to a user (" in drift_markdown.render(story[1])

    def test_sarif_points_to_lines_and_is_stable(self, story: tuple[Tenant, Drift]) -> None:
        """Each result has one location in the repository and a fingerprint of its own."""
        log = drift_sarif.document(story[1], root="manifests/entra-config.yaml")
        results = log["runs"][0]["results"]

        assert len({result["partialFingerprints"]["primaryLocationLineHash"] for result in results}) == 20
        assert all(
            result["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1 for result in results
        )

    def test_html_asks_for_nothing(self, story: tuple[Tenant, Drift]) -> None:
        """The page is whole by itself: no script, no link, no image."""
        page = drift_html.render(story[1])

        assert page.count("<article") == 20
        assert not any(word in page for word in ("<script", "src=", "@import", "url("))
        assert page.count('href="') == page.count('href="#')
