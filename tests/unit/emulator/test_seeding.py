"""An application that is registered as one of Microsoft's tools does is like the recorded ones."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from entra_emulator import seed
from entra_emulator.app import Emulator
from entra_emulator.callers import Caller
from entra_emulator.cli import commands, main
from entra_emulator.clock import ManualClock
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.faults import Faults
from entra_emulator.login import graph_tokens
from entra_emulator.login.keys import KeyRing
from entra_emulator.login.seal import Seal
from entra_emulator.login.service import SignIn
from entra_emulator.presets import PRESETS
from entra_emulator.site import create_emulator
from tests.conformance.recorded.shapes import HERE

ORIGIN = "https://localhost:8443"
_CLOCK = ManualClock()
_KEYS = KeyRing.generate(_CLOCK.now)
# What a recording of a preset cannot share with it: names, ids, dates, and what its author set besides.
_OWN = {
    "createdDateTime", "displayName", "id", "appId", "info", "passwordCredentials", "publisherDomain", "web",
    "publicClient", "requiredResourceAccess",
}  # fmt: skip


def _made(**faults: Any) -> tuple[Emulator, SignIn, TestClient]:
    directory = seed.contoso(clock=ManualClock(), seed="seeding")
    service = SignIn(directory, _KEYS, Seal(b"k" * 32), origin=ORIGIN)
    app = create_emulator(directory, service, faults=Faults(FaultPlan(**faults)))
    return app, service, TestClient(app, base_url=ORIGIN)


def _get(service: SignIn, client: TestClient, path: str) -> Any:
    tenant = service.directory.default
    grace = tenant.user_by_name("grace@contoso.com")
    assert grace is not None
    caller = Caller("user", tenant.tenant_id, grace["id"], "c", scopes=frozenset({"Directory.Read.All"}))
    token = graph_tokens.sign_for(service, caller)
    return client.get(f"/v1.0/{path}", headers={"Authorization": f"Bearer {token}"}).json()


def _recorded(tool: str) -> dict[str, Any]:
    """Return the newest recorded application that a client registered."""
    shapes = [json.loads(line) for line in (HERE / "shapes.jsonl").read_text("utf-8").splitlines()]
    client = PRESETS[tool].client
    found = [
        each
        for each in shapes
        if each["kind"] == "application" and each["shape"].get("createdByAppId") == client
    ]
    body: dict[str, Any] = max(found, key=lambda each: each["date"])["shape"]
    return body


@pytest.mark.parametrize("tool", ["portal", "gallery"])
def test_an_application_is_as_recorded(tool: str) -> None:
    """Each property that neither a name nor its author's wish decides has the recorded value."""
    _, service, client = _made()
    made = client.post("/emulator/seed", json={"preset": tool, "displayName": "Orders"}).json()
    application = _get(service, client, f"applications/{made['id']}")
    recorded = _recorded(tool)
    if tool == "portal":
        # Its author chose personal accounts too, which brings version 2.
        recorded |= {"signInAudience": "AzureADMyOrg"}
        recorded["api"] |= {"requestedAccessTokenVersion": None}
    for name in set(recorded) - _OWN:
        answered = application[name]
        if name == "appRoles":
            ids = {role["id"]: role["value"] for role in recorded[name]}
            assert {role["id"]: role["value"] for role in answered} == ids
        elif name == "api":
            assert answered["requestedAccessTokenVersion"] == recorded[name]["requestedAccessTokenVersion"]
        else:
            assert answered == recorded[name], name


