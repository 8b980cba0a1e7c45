"""Snapshot files: what is written comes back, and what anybody else wrote is held against everything."""

import asyncio
import copy
import json
import os
import random
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from entra_config.emulator import seed
from entra_config.emulator.clock import ManualClock
from entra_config.emulator.directory import Tenants
from entra_config.emulator.embedded import Embedded
from entra_config.emulator.generated import generate
from entra_config.emulator.login.service import SignIn
from entra_config.emulator.signing_in import SigningIn
from entra_config.emulator.snapshots import bounds, files
from entra_config.emulator.snapshots.bounds import SnapshotFileError
from entra_config.emulator.snapshots.compare import differences
from tests.conformance.documented.tenant import Key

GRAPH = frozenset(
    {"Application.ReadWrite.All", "Group.ReadWrite.All", "Policy.ReadWrite.ApplicationConfiguration"}
)


def lively() -> Tenants:
    """Make a directory that holds something in each table: made by Graph's own writes."""
    emulator = Embedded.create(generate(3, 6, clock=ManualClock()), clock=ManualClock())
    admin = replace(emulator.app_caller(seed.ADMIN_APP_ID), roles=GRAPH)

    async def write() -> None:
        async with emulator.client(admin) as graph:
            for path, body in WRITES:
                response = await graph.post(path, json=body)
                assert response.status_code in {200, 201}, response.text
            app = (await graph.post("/applications", json={"displayName": "Gone"})).json()
            await graph.post("/servicePrincipals", json={"appId": app["appId"]})
            await graph.post(f"/applications/{app['id']}/addPassword", json={})
            assert (await graph.delete(f"/applications/{app['id']}")).status_code == 204

    asyncio.run(write())
    return emulator.directory


WRITES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/groups", {"displayName": "G", "mailNickname": "g", "mailEnabled": False, "securityEnabled": True}),
    (
        "/policies/homeRealmDiscoveryPolicies",
        {"displayName": "H", "definition": ['{"HomeRealmDiscoveryPolicy":{}}']},
    ),
)


