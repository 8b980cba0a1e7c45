"""What the tenant's app management policies say of an application that is there: read of the emulator,
told by rules.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from entra_config import reconcile
from entra_config.actual.fetch import Responses
from entra_config.actual.question import APP_POLICIES, DEFAULT_APP_POLICY
from entra_config.graph.request import Request
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.lint import facts, model, run, table, tenant
from entra_config.manifest import loader
from entra_emulator.embedded import Embedded
from tests.unit.lint.certificates import write as write_certificates
from tests.unit.lint.snippets import HEAD, NOW
from tests.world import at_once, signed_in

ROOT = f"""{HEAD}applications:
  app:
    type: daemon
    displayName: App
    certificates: {{ ci: {{ file: certificates/good.pem }} }}
"""
RULES = ("cert-untrusted-ca", "secret-custom", "tenant-app-policy-off")
TRUSTED = {
    "restrictionType": "trustedCertificateAuthority",
    "certificateBasedApplicationConfigurationIds": ["a"],
}
CUSTOM = {"restrictionType": "customPasswordAddition"}
LATE = {"restrictForAppsCreatedAfterDateTime": "2030-01-01T00:00:00Z"}


def restrictions(keys: list[Any], passwords: list[Any]) -> dict[str, Any]:
    """Return what a policy says of applications."""
    return {"passwordCredentials": passwords, "keyCredentials": keys}


def reported(
    folder: Path, default: Mapping[str, Any], own: Mapping[str, Any] | None = None, *, blind: bool = False
) -> model.Report:
    """Return what lint finds of an application with a certificate and a chosen secret, older than the
    policies.
    """
    (folder / "entra-config.yaml").write_text(ROOT, encoding="utf-8")
    write_certificates(folder, ROOT, NOW)
    return asyncio.run(_reported(folder, default, own, blind=blind))


async def _reported(
    folder: Path, default: Mapping[str, Any], own: Mapping[str, Any] | None, *, blind: bool
) -> model.Report:
    loaded = loader.loaded(folder / "entra-config.yaml")
    manifest, embedded = loaded[0].manifest, Embedded.create()
    home = embedded.directory.default
    async with await signed_in(embedded) as graph:
        outcome = await reconcile.apply(await reconcile.plan(manifest, graph, now=NOW), graph, sleep=at_once)
        assert not outcome.failed
        (app,) = [row for row in home.applications if row["displayName"] == "App"]
        made = await graph.send([_secret(app["id"])])
        assert made[0].ok
    (row,) = [row for row in home.applications if row["displayName"] == "App"]
    home.applications.put(
        {**row, "passwordCredentials": [{**each, "hint": None} for each in row["passwordCredentials"]]}
    )
    home.choices = home.choices.changed({"defaultAppManagementPolicy": dict(default)})
    if own is not None:
        policy = {"id": "p", "displayName": "Own", "isEnabled": True, "restrictions": dict(own)}
        home.tables["appManagementPolicies"].put({**policy, "deletedDateTime": None, "description": None})
        home.app_policies.add(app["id"], "p")
    caller = embedded.app_caller()
    caller = replace(caller, roles=caller.roles - {"Policy.Read.All"}) if blind else caller
    async with await signed_in(embedded, caller) as graph:
        read = await tenant.read(graph, manifest)
    rules = {name: table.built_in()[name] for name in RULES}
    return run.run(loaded, model.LintRequest(rules, NOW, ("dev",), "auditor"), {"dev": read})


def _secret(app_id: str) -> Request:
    return Request(
        "POST", f"/applications/{app_id}/addPassword", {"passwordCredential": {"displayName": "by hand"}}
    )


HELD = [
    (
        {"applicationRestrictions": restrictions([TRUSTED], [CUSTOM])},
        None,
        ["cert-untrusted-ca", "secret-custom; refused"],
    ),
    ({"applicationRestrictions": restrictions([TRUSTED | LATE], [CUSTOM | LATE])}, None, ["secret-custom"]),
    ({"applicationRestrictions": restrictions([TRUSTED], [])}, restrictions([], []), ["secret-custom"]),
    (
        {"applicationRestrictions": restrictions([], [])},
        restrictions([TRUSTED], [CUSTOM]),
        ["cert-untrusted-ca", "secret-custom; refused"],
    ),
    (
        {"isEnabled": False, "applicationRestrictions": restrictions([TRUSTED], [CUSTOM])},
        None,
        ["secret-custom", "tenant-app-policy-off"],
    ),
]


@pytest.mark.parametrize(("default", "own", "expected"), HELD)
def test_an_application_is_held_to_the_policy_that_holds_for_it(
    default: Mapping[str, Any], own: Mapping[str, Any] | None, expected: list[str], tmp_path: Path
) -> None:
    """The default, from its day on; a policy of its own alone, where it has one; none where the default is
    off.
    """
    report = reported(tmp_path, default, own)

    found = [
        f"{each.rule}{'; refused' if 'would be refused' in each.message else ''}" for each in report.findings
    ]
    assert sorted(found) == expected
    assert not [sentence for sentence in report.not_read if "polic" in sentence]


def test_what_may_not_be_read_is_said_and_its_rules_are_silent(tmp_path: Path) -> None:
    """Without Policy.Read.All nothing is told of what policies say; the secret was chosen all the same."""
    report = reported(tmp_path, {"isEnabled": False}, blind=True)

    assert [each.rule for each in report.findings] == ["secret-custom"]
    assert {sentence.partition(":")[0] for sentence in report.not_read} >= {
        "the app management policies of single applications",
        "the default app management policy",
    }
    assert all("Policy.Read.All" in sentence for sentence in report.not_read if "app management" in sentence)


@pytest.mark.parametrize("read", [True, False])
def test_the_default_says_nothing_of_applications_whose_own_policy_nobody_read(*, read: bool) -> None:
    """An application may have one of its own, which then holds for it alone."""
    responses = Responses()
    responses.add(
        DEFAULT_APP_POLICY,
        [{"id": "d", "isEnabled": True, "applicationRestrictions": restrictions([TRUSTED], [])}],
    )
    if read:
        responses.add(APP_POLICIES, [])
    live = {
        "app": Live(
            Subject("app", {"id": "1", "appId": "a", "createdDateTime": "2026-01-01T00:00:00Z"}, None)
        )
    }
    found = facts.tenant(
        tenant.TenantReading(Directory("https://graph.microsoft.com/v1.0", live=live), responses)
    )

    said = ({"application": "app", "authorities": True, "custom": False},)
    assert found.facts["restricted"] == (said if read else ())
