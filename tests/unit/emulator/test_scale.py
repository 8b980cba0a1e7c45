"""Lists, filters and pages cost what the page costs, not the directory."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from entra_emulator.generated import generate


class Counting(dict[str, Any]):
    """Rows by id that count how often they are looked at."""

    looks = 0

    def get(self, key: str, default: Any = None) -> Any:
        """Count and give the row."""
        self.looks += 1
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.looks += 1
        return super().__getitem__(key)

    def __iter__(self) -> Iterator[str]:
        pytest.fail("the whole table was walked")


@pytest.fixture(scope="module")
def large() -> Embedded:
    """Give a directory of 2,000 applications and 10,000 assignments."""
    embedded = Embedded.create(generate(2000, 10_000, clock=ManualClock()))
    for table in embedded.directory.default.tables.values():
        table.rows = Counting(table.rows)
    return embedded


@pytest.mark.parametrize(
    ("path", "table", "most"),
    [
        ("/applications?$top=20", "applications", 25),
        ("/applications?$filter=tags/any(t:t eq 'entra-config:owner=generated7/prod')", "applications", 25),
        ("/applications?$filter=displayName eq 'Generated 00007'", "applications", 3),
        ("/applications?$filter=startswith(displayName,'Generated 0000')", "applications", 12),
        ("/applications(uniqueName='generated.prod.app7')", "applications", 3),
        ("/users?$filter=userPrincipalName eq 'alice@contoso.com'", "users", 3),
        ("/groups?$filter=displayName eq 'All Staff'", "groups", 3),
    ],
)
def test_cost_of_reads(large: Embedded, path: str, table: str, most: int) -> None:
    """A read looks at no more rows than its page, whatever the directory holds."""
    rows = large.directory.default.tables[table].rows
    assert isinstance(rows, Counting)
    rows.looks = 0

    async def run() -> int:
        async with large.client() as client:
            return (await client.get(path)).status_code

    assert asyncio.run(run()) == 200
    assert rows.looks <= most


def test_cost_of_a_deep_page(large: Embedded) -> None:
    """The tenth page costs what the first does."""

    async def run() -> int:
        rows = large.directory.default.tables["applications"].rows
        assert isinstance(rows, Counting)
        async with large.client() as client:
            link = "/applications?$top=50"
            for _ in range(10):
                rows.looks = 0
                link = (await client.get(link)).json()["@odata.nextLink"]
            return rows.looks

    assert asyncio.run(run()) <= 52


def test_cost_of_assignments(large: Embedded) -> None:
    """The assignments of one resource cost their number."""
    tenant = large.directory.default
    app = tenant.one("servicePrincipals", "displayName", "Generated 00007")
    assert app is not None
    rows = tenant.app_role_assignments.rows
    assert isinstance(rows, Counting)
    rows.looks = 0

    async def run() -> int:
        async with large.client() as client:
            return len(
                (await client.get(f"/servicePrincipals/{app['id']}/appRoleAssignedTo")).json()["value"]
            )

    assert asyncio.run(run()) == 5
    # Five for the page, five for the permissions of the caller.
    assert rows.looks <= 12


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/applications?$orderby=displayName&$top=20&$count=true", 25),
        ('/applications?$search="displayName:00007"&$top=20', 5),
        ('/applications?$search="displayName:Generated 0000"&$top=20', 12),
    ],
)
def test_cost_of_advanced_reads(large: Embedded, path: str, most: int) -> None:
    """Sorting by name and searching for words looks at no more rows than the page either."""
    rows = large.directory.default.applications.rows
    assert isinstance(rows, Counting)
    rows.looks = 0

    async def run() -> list[Any]:
        async with large.client() as client:
            response = await client.get(path, headers={"ConsistencyLevel": "eventual"})
            return list(response.raise_for_status().json()["value"])

    assert asyncio.run(run())
    assert rows.looks <= most
