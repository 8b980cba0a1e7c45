"""`before`: a shard that refers to what another one of its tenant makes waits for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_emulator.embedded import Embedded
from tests.unit.fleet.files import FILES, MYAPP, write
from tests.unit.fleet.fleet_ran import Fleet

NEEDS = MYAPP.replace(
    "    appRoles: {", "    apiPermissions: { Gateway: { delegated: [user.read] } }\n    appRoles: {"
).replace(
    "appRoleAssignments:",
    "enterpriseApplications: { Gateway: { displayName: Gateway } }\nappRoleAssignments:",
)
GATEWAY = FILES["platform/entra-config.yaml"].replace(
    "notes: before",
    "notes: before, scopes: { user.read: { displayName: R, description: R, whoCanConsent: adminsAndUsers } }",
)


@pytest.fixture
def command(folder: Path, tenant: Embedded, capsys: pytest.CaptureFixture[str]) -> Fleet:
    """Write a fleet whose second project asks for the first one's API."""
    write(folder, {**FILES, "myapp/entra-config.yaml": NEEDS, "platform/entra-config.yaml": GATEWAY})
    return Fleet(tenant, capsys)


def _group(command: Fleet, shard: str) -> dict[str, object]:
    [group] = [
        each for each in command.report()["groups"] if shard in [one["shard"] for one in each["members"]]
    ]
    return dict(group)


def test_what_waits_for_another_project_is_told_and_planned_in_the_next_round(command: Fleet) -> None:
    """In the tenant that has the other project; where it never comes, the plan is refused in part."""
    command.run("contoso/platform", "contoso/myapp", "fabrikam/myapp")
    waits, never = _group(command, "contoso/myapp"), _group(command, "fabrikam/myapp")
    assert (waits["obstacle"], waits["after"]) == ("after", "platform")
    assert (never["obstacle"], never["after"]) == ("partlyRefused", "")
    assert "After platform · " in command("fleet", "report", "results").out
    ran = command("fleet", "approve", "results", "--class", str(waits["id"]))
    assert (ran.code, "after platform: it makes what this refers to" in ran.err) == (3, True)

    command.approve()
    command.check(1)
    command.apply("contoso/platform", "contoso/myapp")
    assert [command.came(each) for each in ("contoso/platform", "contoso/myapp")] == ["done", "stopped"]
    command.run("contoso/myapp", run="next")
    assert _group(command, "contoso/myapp")["after"] == ""
