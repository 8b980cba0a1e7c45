"""The directory audit log: its envelope, who acted, filters and order."""

import re
from collections.abc import Callable

import pytest

from tests.conformance.graph.audit_records import records
from tests.conformance.graph_client import Graph

fact = pytest.mark.fact


@fact("envelope", source="G2O, SPL", grade="R")
def test_envelope(emulated: Graph) -> None:
    """A record has an id made of the correlation id, both sides of the initiator, and up to seven fraction
    digits.
    """
    app = emulated.application()
    record = records(emulated, app["id"])[0]
    assert re.fullmatch(rf"Directory_{record['correlationId']}_[A-Z0-9]{{5}}_\d+", record["id"])
    assert (record["result"], record["resultReason"], record["loggedByService"]) == (
        "success",
        "",
        "Core Directory",
    )
    assert set(record["initiatedBy"]) == {"user", "app"}
    kinds = [
        records(emulated, each["id"])[0]["targetResources"][0]["groupType"]
        for each in (app, emulated.group())
    ]
    assert kinds == [None, "azureAD"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z", record["activityDateTime"])


@fact("application actors have no appId", source="SPL, SEK, ELI, G2O", grade="R")
def test_application_actor(emulated: Graph) -> None:
    """An app-only caller is named by service principal; its appId is null, the user side too."""
    record = records(emulated, emulated.application()["id"])[0]
    actor = record["initiatedBy"]["app"]
    assert record["initiatedBy"]["user"] is None
    assert actor["appId"] is None
    assert (
        emulated.get(f"/servicePrincipals/{actor['servicePrincipalId']}").json()["displayName"]
        == actor["displayName"]
    )


@fact("users have no display name in records", source="SPL, SEK, G2O", grade="R")
def test_user_actor(as_user: Callable[..., Graph], as_app: Callable[..., Graph]) -> None:
    """A user is named by id and principal name."""
    app = as_user("alice@contoso.com", "Application.ReadWrite.All").application()
    found = records(as_app("AuditLog.Read.All", "Directory.Read.All"), app["id"])
    actor = found[0]["initiatedBy"]["user"]
    assert (actor["userPrincipalName"], actor["displayName"]) == ("alice@contoso.com", None)
    assert "Add owner to application" in {record["activityDisplayName"] for record in found}


@fact("AppId is the target's", source="SPL", grade="R")
def test_app_id(emulated: Graph) -> None:
    """The additional detail AppId names what was changed, not who changed it."""
    app = emulated.application()
    details = {item["key"]: item["value"] for item in records(emulated, app["id"])[0]["additionalDetails"]}
    assert details["AppId"] == app["appId"]
    assert "User-Agent" in details


@fact("filters and order of the log", source="DAU, CIPP, G2O", grade="C")
@pytest.mark.parametrize(
    "text",
    [
        "activityDateTime ge 2020-01-01T00:00:00Z",
        "startswith(activityDisplayName,'Add application')",
        "loggedByService eq 'Core Directory' and category eq 'ApplicationManagement'",
        "targetResources/any(t:startswith(t/displayName,'audited'))",
        (
            "(activityDisplayName eq 'Add application' or category eq 'Other') and activityDateTime ge "
            "2020-01-01"
        ),
        "initiatedBy/app/displayName eq 'Emulator admin'",
    ],
)
def test_filters(emulated: Graph, text: str) -> None:
    """The documented filters find the record; the newest comes first; another field's name is 400."""
    emulated.application(displayName="audited one")
    emulated.send("POST", "/_emulator/clock", {"advance": 5})
    emulated.application(displayName="audited two")
    found = emulated.get(f"/auditLogs/directoryAudits?$filter={text}").json()["value"]
    times = [record["activityDateTime"] for record in found]
    assert len(times) >= 2
    assert times == sorted(times, reverse=True)
    assert emulated.get("/auditLogs/directoryAudits?$filter=createdDateTime ge 2020-01-01").status_code == 400
