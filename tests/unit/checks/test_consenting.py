"""`policy.consent` is about objects: a name counts for what bears it, and for nothing that is put in its
place.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml

from entra_config.manifest import loader
from entra_config.plan.model import Plan
from tests.oracle.review import estate
from tests.oracle.tenant import Tenant

CONTOSO = estate.TENANT


@pytest.fixture
def tenant() -> Tenant:
    """Return a tenant with HR and Payroll, applications of others that offer the same role."""
    made = Tenant()
    for number, name in enumerate(("HR", "Payroll")):
        estate.external(made.rows, name, str(number))
    return made


def row(tenant: Tenant, name: str) -> dict[str, Any]:
    """Return a service principal by its display name."""
    return next(dict(each) for each in tenant.rows.service_principals if each["displayName"] == name)


def planned(tenant: Tenant, folder: Path, **more: Any) -> Plan:
    """Plan a daemon that is to read HR; `policy`, `external`, `path_restriction` and `lock` are what they are
    unless said otherwise.
    """
    policy = more.get("policy", {"hr": {"application": ["Read"]}})
    root: dict[str, Any] = {
        "project": "shop",
        "environments": {"dev": {"tenantId": CONTOSO, "policy": {"consent": policy}}},
        "files": [
            "main.yaml",
            {"path": "team.yaml", "mayDeclare": ["enterpriseApplications/hr"]}
            if more.get("path_restriction")
            else "team.yaml",
        ],
    }
    asks = {more.get("asks", "hr"): {"application": ["Read"], "adminConsent": True}}
    main = {"applications": {"job": {"type": "daemon", "displayName": "Job", "apiPermissions": asks}}}
    team = {"enterpriseApplications": {"hr": more.get("external", "HR")}}
    lock = {"tenantId": CONTOSO, "servicePrincipals": {"HR": more.get("lock", row(tenant, "HR")["id"])}}
    texts = {
        "entra-config.yaml": root,
        "main.yaml": main,
        "team.yaml": team,
        "entra-config.dev.lock.yaml": lock,
    }
    for name, content in texts.items():
        (folder / name).write_text(yaml.safe_dump(content, sort_keys=False))
    return asyncio.run(tenant.plan(loader.load(folder)))


def given(plan: Plan) -> list[str]:
    """Return which roles a plan gives."""
    return [effect.text for effect in plan.effects if effect.type == "role"]


def test_a_name_that_its_object_bears(tenant: Tenant, tmp_path: Path) -> None:
    """HR is HR: the policy lists it, and the consent is given."""
    assert given(planned(tenant, tmp_path)) == ["hr/Read ← job"]


def test_story_10_a_pin_to_anothers_id_gives_no_consent(tenant: Tenant, tmp_path: Path) -> None:
    """The lock file says that HR is Payroll's id: the plan says so, and `policy.consent` for hr is not
    content with it.
    """
    plan = planned(tenant, tmp_path, lock=row(tenant, "Payroll")["id"])

    assert given(plan) == []
    (refusal,) = [each for each in plan.refusals if "consent" in each.message]
    assert refusal.message.startswith(
        "consent to hr \"Payroll\"/Read (application) is skipped: `policy.consent` means 'HR', and "
    )
    assert any("'HR' is called 'Payroll' now" in each.message for each in plan.warnings)


def test_what_the_lock_file_says_both_of_is_accepted(tenant: Tenant, tmp_path: Path) -> None:
    """Whoever reviews the lock file saw that HR is called Payroll now."""
    lock = {"id": row(tenant, "Payroll")["id"], "was": "Payroll"}
    assert given(planned(tenant, tmp_path, lock=lock)) == ['hr "Payroll"/Read ← job']


def test_a_fenced_file_does_not_say_what_the_policy_means(tenant: Tenant, tmp_path: Path) -> None:
    """Its author would choose the object: the policy names it by its appId, which then counts whatever it
    is called.
    """
    plan = planned(
        tenant, tmp_path, path_restriction=True, external={"appId": row(tenant, "Payroll")["appId"]}
    )
    assert given(plan) == []
    assert "list it in `policy.consent` by its appId" in plan.refusals[0].message

    policy = {row(tenant, "HR")["appId"]: {"application": ["Read"]}}
    assert given(planned(tenant, tmp_path, path_restriction=True, policy=policy)) == ["hr/Read ← job"]
    assert (
        given(
            planned(
                tenant,
                tmp_path,
                path_restriction=True,
                policy=policy,
                external={"appId": row(tenant, "Payroll")["appId"]},
            )
        )
        == []
    )


def test_an_app_id_in_the_policy_is_that_application_by_any_name(tenant: Tenant, tmp_path: Path) -> None:
    """Whether the client asks by key or by appId."""
    policy = {row(tenant, "HR")["appId"]: {"application": ["Read"]}}
    assert given(planned(tenant, tmp_path, policy=policy)) == ["hr/Read ← job"]