@pytest.mark.parametrize("tool", PRESETS)
def test_creator_owner_and_records_are_those_of_the_tool(tool: str) -> None:
    """The client is in `createdByAppId`, the person is the owner, and the audit log names the person."""
    _, service, client = _made()
    body = {"preset": tool, "displayName": "Orders", "user": "alice@contoso.com"}
    answer = client.post("/emulator/seed", json=body)
    assert answer.status_code == 201
    made, preset = answer.json(), PRESETS[tool]
    application = _get(service, client, f"applications/{made['id']}")
    assert application["createdByAppId"] == preset.client
    assert application["applicationTemplateId"] == (preset.template or None)
    owners = _get(service, client, f"applications/{made['id']}/owners")["value"]
    assert [each["userPrincipalName"] for each in owners] == ["alice@contoso.com"]
    records = service.directory.default.audit
    assert records[-1]["initiatedBy"]["user"]["userPrincipalName"] == "alice@contoso.com"
    principals = _get(service, client, f"servicePrincipals?$filter=appId eq '{made['appId']}'")["value"]
    assert [each["id"] for each in principals] == ([made["servicePrincipalId"]] if preset.principal else [])
    assert [each["tags"] for each in principals] == (
        [preset.principal["tags"][::-1]] if preset.principal else []
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ([], "the body must be a JSON object with texts"),
        ({"preset": 1}, "the body must be a JSON object with texts"),
        ({"preset": "az", "name": "x"}, "name is not known here: give preset, displayName, tenant and user"),
        (
            {"preset": "x", "displayName": "x"},
            "preset must be one of portal, az, graph-explorer, gallery, user-assigned",
        ),
        ({"preset": "az"}, "displayName is missing: give a name"),
        ({"preset": "az", "displayName": "x", "tenant": "nowhere.example"}, "there is no tenant nowhere"),
        ({"preset": "az", "displayName": "x", "user": "nobody@x"}, "Contoso has no user nobody@x"),
        ({"preset": "az", "displayName": "x", "user": "bob@contoso.com\0"}, "Contoso has no user bob"),
        ({"preset": "user-assigned-identity", "displayName": "x"}, "Azure names an identity by 3 to 128"),
        ({"preset": "az", "displayName": "x" * 257}, "Graph refused with 400"),
        ({"preset": "az", "displayName": "x" * 70_000}, "the body has more than 65536 bytes"),
    ],
)
def test_what_cannot_be_made_is_refused_with_the_reason(body: Any, reason: str) -> None:
    """Nothing is registered then."""
    _, service, client = _made()
    before = len(service.directory.default.service_principals)
    answer = client.post("/emulator/seed", json=body)
    assert (answer.status_code, answer.json()["error"][: len(reason)]) == (400, reason)
    assert len(service.directory.default.service_principals) == before


def test_an_azure_resource_has_one_identity() -> None:
    """It has no registration and no owner, and `info` is null."""
    _, service, client = _made()
    body = {"preset": "system-assigned-identity", "displayName": "worker"}
    made = client.post("/emulator/seed", json=body).json()
    principal = _get(service, client, f"servicePrincipals/{made['id']}")
    found = [principal[name] for name in ("servicePrincipalType", "info", "tags", "appOwnerOrganizationId")]
    assert found == ["ManagedIdentity", None, [], None]
    assert _get(service, client, f"applications?$filter=appId eq '{made['appId']}'")["value"] == []
    again = client.post("/emulator/seed", json=body).json()
    assert again == {"error": "Contoso has an identity called worker already"}


def test_a_fault_between_the_two_requests_is_told() -> None:
    """The message has the appId of the application that was made."""
    app, service, client = _made()

    def fail(number: int, when: str, *_: str) -> None:
        if (number, when) == (1, "after"):
            app.faults.set(FaultPlan(error_rate=1))

    app.faults.on_call = fail
    answer = client.post("/emulator/seed", json={"preset": "portal", "displayName": "Orders"})
    made = list(service.directory.default.applications)[-1]
    assert made["displayName"] == "Orders"
    words = f"the application {made['appId']} was made without a service principal: Graph refused with 5"
    assert answer.json()["error"].startswith(words)


def test_the_command_prints_the_app_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tool that does not exist is refused with those that do."""
    calls: list[Any] = []

    def call(_run: object, _state: object, *request: Any) -> dict[str, str]:
        calls.append(request)
        return {"id": "i", "appId": "a"}

    monkeypatch.setattr(commands, "running_on", lambda _: None)
    monkeypatch.setattr(commands, "call", call)
    ran = CliRunner().invoke(main.app, ["seed", "az", "Orders", "--user", "u"])
    assert (ran.exit_code, ran.stdout) == (0, "a\n")
    body = {"preset": "az", "displayName": "Orders", "user": "u", "tenant": ""}
    assert calls == [("/emulator/seed", body)]
    refused = CliRunner().invoke(main.app, ["seed", "terraform", "Orders"])
    assert refused.exit_code == 2
    assert "terraform is not one of portal, az" in refused.stderr