@pytest.fixture(scope="module")
def lively_text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the file of a directory that holds much."""
    path = tmp_path_factory.mktemp("lively") / "snapshot.json"
    files.write(path, lively())
    return path.read_text(encoding="utf-8")


def read(tmp_path: Path, data: Any) -> Tenants:
    """Read a file that holds this."""
    path = tmp_path / "file.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return files.read(path).directory


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    """Every row, link and hash; the ids that come next; for its owner only, and nothing beside it."""
    before, path = lively(), tmp_path / "s.json"
    files.write(path, before)
    after = files.read(path)
    assert after.directory.dump() == before.dump()
    assert differences(before, after.directory) == []
    assert after.taken == "2026-01-01T00:00:00Z"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["s.json"]


def test_no_key_unless_told(tmp_path: Path) -> None:
    """Without keys the file holds none, and no secret in clear; with them the same keys sign."""
    directory = lively()
    service = SignIn.create(directory)
    files.write(tmp_path / "plain", directory)
    text = (tmp_path / "plain").read_text()
    assert "PRIVATE" not in text
    assert seed.DEPLOYER_SECRET not in text
    assert files.read(tmp_path / "plain").keys is None
    files.write(tmp_path / "keys", directory, service.secrets())
    found = files.read(tmp_path / "keys")
    assert found.keys is not None
    again = SignIn.restore(found.directory, found.keys)
    assert again.keys.verify(service.keys.sign({"nbf": 0, "exp": 9e9})) == {"nbf": 0, "exp": 9e9}
    assert "PRIVATE" not in repr(found)


def at(data: Any, *path: Any) -> Any:
    """Give what stands at a path."""
    for part in path:
        data = data[part]
    return data


def rows(data: Any, table: str) -> list[dict[str, Any]]:
    """Give the rows of the first tenant."""
    found = data["directory"]["tenants"][0][table]
    assert isinstance(found, list)
    return found


def put(data: Any, path: str, value: Any) -> None:
    """Put a value at a path: below the first tenant, or from the top where it begins with `/`."""
    whole = path[1:] if path.startswith("/") else f"directory.tenants.0.{path}"
    *before, last = (int(part) if part.isdigit() else part for part in whole.split("."))
    at(data, *before)[last] = value(data) if callable(value) else value


def _nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


KEY_ID = "66666666-6666-4666-8666-666666666666"
# What is planted, where, and how the refusal begins: below the first tenant where it does not begin with `/`.
REFUSED: list[tuple[str, str, Any, str]] = [
    (
        "a password",
        "applications.0.passwordCredentials.0.secretText",
        "hunter2",
        "applications[0].passwordCredentials[0].secretText: holds a password in clear",
    ),
    ("a secret of nobody", f"secrets.{KEY_ID}", "0" * 64, f"secrets.{KEY_ID}: is the secret of no"),
    ("a secret in clear", "secrets", {"x": "hunter2"}, "secrets.x: is no hash"),
    (
        "a private key",
        "applications.0.notes",
        "-----BEGIN RSA PRIVATE KEY-----",
        "applications[0].notes: holds a private key",
    ),
    ("a profile", "users.0.passwordProfile", {"password": "x"}, "users[0].passwordProfile.password: holds"),
    ("too deep", "applications.0.addIns", lambda _: _nested(40), "applications[0].addIns[0][0]"),
    ("a property that is none", "users.0.admin", 1, "users[0].admin: is no property of user"),
    ("the emulator's own", "users.0._type", "x", "users[0]._type: is no property of user"),
    ("a wrong type", "users.0.accountEnabled", "yes", "users[0].accountEnabled: is none as Graph has it"),
    ("no list", "groups", {}, "groups: is no list"),
    ("no object", "groups.0", 7, "groups[0]: is no object"),
    ("an id with a path", "users.0.id", "../../x", "users[0].id: is no id"),
    ("a number for an id", "users.0.id", 7, "users[0].id: is no id: '7'"),
    ("a list for a sealed id", "appRoleAssignments.0.id", ["x"], "appRoleAssignments[0].id: is no id"),
    ("an id in capitals", "users.0.id", lambda d: rows(d, "users")[0]["id"].upper(), "users[0].id: is no id"),
    ("a null for a list", "applications.0.appRoles", None, "applications[0].appRoles: cannot be null"),
    ("one id twice", "users", lambda d: rows(d, "users") * 2, "users: has "),
    ("one id in two tables", "groups.0.id", lambda d: rows(d, "users")[0]["id"], "users: has the id of ano"),
    ("one appId twice", "applications.0.appId", lambda d: rows(d, "applications")[1]["appId"], "applicat"),
    ("nobody's role", "appRoleAssignments.0.principalId", KEY_ID, "appRoleAssignments[0].principalId: names"),
    ("nobody's group", "members.x", [], "members.x: names 'x'"),
    ("nobody in a group", "members", lambda d: {rows(d, "groups")[0]["id"]: ["x"]}, "members."),
    ("one twice in a group", "members", {"x": ["y", "y"]}, "members.x: is no list of different texts"),
    ("sign-ins", "signIn", {"a": 1}, "signIn: is not empty"),
    ("a choice that is none", "choices.usersMayConsent", "maybe", "choices: usersMayConsent"),
    ("no domain", "choices.verifiedDomains", [], "choices.verifiedDomains: is empty"),
    ("another default", "/directory.default", "x", "/directory.default: is none of"),
    ("a tenant twice", "/directory.tenants", lambda d: d["directory"]["tenants"] * 2, "/directory.tenants: "),
    ("another format", "/directory.format", 2, "/directory.format: is '2', expected 1"),
    ("a later version", "/version", 2, "/version: is '2', expected 1"),
    (
        "a seed of 201 characters",
        "/directory.ids.seed",
        "x" * 201,
        "/directory.ids.seed: is no text of at most",
    ),
    ("counting backwards", "/directory.ids.counter", -1, "/directory.ids.counter: cannot be"),
    ("keys that are none", "/keys", {"keys": "{}", "seal": "00"}, "/keys: are none of an emulator's"),
    ("half a character", "users.0.jobTitle", "\ud800", "users[0].jobTitle: holds half a character"),
    ("a zero", "users.0.jobTitle", "a\0b", "users[0].jobTitle: holds a character of number 0"),
    ("no end", "users.0.jobTitle", "x" * 1_000_001, "users[0].jobTitle: is a text of 1,000,001"),
]


@pytest.mark.parametrize("case", REFUSED, ids=[each[0] for each in REFUSED])
def test_what_is_refused(tmp_path: Path, lively_text: str, case: tuple[str, str, Any, str]) -> None:
    """Each is refused with the place and the reason."""
    _, path, value, words = case
    data = json.loads(lively_text)
    put(data, path, value)
    with pytest.raises(SnapshotFileError) as refused:
        read(tmp_path, data)
    expected = words[1:] if words.startswith("/") else f"directory.tenants[0].{words}"
    assert str(refused.value).startswith(expected)


def test_a_seed_may_have_200_characters(tmp_path: Path, lively_text: str) -> None:
    """As many as are allowed, and no more."""
    data = json.loads(lively_text)
    put(data, "/directory.ids.seed", "x" * 200)

    assert read(tmp_path, data).dump()["ids"]["seed"] == "x" * 200


def test_a_part_that_is_none(tmp_path: Path, lively_text: str) -> None:
    """What a later version, or nobody, has is not passed over."""
    for path in ((), ("directory",), ("directory", "tenants", 1)):
        data = json.loads(lively_text)
        at(data, *path)["tokens"] = {}
        with pytest.raises(SnapshotFileError, match="has 'tokens', which is no part of"):
            read(tmp_path, data)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no JSON"),
        ("[]", "is no snapshot"),
        ('{"kind": "x"}', "is no snapshot"),
        ("[" * 100_000, "is nested deeper than 24"),
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ('{"a": NaN}', "NaN is no number"),
        ('{"a": 1' + "0" * 5000 + "}", "is no JSON"),
        ("[]," * 700_000, "objects and lists, at most"),
    ],
    ids=["empty", "list", "other", "deep", "twice", "NaN", "long number", "many"],
)
def test_what_is_no_snapshot(tmp_path: Path, text: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is named, and what is wrong with it."""
    monkeypatch.setattr(bounds, "MOST_CONTAINERS", 200_000)
    with pytest.raises(SnapshotFileError, match=words) as refused:
        read(tmp_path, text)
    assert str(tmp_path) in str(refused.value)


