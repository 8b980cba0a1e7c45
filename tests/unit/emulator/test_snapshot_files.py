"""Snapshot files: what is written comes back, through no link, and what is taken of any file serves."""

import asyncio
import copy
import json
import random
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.directory import Tenants
from entra_emulator.embedded import Embedded
from entra_emulator.signing_in import SigningIn
from entra_emulator.snapshots import files
from entra_emulator.snapshots.bounds import SnapshotFileError
from entra_emulator.snapshots.compare import differences
from tests.unit.emulator.snapshot_rows import at, lively, read


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    """Every row, link and hash; the ids that come next; for its owner only, and nothing beside it."""
    before, path = lively(), tmp_path / "s.json"
    files.write(path, before)
    after = files.read_snapshot(path)
    assert after.directory.dump() == before.dump()
    assert differences(before, after.directory) == []
    assert after.taken == "2026-01-01T00:00:00Z"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["s.json"]


def test_a_link_in_the_way_of_writing_is_replaced(tmp_path: Path) -> None:
    """Whoever left a link where the file goes does not choose what is overwritten."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "s.json").symlink_to(victim)
    files.write(tmp_path / "s.json", seed.contoso())
    assert victim.read_text() == "mine"
    assert not (tmp_path / "s.json").is_symlink()


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the path of everything that stands in a document."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for name, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(each, (*path, name))


WRONG = (None, 1, -1.5, True, "", "x", "<script>", [], {}, ["x"], [None], {"x": 1}, [{"id": 1}], "Ω" * 300)


def test_what_is_taken_serves(tmp_path: Path, lively_text: str) -> None:
    """One value anywhere becomes another, or goes: it is refused, or Graph and sign-in do not fail on it."""
    assert 3 < taken_of(40, tmp_path, lively_text) < 38


@pytest.mark.faults
def test_what_is_taken_of_many_serves(tmp_path: Path, lively_text: str) -> None:
    """The same, ten times as often."""
    assert 20 < taken_of(400, tmp_path, lively_text) < 380


def taken_of(count: int, folder: Path, text: str) -> int:
    """Return how many of so many files with a mistake were taken; each of them serves."""
    whole = json.loads(text)
    chance = random.Random(13)
    found = list(places(whole))
    # Most places are in Graph's own list of permissions: each table gets its share.
    by_table: dict[Any, list[tuple[Any, ...]]] = {}
    for path in found:
        by_table.setdefault(path[3] if len(path) > 3 else "", []).append(path)
    taken = 0
    for number in range(count):
        path = chance.choice(by_table[chance.choice(sorted(by_table, key=str))])
        data = copy.deepcopy(whole)
        holder = at(data, *path[:-1])
        if number % 4 == 0:
            del holder[path[-1]]
        else:
            holder[path[-1]] = chance.choice(WRONG)
        try:
            directory = read(folder, data)
        except SnapshotFileError:
            continue
        taken += 1
        serves(directory, path)
    return taken


def serves(directory: Tenants, path: tuple[Any, ...]) -> None:
    """Read every collection and sign everybody in: an error of the emulator's own is an exception here."""
    emulator = Embedded.create(directory)

    async def look() -> None:
        for tenant in directory.tenants.values():
            try:
                caller = emulator.app_caller(seed.ADMIN_APP_ID, tenant_id=tenant.tenant_id)
            except LookupError:
                continue
            async with emulator.client(caller) as graph:
                for collection in COLLECTIONS:
                    response = await graph.get(collection)
                    assert response.status_code < 500, (path, collection, response.text)

    asyncio.run(look())
    entry = SigningIn.of(directory)
    for tenant in directory.tenants.values():
        apps = [row["appId"] for row in tenant.applications]
        for app_id in apps:
            entry.application(app_id, "https://graph.microsoft.com", tenant=tenant.tenant_id)
        for user in [row["userPrincipalName"] for row in tenant.users][:3]:
            entry.person(user, apps[0], "User.Read", tenant=tenant.tenant_id)


COLLECTIONS = (
    "/applications",
    "/servicePrincipals?$expand=appRoleAssignedTo",
    "/groups?$expand=members",
    "/users",
    "/devices",
    "/directory/deletedItems/microsoft.graph.application",
    "/oauth2PermissionGrants",
    "/policies/homeRealmDiscoveryPolicies",
    "/policies/permissionGrantPolicies",
    "/auditLogs/directoryAudits",
    "/organization",
)
