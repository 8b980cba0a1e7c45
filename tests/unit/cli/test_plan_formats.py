"""A plan of the worked example as JSON, as Markdown and as the requests that it would send."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from entra_config.cli.demo import tampering
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.deleted import EVIL, hand, nightly
from tests.unit.cli.example import APPLY, PLAN
from tests.unit.cli.ran import ROOT, Run


def test_json_is_data_alone(run: Run) -> None:
    """Stdout holds one valid document; talk goes to stderr."""
    schema = json.loads((ROOT / "docs/schemas/plan.schema.json").read_text())
    ran = run(*PLAN, "--format", "json", "--show-requests", "--out", "plan.json")

    found = json.loads(ran.out)
    jsonschema.Draft202012Validator(schema).validate(found)
    assert found["summary"]["add"] == 21
    assert len(found["requests"]) == 23
    assert "saved: plan.json" in ran.err


def test_each_change_of_a_plan_names_the_line_that_asks_for_it(run: Run) -> None:
    """An authorized client by its own entry, not by its API's."""
    changes = json.loads(run(*PLAN, "--format", "json").out)["changes"]
    assert [each["address"] for each in changes if not each.get("position")] == []
    entries = {
        each["address"]["key"]: Path(each["position"]["file"])
        .read_text(encoding="utf-8")
        .splitlines()[each["position"]["line"] - 1]
        for each in changes
        if each["address"]["kind"] == "authorizedClient"
    }
    assert {key: line.strip() for key, line in entries.items()} == {
        f"{client}/api": f"{client}: [user.read, user.write]" for client in ("spa", "devClient", "docs")
    }


def test_markdown_names_no_people(run: Run) -> None:
    """A comment counts people and names groups."""
    ran = run(*PLAN, "--format", "markdown")

    assert "MyApp Writers" in ran.out
    assert "alice" not in ran.out
    assert "alice@contoso.com" in run(*PLAN, "--format", "markdown", "--names").out


def test_show_requests_lists_what_would_be_sent(run: Run) -> None:
    """Each request of the plan, with its step."""
    ran = run(*PLAN, "--show-requests")

    assert "POST /applications\n" in ran.out
    assert "step application.api/create" in ran.out


def test_a_plan_of_what_is_not_there_yet_has_no_ids_but_those_of_others(run: Run) -> None:
    """A user, the role's id and Microsoft Graph exist; each object of a key is null and unproven."""
    found = json.loads(run(*PLAN, "--format", "json").out)
    ids = {f"{each['address']['kind']}.{each['address']['key']}": each["ids"] for each in found["changes"]}
    graph = next(each["ids"]["resource"] for each in found["access"] if each["application"] != "api")
    alice = seed.fixed_id(seed.CONTOSO, "user", "alice@contoso.com")
    (writer,) = (each["ids"]["role"] for each in found["access"] if each["role"] == "Writer")

    assert ids["application.api"] == {"object": None, "appId": None, "servicePrincipal": None}
    assert ids["permissionGrant.spa/Microsoft Graph"] == {"object": None, "client": None, "resource": graph}
    of_alice = {"object": None, "resource": None, "role": writer, "principal": alice}
    assert ids[f"appRoleAssignment.api/Writer/user:{alice}"] == of_alice
    assert [each["key"] for each in found["keys"]] == ["api", "spa", "devClient", "docs", "nightly"]
    none = dict.fromkeys(("object", "appId", "servicePrincipal"))
    proofs = [{"key": each["key"], **none, "proof": "none", "withheld": False} for each in found["keys"]]
    assert found["keys"] == proofs
    assert [each["name"] for each in found["deployers"]] == ["MyApp Writer (dev)"]


@pytest.mark.parametrize("pinned", [True, False])
def test_a_plan_has_the_ids_of_each_change_and_what_proves_each_key(
    pinned: bool, run: Run, tenant: Embedded
) -> None:
    """Of every kind, as the tenant has them."""
    assert run(*APPLY, *(("--pins", "write") if pinned else ())).code == 0
    app, principal = nightly(tenant, "dev")
    hand(tenant, "POST", f"/applications/{app['id']}/federatedIdentityCredentials", EVIL)
    tampering.tamper(tenant)
    found = json.loads(run(*PLAN, "--format", "json").out)
    ids = {each["address"]["kind"]: each["ids"] for each in found["changes"]}
    tables = tenant.directory.default
    api, spa, dev_client = (
        next(each for each in tables.applications if f"entra-config:key={key}" in each["tags"])
        for key in ("api", "spa", "devClient")
    )
    services = {each["appId"]: each["id"] for each in tables.service_principals}
    (credential,) = (each["id"] for each in tables.federated_identity_credentials if each["name"] == "evil")
    (assignment,) = (
        each for each in tables.app_role_assignments if each["id"] == ids["appRoleAssignment"]["object"]
    )
    (grant,) = (
        each for each in tables.oauth2_permission_grants if each["id"] == ids["permissionGrant"]["object"]
    )

    assert ids["application"] == {
        "object": spa["id"],
        "appId": spa["appId"],
        "servicePrincipal": services[spa["appId"]],
    }
    assert ids["authorizedClient"] == {
        "object": api["id"],
        "appId": api["appId"],
        "client": services[dev_client["appId"]],
        "resource": services[api["appId"]],
    }
    assert ids["federatedCredential"] == {"object": credential, "appId": app["appId"]}
    assert ids["appRoleAssignment"] == {
        "object": assignment["id"],
        "resource": assignment["resourceId"],
        "role": assignment["appRoleId"],
        "principal": assignment["principalId"],
    }
    assert ids["permissionGrant"] == {
        "object": grant["id"],
        "client": grant["clientId"],
        "resource": grant["resourceId"],
    }
    assert found["keys"][-1] == {
        "key": "nightly",
        "object": app["id"],
        "appId": app["appId"],
        "servicePrincipal": principal["id"],
        "proof": "pin" if pinned else "none",
        "withheld": bool(found["withheld"]),
    }
    (lost,) = (each["ids"] for each in found["access"] if each["kind"] == "role")
    assert lost == {"resource": services[api["appId"]], "role": assignment["appRoleId"], "client": None}
    scopes = [each["ids"] for each in found["access"] if each["client"] == "devClient"]
    client = {"resource": services[api["appId"]], "role": None, "client": services[dev_client["appId"]]}
    assert scopes == [client] * len(scopes) != []