@pytest.mark.parametrize(
    ("value", "place"), [({"x" * 101: 1}, "x" * 80), ({"a": ["", "x" * 101]}, r"a\[1\]")]
)
def test_no_name_and_no_text_is_longer_than_graph_has_any(
    tmp_path: Path, value: dict[str, Any], place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it stands is said, and not all of it."""
    monkeypatch.setattr(bounds, "LONGEST_TEXT", 100)
    with pytest.raises(SnapshotFileError, match=f"^{place}: is a text of 101 characters, at most 100$"):
        read(tmp_path, json.dumps(value))


def test_links_pipes_and_large_files(
    tmp_path: Path, lively_text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link is not followed, a pipe is not waited for, and no more is read than a snapshot may have."""
    real = tmp_path / "real.json"
    real.write_text(lively_text, encoding="utf-8")
    (tmp_path / "link").symlink_to(real)
    os.mkfifo(tmp_path / "pipe")
    for name, words in (
        ("link", "is a link"),
        ("pipe", "is no file"),
        (".", "is no file"),
        ("no", "No such file"),
    ):
        with pytest.raises(SnapshotFileError, match=words):
            files.read(tmp_path / name)
    monkeypatch.setattr(bounds, "MOST_BYTES", len(lively_text) - 1)
    with pytest.raises(SnapshotFileError, match="is larger than"):
        files.read(real)


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


def test_a_certificate_with_a_password_leaves_no_hash_behind(tmp_path: Path) -> None:
    """What `addKey` makes up for a certificate is told to nobody, and its file can be read again."""
    emulator, key = Embedded.create(clock=ManualClock()), Key.make()

    async def roll() -> None:
        async with emulator.client(replace(emulator.app_caller(seed.ADMIN_APP_ID), roles=GRAPH)) as graph:
            body = {"displayName": "Rolling", "keyCredentials": [key.credential()]}
            app = (await graph.post("/applications", json=body)).json()
            new = Key.make().credential() | {"type": "X509CertAndPassword", "usage": "Sign"}
            proof = key.proof(app["id"], emulator.directory.clock.now())
            sent = {"keyCredential": new, "passwordCredential": {"secretText": "x"}, "proof": proof}
            response = await graph.post(f"/applications/{app['id']}/addKey", json=sent)
            assert response.status_code == 200, response.text

    before = dict(emulator.directory.default.secrets)
    asyncio.run(roll())
    assert emulator.directory.default.secrets == before
    files.write(tmp_path / "s", emulator.directory)
    assert files.read(tmp_path / "s").directory.dump() == emulator.directory.dump()
