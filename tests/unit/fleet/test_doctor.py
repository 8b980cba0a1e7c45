"""`fleet doctor`: what each tenant lacks, one line each, and how one signs in through the fleet's client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from entra_config.checks.examination import Examination
from entra_config.cli import wiring
from entra_config.cli.options import Common
from entra_config.errors import SignInError
from entra_config.graph.client import Graph
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.report import lines
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from entra_fleet.cli import doctor
from tests.unit.cli.ran import Ran
from tests.unit.fleet.files import FILES, FLEET, write
from tests.unit.fleet.fleet_ran import Fleet

GONE = "33333333-3333-3333-3333-333333333333"


@pytest.fixture
def command(
    folder: Path, tenant: Embedded, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Fleet:
    """Write a fleet whose client's home is contoso, and sign in to whichever tenant is meant."""
    write(folder, FILES)
    _put(tenant, seed.FABRIKAM, "service_principals", appOwnerOrganizationId=seed.CONTOSO)

    @asynccontextmanager
    async def graph(common: Common, tenant_id: str) -> AsyncIterator[Graph]:
        assert common.tenant is not None, "the credential is of a tenant of the fleet"
        if tenant_id not in tenant.directory.tenants:
            raise SignInError("AADSTS700016: the application was not found")
        caller = tenant.app_caller(tenant_id=tenant_id)
        identity = Identity(caller.tid, caller.oid, caller.appid, "deployer")
        source = FixedToken(tenant.token(caller), identity)
        async with await connect("emulator", credential=source, transport=tenant.transport()) as found:
            yield found

    monkeypatch.setattr(wiring, "graph", graph)
    return Fleet(tenant, capsys)


def _put(tenant: Embedded, tenant_id: str, table: str, **said: Any) -> None:
    rows = getattr(tenant.directory.tenants[tenant_id], table)
    [row] = [each for each in rows if each["appId"] == seed.DEPLOYER_APP_ID]
    rows.put({**row, **said})


def _lines(ran: Ran) -> list[str]:
    return [" ".join(each.split()) for each in ran.out.splitlines()]


def test_each_tenant_has_a_line_and_the_clients_home_is_looked_at(command: Fleet) -> None:
    """Nothing is missing; then a tenant that did not consent, an unsaid variable, and permissions."""
    ran = command("fleet", "doctor")
    assert (ran.code, ran.err) == (0, "")
    lines = _lines(ran)
    alone = f"nobody signs in through it, says its home tenant {seed.CONTOSO}"
    assert lines == [
        "✓ contoso nothing is missing",
        "✓ fabrikam nothing is missing",
        f"✓ client {seed.DEPLOYER_APP_ID} home: {alone}",
    ]

    adatum = f"  adatum: {{ tenantId: {GONE}, projects: [myapp], variables: {{ title: T }} }}\n"
    unsaid = "tenants: { fabrikam: { variables: { other: x } } }\n"
    write(Path(), {"fleet.yaml": FLEET + adatum, "tenants/fabrikam.yaml": unsaid})
    directory = command.tenant.directory.tenants[seed.FABRIKAM]
    caller = command.tenant.app_caller(tenant_id=seed.FABRIKAM)
    for row in list(directory.app_role_assignments.find("principalId", caller.oid)):
        directory.app_role_assignments.remove(row["id"])
    ran = command("fleet", "doctor")
    assert ran.code == 1
    lines = _lines(ran)
    assert [each for each in lines if each.startswith("✓")] == [lines[0], lines[-1]]
    assert [each for each in lines if "fabrikam reading: lacks" in each]
    assert [each for each in lines if "adatum sign-in: AADSTS700016" in each and f"/{GONE}/" in each]
    assert [each for each in lines if each.startswith("✗ fabrikam myapp: ") and "title" in each]
    assert "✓ contoso nothing is missing" in " ".join(
        command("fleet", "doctor", "--tenant", "contoso").out.split()
    )
    assert "is not a tenant of fleet.yaml" in command("fleet", "doctor", "--tenant", "none").err


@pytest.mark.parametrize(
    ("said", "reported"),
    [
        ({"isFallbackPublicClient": True}, "public client flows are allowed"),
        ({"publicClient": {"redirectUris": ["http://localhost"]}}, "redirect URIs (mobile and desktop)"),
        ({"web": {"redirectUris": ["https://a.example.com/"]}}, "redirect URIs (web)"),
        ({"spa": {"redirectUris": ["https://a.example.com/"]}}, "redirect URIs (single page)"),
    ],
)
def test_a_client_that_people_sign_in_through_is_told(
    command: Fleet, said: dict[str, Any], reported: str
) -> None:
    """Asked in one tenant alone, its home is looked at all the same."""
    _put(command.tenant, seed.CONTOSO, "applications", **said)
    ran = command("fleet", "doctor", "--tenant", "fabrikam")
    assert ran.code == 1
    assert f"people may sign in through it: {reported}; take that out" in ran.out


def test_a_home_that_cannot_be_looked_at_is_told(command: Fleet) -> None:
    """Where nobody may sign in to it, it is not known, and that stops nothing."""
    for each in (seed.CONTOSO, seed.FABRIKAM):
        _put(command.tenant, each, "service_principals", appOwnerOrganizationId=GONE)
    ran = command("fleet", "doctor")
    assert ran.code == 0
    assert f"its home tenant {GONE} cannot be looked at: AADSTS700016" in ran.out


def test_a_tenant_of_a_fleet_has_a_line() -> None:
    """Its name, what was looked at, and what of it; without a subject the sentence alone."""
    rows = [
        doctor._line("contoso", Examination("bad", "sign-in", "no"), 9),
        doctor._line("fabrikam", Examination("good", "", "nothing is missing"), 9),
    ]
    assert lines.format_lines(rows) == "✗ contoso    sign-in: no\n✓ fabrikam   nothing is missing\n"
    assert [row.spans[0][1] for row in rows] == ["bold red", "green"]
