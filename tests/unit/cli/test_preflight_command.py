"""plan, apply, permissions and doctor on a tenant that restricts applications."""

from __future__ import annotations

import json
from pathlib import Path

from entra_emulator.embedded import Embedded
from tests.unit.cli.graph_permissions import holding, least
from tests.unit.cli.ran import Run

ON = {"state": "enabled"}
RESTRICTED = {
    "defaultAppManagementPolicy": {
        "applicationRestrictions": {
            "passwordCredentials": [{"restrictionType": "passwordLifetime", "maxLifetime": "P90D", **ON}],
            "keyCredentials": [
                {"restrictionType": "asymmetricKeyLifetime", "maxLifetime": "P365D", "state": "disabled"}
            ],
            "audiences": {
                "azureAdMultipleOrgs": {**ON, "restrictForAppsCreatedAfterDateTime": "2026-01-01T00:00:00Z"}
            },
        }
    },
    "usersMayRegister": False,
    "usersMayConsent": False,
    "entraPlan": "free",
    "objectQuota": 1000,
    "unverifiedDomains": ["shop.example"],
}
NO_NAME = (
    "no identifier URI without the tenant's id, the appId or a verified domain (not for what asks for "
    "version 2 tokens)"
)
PLANS = ("plan", "-e", "dev")


def multiply(folder: Path) -> None:
    """Open the API of the worked example to other tenants' accounts."""
    path = folder / "manifests/applications/api.yaml"
    path.write_text(
        path.read_text().replace(
            "    type: api\n", "    type: api\n    signInAudience: AzureADMultipleOrgs\n"
        )
    )


def test_strict_ends_with_three(run: Run, tenant: Embedded, folder: Path) -> None:
    """A warning leaves the exit code alone; `--strict` is 3 before anything is sent."""
    multiply(folder)
    tenant.directory.choose({"*": {"defaultAppManagementPolicy": RESTRICTED["defaultAppManagementPolicy"]}})
    before = tenant.directory.dump()
    for words, code in ((PLANS, 0), ((*PLANS, "--strict"), 3)):
        shown = run(*words)
        assert (shown.code, "refuses `signInAudience: AzureADMultipleOrgs`" in shown.out) == (code, True)
    assert run("apply", "-e", "dev", "--auto-approve", "--strict").code == 3
    assert tenant.directory.dump() == before
    applied = run("apply", "-e", "dev", "--auto-approve")
    assert applied.code == 1
    assert "ask a tenant administrator to exempt this application" in applied.out + applied.err


def test_doctor_lists_what_the_tenant_refuses(run: Run, tenant: Embedded) -> None:
    """Each restriction that is on, for whom, and since when; what people may not do; licence, domains and
    room.
    """
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    directory = tenant.directory.default
    kinds = [{"restrictionType": "passwordAddition", **ON}]
    policy = {
        "id": "p1",
        "displayName": "No secrets",
        "isEnabled": True,
        "restrictions": {"passwordCredentials": kinds},
    }
    directory.tables["appManagementPolicies"].put({**policy, "deletedDateTime": None, "description": None})
    app = directory.one("applications", "displayName", "MyApp API (dev)")
    assert app
    directory.app_policies.add(app["id"], "p1")
    tenant.directory.choose({"*": RESTRICTED})
    said = [
        line.partition("tenant")[2].strip()
        for line in run("doctor", "-e", "dev").out.splitlines()
        if line[2:8] == "tenant"
    ]
    assert said[:-1] == [
        "refuses by default: no secret that lives longer than P90D",
        f"refuses by default: {NO_NAME}",
        "refuses by default: no accounts of other tenants (for applications made since 2026-01-01)",
        "policy 'No secrets', which 1 object has instead of the default, refuses: no new secrets",
        "lets nobody without a directory role register applications",
        "does not allow users to consent",
        "domains that are not verified: shop.example",
        "refuses groups as holders of roles: there is no Microsoft Entra ID P1",
    ]
    assert said[-1].endswith("of at most 1,000 objects")


def test_the_permission_is_listed_and_missed_by_name(run: Run, tenant: Embedded) -> None:
    """`permissions` names what the preflight reads with; taken away, doctor says so, the plan does too,
    and nothing fails.
    """
    found = json.loads(run("permissions", "-e", "dev", "--format", "json").out)
    (level,) = [each for each in found["reading"] if each["name"] == "preflight"]
    assert level["permissions"] == ["Policy.Read.All", "Directory.Read.All"]
    with holding(run, tenant, least(run) | {"Policy.Read.All"}):
        assert "unknown" not in run(*PLANS).out
        doctor = run("doctor", "-e", "dev").out
        assert "✓ preflight    may: Policy.Read.All, Directory.Read.All" in doctor
        assert "unknown" not in doctor
    with holding(run, tenant, least(run)):
        planned, doctor = run(*PLANS), run("doctor", "-e", "dev")
        assert planned.code == 0
        assert planned.out.count("unknown before apply, of what contoso.onmicrosoft.com refuses: ") == 1
        assert "(Policy.Read.All would tell)" in planned.out
        assert doctor.code == 0
        assert "! preflight    lacks Policy.Read.All" in doctor.out
        assert doctor.out.count("(Policy.Read.All would tell)") == 2
        assert run("apply", "-e", "dev", "--auto-approve").code == 0
        assert "unknown" not in run(*PLANS).out
