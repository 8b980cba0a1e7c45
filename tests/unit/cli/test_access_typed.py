"""`access` around its report: who and what was asked for, what is left of it, and each format."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.actual.access import Access, Entrance, Holding, Ownership
from entra_config.cli import wiring
from entra_config.cli.main import main
from entra_config.cli.options import Common
from entra_config.plan.model import TenantInfo
from entra_config.report import holders, holders_data, holders_html, lines
from entra_config.report.holders import AccessReading
from tests.unit.cli.ran import without_variables

NOW = datetime(2026, 11, 26, tzinfo=UTC)
ANN = Holding("api", "Admin", "user", "ann@a.org", "1", "direct")
BOB = Holding("spa", "Reader", "user", "bob@a.org", "2", "direct")
OWNS = (Ownership("api", "user", "ann@a.org", "1", ()), Ownership("spa", "user", "bob@a.org", "2", ()))
DOORS = (Entrance("api"), Entrance("spa"), Entrance("old", enabled=False))
TENANT = TenantInfo("t", "contoso")
ABOUT = AccessReading("myapp/dev", TENANT, NOW, "reader")
FOUND = Access((ANN, BOB), OWNS, DOORS, tenant=TENANT, reader="reader")


@pytest.fixture
def since(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Read this of a tenant; collect of whom it is asked since when."""
    without_variables(monkeypatch)
    calls: list[Any] = []

    @asynccontextmanager
    async def graph(_: Common, tenant_id: str) -> AsyncIterator[str]:
        yield f"graph of {tenant_id}"

    async def access(*_: Any) -> Access:
        return FOUND

    async def find(_: Any, __: Any, user: str) -> Any:
        return SimpleNamespace(type="user", name=user, id={"ann": "1", "bob": "2"}.get(user, "3"))

    async def reported(graph: str, held: list[Holding], *, now: Any, person: str) -> Any:
        calls.append((graph, [each.name for each in held], now, person))
        return held, "since when is not known"

    monkeypatch.setattr(wiring, "manifest", lambda _: SimpleNamespace(tenant_id="t", owner="myapp/dev"))
    monkeypatch.setattr(wiring, "graph", graph)
    monkeypatch.setattr(wiring, "now", lambda: NOW)
    monkeypatch.setattr("entra_config.actual.holders.access", access)
    monkeypatch.setattr("entra_config.actual.whom.find", find)
    monkeypatch.setattr(
        "entra_config.actual.whom.role", lambda _, role, owner: role if owner == "myapp/dev" else None
    )
    monkeypatch.setattr(
        "entra_config.actual.whom.fits", lambda each, role: f"{each.application}/{each.role}" == role
    )
    monkeypatch.setattr("entra_config.drift.joined.reported", reported)
    return calls


def text(held: Any, owners: Any, doors: Any, *, explain: bool) -> str:
    """Return what a person reads."""
    return lines.format_lines(
        holders.lines(held, explain=explain, owners=owners, entrances=doors, about=ABOUT)
    )


API, SPA = (DOORS[0],), (DOORS[1],)
UNKNOWN = "since when is not known\n"


@pytest.mark.parametrize(
    ("words", "held", "owners", "doors", "explain", "said"),
    [
        ("", (ANN, BOB), OWNS, DOORS, False, ""),
        ("--explain", (ANN, BOB), OWNS, DOORS, True, UNKNOWN),
        ("--user ann", (ANN,), OWNS[:1], API, True, UNKNOWN),
        ("--role spa/Reader", (BOB,), (), SPA, False, ""),
        ("--user ann --role api/Admin", (ANN,), (), API, True, UNKNOWN),
        ("--user eve", (), (), (), True, "user eve holds nothing in myapp/dev\n"),
        ("--user ann --role spa/Reader", (), (), (), True, "user ann holds no spa/Reader in myapp/dev\n"),
    ],
)
def test_what_was_asked_for_is_left(  # noqa: PLR0917  # the columns of a table
    since: list[Any],
    capsys: pytest.CaptureFixture[str],
    words: str,
    held: Any,
    owners: Any,
    doors: Any,
    explain: bool,
    said: str,
) -> None:
    """Of a person, of a role, or of both; why there is nothing comes before why nothing more is known."""
    assert main(["access", "--no-color", *words.split()]) == 0
    assert capsys.readouterr() == (text(held, owners, doors, explain=explain), said)
    person = {"--user ann": "1", "--user eve": "3"}.get(" ".join(words.split()[:2]), "")
    asked = [("graph of t", [each.name for each in held], NOW, person)]
    assert since == (asked if explain else [])


def test_each_format_has_the_same(since: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing beside it on stdout."""
    for form, expected in (
        ("json", holders_data.to_json((ANN, BOB), OWNS, DOORS, ABOUT)),
        ("csv", holders_data.to_csv((ANN, BOB), OWNS, ABOUT)),
        ("html", holders_html.to_html((ANN, BOB), "Access of myapp/dev", OWNS, DOORS, ABOUT)),
    ):
        assert main(["access", "--format", form]) == 0
        assert capsys.readouterr() == (expected, "")
    assert since == []
