"""One rotation by itself, with a sink that gives nothing back."""

from __future__ import annotations

import asyncio
from pathlib import Path

from entra_config.kinds.secret_names import SecretName
from tests.convergence.rotations import DAY, Company
from tests.unit.credentials.test_life import ELSEWHERE


def planted(company: Company) -> str:
    """Make a secret with our kind of name, as an owner of the application can; return its key id."""

    async def make() -> str:
        async with company.tenant.client() as client:
            (row,) = [
                each
                for each in (await client.get("/applications")).json()["value"]
                if "entra-config:key=web" in each["tags"]
            ]
            name = str(SecretName("web", "0" * 16, ELSEWHERE))
            body = {"passwordCredential": {"displayName": name}}
            return str(
                (await client.post(f"/applications/{row['id']}/addPassword", json=body)).json()["keyId"]
            )

    return asyncio.run(make())


def test_what_an_owner_planted_stops_no_rotation_and_is_pinned_nowhere(tmp_path: Path) -> None:
    """GitHub's variable is gone, so that nothing says which secret is kept."""
    company = Company(tmp_path, "github")
    asyncio.run(company.rotate())
    company.clock.advance(80 * DAY)
    theirs = planted(company)
    company.github.variables.clear()
    outcome = asyncio.run(company.rotate())
    assert outcome.made
    assert theirs not in outcome.key_ids
    assert company.opens(company.in_sink)
