"""Snapshots by name: taken, compared, gone back to, and by way of the control's endpoints."""

import asyncio
import copy
from typing import Any

import httpx
import pytest

from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.directory import Tenants
from entra_emulator.embedded import Embedded
from entra_emulator.snapshots.named import MOST, SnapshotError, Snapshots

ALICE = seed.fixed_id(seed.CONTOSO, "user", "alice@contoso.com")


def initial() -> Tenants:
    """Make a directory that is always the same."""
    return seed.contoso(seed="snapshots", clock=ManualClock())


def kept() -> tuple[Tenants, Snapshots]:
    """Give a directory with its snapshots."""
    directory = initial()
    return directory, Snapshots(directory, initial)


def spoil(directory: Tenants) -> None:
    """Write to everything that a tenant holds."""
    tenant = directory.default
    for table in tenant.tables.values():
        for row_id in list(table.order)[::2]:
            table.remove(row_id)
        table.put({"id": "00000000-0000-4000-8000-000000000000", "displayName": "New"})
    for name in (
        "owners",
        "members",
        "managers",
        "policies",
        "app_policies",
        "device_owners",
        "device_users",
    ):
        getattr(tenant, name).add(ALICE, "elsewhere")
    tenant.secrets.clear()
    tenant.directory_roles.setdefault(ALICE, []).append("Global Administrator")
    tenant.audit.append({"id": "record"})
    tenant.organization = {"city": "Elsewhere"}
    tenant.choices = tenant.choices.changed({"usersMayConsent": False})
    directory.ids.guid()


def test_back_is_where_it_was_again_and_again() -> None:
    """Everything that is saved is as it was, ids that come next too; a snapshot can be gone back to twice."""
    directory, snapshots = kept()
    before = copy.deepcopy(directory.dump())
    snapshots.save("before")
    for _ in range(2):
        spoil(directory)
        assert directory.dump() != before
        snapshots.restore("before")
        assert directory.dump() == before
    spoil(directory)
    snapshots.reset()
    assert directory.dump() == before
    assert [each.name for each in snapshots.kept()] == ["before"]


@pytest.mark.parametrize("name", ["", "now", "beginning", "../x", "<b>", "a\nb", "é", "x" * 65, " x", "a/b"])
def test_names_that_are_none(name: str) -> None:
    """A name is short and plain; what it is refused for is told."""
    _, snapshots = kept()
    with pytest.raises(SnapshotError, match="cannot be called"):
        snapshots.save(name)
    assert snapshots.kept() == []


def test_so_many_and_no_more() -> None:
    """Memory is bounded; an older one of the same name makes room."""
    _, snapshots = kept()
    for number in range(MOST):
        snapshots.save(f"n{number}")
    with pytest.raises(SnapshotError, match="drop one first"):
        snapshots.save("more")
    snapshots.save("n0")
    assert [each.name for each in snapshots.kept()][-1] == "n0"
    snapshots.drop("n1")
    snapshots.save("more")
    for act in (snapshots.drop, snapshots.restore, snapshots.differences):
        with pytest.raises(SnapshotError, match="there is no snapshot 'n1'; there is beginning, n2"):
            act("n1")


def ask(emulator: Embedded, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
    """Send one request to the control."""

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=emulator.transport(), base_url="https://localhost") as client:
            return await client.request(method, f"/_emulator/{path}", json=body, headers=headers)

    return asyncio.run(send())


def test_by_way_of_the_control() -> None:
    """Save, list, compare, restore, drop: each by one request."""
    emulator = Embedded.create(clock=ManualClock())
    taken = ask(emulator, "POST", "snapshots", {"save": "first"})
    assert taken.json() == {"value": [{"name": "first", "taken": "2026-01-01T00:00:00Z"}]}
    assert ask(emulator, "GET", "snapshots").json() == taken.json()
    emulator.directory.default.users.remove(ALICE)
    reported = ask(emulator, "GET", "diff?since=first").json()
    assert reported["until"] == "now"
    assert [(each["place"], each["kind"], each["id"]) for each in reported["value"]] == [
        ("users", "removed", ALICE)
    ]
    assert ask(emulator, "GET", "diff?since=beginning&until=first").json()["value"] == []
    assert ask(emulator, "POST", "snapshots", {"restore": "first"}).status_code == 200
    assert ALICE in emulator.directory.default.users
    assert ask(emulator, "POST", "snapshots", {"drop": "first"}).json() == {"value": []}


@pytest.mark.parametrize(
    ("method", "path", "body", "words"),
    [
        ("POST", "snapshots", {"restore": "x"}, "there is no snapshot 'x'"),
        ("POST", "snapshots", {"save": 1}, "the name of a snapshot is a text, not 1"),
        ("POST", "snapshots", {"reset": "x"}, "one of save, restore, drop"),
        ("POST", "snapshots", {"save": "a", "drop": "b"}, "one of save, restore, drop"),
        ("GET", "diff", None, "since which snapshot"),
        ("GET", "diff?since=now&x=1", None, "no such name: x"),
        ("GET", "diff?since=x", None, "there is no snapshot 'x'"),
    ],
)
def test_what_the_control_refuses(method: str, path: str, body: Any, words: str) -> None:
    """A request that cannot be is refused with what was expected, and does nothing."""
    emulator = Embedded.create()
    response = ask(emulator, method, path, body)
    assert response.status_code == 400
    assert words in response.json()["error"]
    assert emulator.app.snapshots.kept() == []
