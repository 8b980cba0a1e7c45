"""One rotation by itself, with a sink that gives nothing back."""

from __future__ import annotations

import asyncio
from pathlib import Path

from entra_config.kinds.secret_names import SecretName
from tests.convergence.fates import Fate
from tests.convergence.rotations import DAY, Company
from tests.convergence.tenant import Killed
from tests.unit.credentials.web_secret import ELSEWHERE


class OnceKept(Fate):
    """A kill as soon as the sink keeps another value."""

    def __init__(self, company: Company, before: str) -> None:
        super().__init__()
        self._company, self._before = company, before

    def after(self) -> bool:
        """Look into the sink."""
        if self._company.in_sink != self._before:
            raise Killed
        return False


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


def test_what_never_signed_in_ends_no_overlap(tmp_path: Path) -> None:
    """A run that died once GitHub had the next one: the one before stays until it ends by itself."""
    company = Company(tmp_path, "github")
    first = asyncio.run(company.rotate()).made
    company.clock.advance(20 * DAY)
    company.fate = OnceKept(company, company.in_sink)
    assert company.tried(only_due=False) == "killed"
    company.calm()
    assert company.opens(company.in_sink)
    company.clock.advance(20 * DAY)
    for _ in range(2):
        outcome = asyncio.run(company.rotate())
        assert outcome.key_ids == (first,), "what nothing proved is written down nowhere"
        assert len(company.rows) == 2
    company.clock.advance(51 * DAY)
    asyncio.run(company.rotate())
    assert first not in [row["keyId"] for row in company.rows]


def test_what_is_said_of_the_one_before_is_so(tmp_path: Path) -> None:
    """Nothing is said of one where there is none; each that is in the way has a command of its own."""
    company = Company(tmp_path, "file", login_lag=DAY)
    assert "the one before" not in company.tried()
    company.clock.advance(2 * DAY)
    assert "the one before was not removed" in company.tried(only_due=False)
    company.clock.advance(2 * DAY)
    company.login_lag = 0.0
    company.kept.write_text("of nobody")
    assert company.tried() == "done"
    said = company.tried(only_due=False)
    newest, *others = [row["keyId"] for row in company.rows]
    assert len(others) == 2, newest
    for each in others:
        assert f"`entra-config credentials remove web {each}`" in said
    assert said.endswith("take them away first")
