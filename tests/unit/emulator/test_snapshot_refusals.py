"""What a snapshot file is refused for: each with the place and the reason."""

import json
from pathlib import Path
from typing import Any

import pytest

from entra_emulator.snapshots import bounds
from entra_emulator.snapshots.bounds import SnapshotFileError
from tests.unit.emulator.snapshot_rows import at, read


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
