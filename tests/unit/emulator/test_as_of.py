"""An emulator that answers as Graph did in an earlier month."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from entra_emulator.embedded import Embedded
from entra_emulator.server import Host
from entra_emulator.server_options import ServerOptions


def respond(embedded: Embedded, method: str, path: str, body: Any = None) -> dict[str, Any]:
    """Send one request as the deployer and return the answer."""

    async def send() -> dict[str, Any]:
        async with embedded.client() as client:
            response = await client.request(method, path, json=body)
            assert response.is_success, response.text
            return dict(response.json())

    return asyncio.run(send())


@pytest.mark.parametrize(
    ("month", "audience", "version", "last"),
    [
        ("2020-08", "AzureADandPersonalMicrosoftAccount", 2, "web"),
        ("2024-02", "AzureADandPersonalMicrosoftAccount", 2, "spa"),
        ("2024-03", "AzureADMyOrg", None, "spa"),
        (None, "AzureADMyOrg", None, "spa"),
    ],
)
def test_a_new_application(month: str | None, audience: str, version: int | None, last: str) -> None:
    """The audience is the default of the month, and so is the order of properties."""
    made = respond(Embedded.create(as_of=month), "POST", "/applications", {"displayName": "new"})
    assert (made["signInAudience"], made["api"]["requestedAccessTokenVersion"]) == (audience, version)
    assert list(made)[-1] == last


def test_what_is_selected() -> None:
    """A property that default answers do not have yet is there on $select."""
    embedded = Embedded.create(as_of="2022-06")
    made = respond(embedded, "POST", "/applications", {"displayName": "new", "uniqueName": "a.b"})
    path = f"/applications/{made['id']}"
    assert "uniqueName" not in respond(embedded, "GET", path)
    assert respond(embedded, "GET", f"{path}?$select=uniqueName")["uniqueName"] == "a.b"


def test_a_property_of_a_rollout() -> None:
    """It is in the answers of its months only, in its place."""
    found = {}
    for month in ("2024-09", "2024-10", "2024-11"):
        (row,) = respond(Embedded.create(as_of=month), "GET", "/servicePrincipals?$top=1")["value"]
        names = list(row)
        found[month] = names[names.index("homepage") + 1]
    assert found == {"2024-09": "loginUrl", "2024-10": "isManagementRestricted", "2024-11": "loginUrl"}


@pytest.mark.parametrize(("month", "short"), [("2026-04", False), ("2026-05", True)])
def test_the_context_of_assignments(month: str, short: bool) -> None:
    """It names the object of the path until the short form comes."""
    embedded = Embedded.create(as_of=month)
    path = f"servicePrincipals/{embedded.app_caller().oid}/appRoleAssignments"
    context = respond(embedded, "GET", f"/{path}")["@odata.context"].partition("#")[2]
    assert context == ("appRoleAssignments" if short else path.replace("/", "('", 1).replace("/", "')/"))


def test_a_month_that_is_none() -> None:
    """It is refused."""
    with pytest.raises(ValueError, match="2019-12 is before 2020-08"):
        Embedded.create(as_of="2019-12")


def test_a_start_and_a_reset(tmp_path: Path) -> None:
    """The month of a start is that of each directory that the emulator begins anew with."""
    host = Host(ServerOptions(tmp_path, as_of="2022-06"))
    host.directory.replace(host.initial())
    assert host.app.graph.directory.month == "2022-06"
